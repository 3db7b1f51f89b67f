import Terminal
import Testing

@Suite("Tables")
struct TableTests {
    @Test("columns are aligned, numbers to the right, and lines have no blanks at their ends")
    func alignment() {
        var table = Table([.init("NAME"), .init("COUNT", .trailing), .init("NOTE")], emptyNote: "none")
        table.add(["blue", "7", "first"])
        table.add(["a-longer-name", "12345", ""])
        #expect(
            table.lines(wide: false, coloured: false) == [
                "NAME           COUNT  NOTE",
                "blue               7  first",
                "a-longer-name  12345",
            ])
    }

    @Test("wide columns are shown when asked for only")
    func wide() {
        var table = Table([.init("A"), .init("B", wide: true), .init("C")], emptyNote: "none")
        table.add(["1", "2", "3"])
        #expect(table.lines(wide: false, coloured: false) == ["A  C", "1  3"])
        #expect(table.lines(wide: true, coloured: false) == ["A  B  C", "1  2  3"])
        #expect(table.width(wide: false) == 4 && table.width(wide: true) == 7)
    }

    @Test("wide characters, accents and emoji do not break the alignment")
    func unicode() {
        var table = Table([.init("CLOUD"), .init("N", .trailing)], emptyNote: "none")
        table.add(["東京", "1"])
        table.add(["Zu\u{308}rich", "2"])
        table.add(["🚀", "3"])
        #expect(
            table.lines(wide: false, coloured: false) == [
                "CLOUD   N",
                "東京    1",
                "Zu\u{308}rich  2",
                "🚀      3",
            ])
    }

    @Test("colours take no room")
    func colours() {
        var table = Table([.init("STATE"), .init("N", .trailing)], emptyNote: "none")
        table.add([StyledText("OK", .good), "1"])
        table.add([StyledText("FAIL", .bad) + " now", "10"])
        #expect(
            table.lines(wide: false, coloured: true) == [
                "\u{1b}[1mSTATE\u{1b}[0m      \u{1b}[1mN\u{1b}[0m",
                "\u{1b}[32mOK\u{1b}[0m         1",
                "\u{1b}[1;31mFAIL\u{1b}[0m now  10",
            ])
    }

    @Test("a table without rows says so, without titles")
    func empty() {
        #expect(Table([.init("A")], emptyNote: "there is no VPN").lines(wide: false, coloured: false) == ["there is no VPN"])
    }

    @Test("cells that are missing are empty, and empty cells between others keep their place")
    func missing() {
        var table = Table([.init("A"), .init("B"), .init("C")], emptyNote: "none")
        table.add(["1"])
        table.add(["1", "", "3"])
        #expect(table.lines(wide: false, coloured: false) == ["A  B  C", "1", "1     3"])
    }
}
