import Terminal
import Testing

@Suite("Text on a terminal")
struct TextTests {
    @Test(
        "the width is in columns, not characters",
        arguments: [
            ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("東京", 4), ("ﾄｳ", 2), ("한국", 4), ("→", 1), ("✓", 1), ("✅", 2), ("❤️", 2),
            ("a\u{200d}", 1),
        ])
    func width(text: String, columns: Int) {
        #expect(displayWidth(text) == columns)
    }

    @Test("text of others moves no cursor, changes no colour and turns no direction")
    func printing() {
        #expect(StyledText("a\u{1b}[31mb").plain == "a\\u{1b}[31mb")
        #expect(StyledText("one\ntwo\rthree").plain == "one\\ntwo\\u{d}three")
        #expect(StyledText("x\u{202e}y\u{9b}z").plain == "x\\u{202e}y\\u{9b}z")
        #expect(StyledText("a\tb").plain == "a b")
    }

    @Test("styles are written only where colours are wanted")
    func styles() {
        let text = StyledText("pairs: ") + StyledText("OK", .good)
        #expect(text.rendered(coloured: false) == "pairs: OK")
        #expect(text.rendered(coloured: true) == "pairs: \u{1b}[32mOK\u{1b}[0m")
        #expect(text.width == 9)
    }

    @Test(
        "ages are short, and never negative",
        arguments: [
            (-5000, "0s"), (0, "0s"), (999, "0s"), (12_000, "12s"), (119_000, "119s"), (120_000, "2m"), (180_000, "3m"),
            (7_199_000, "119m"),
            (7_200_000, "2h"), (172_799_000, "47h"), (172_800_000, "2d"),
        ] as [(Int64, String)])
    func ages(milliseconds: Int64, text: String) {
        #expect(age(milliseconds: milliseconds) == text)
    }

    @Test("nouns follow their numbers")
    func nouns() {
        #expect(
            count(1, "gateway") == "1 gateway" && count(0, "gateway") == "0 gateways" && count(2, "reply", plural: "replies") == "2 replies"
        )
    }

    @Test("no colours without a terminal, and none where NO_COLOR is set")
    func noColour() {
        // The test's standard output may be a terminal; its setting must win.
        let console = Console.current(environment: ["NO_COLOR": "1", "TERM": "xterm"])
        #expect(!console.isColoured && !console.isErrorColoured)
        let dumb = Console.current(environment: ["TERM": "dumb"])
        #expect(!dumb.isColoured && !dumb.showsProgress)
    }
}
