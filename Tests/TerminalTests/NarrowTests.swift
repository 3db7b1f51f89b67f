import Terminal
import Testing

@Suite("What does not fit into a terminal")
struct NarrowTests {
    @Test("sentences are broken between words, and go on where they began; without a terminal they are whole")
    func sentences() {
        var page = Page()
        page.field("why", "tokyo/gw1 has no EVPN session that could carry routes of paris/gw1")
        page.line("  a longer line that is indented by two blanks", indentation: 2)
        #expect(
            page.rendered(columns: 40) == """
                  why  tokyo/gw1 has no EVPN session
                       that could carry routes of
                       paris/gw1
                    a longer line that is indented by
                    two blanks

                """)
        #expect(page.rendered().split(separator: "\n").count == 2)
        for columns in [30, 40, 66, 80] {
            #expect(page.rendered(columns: columns).split(separator: "\n").allSatisfy { displayWidth($0) <= columns })
        }
    }

    @Test("a command is never broken, because it is to be copied")
    func commands() {
        var page = Page()
        let command = "vtysh -c 'show bgp l2vpn evpn neighbors 10.255.0.254 advertised-routes'"
        page.field("remedy", [.verbatim(command)])
        #expect(page.rendered(columns: 40) == "  remedy  \(command)\n")
    }

    @Test("styles and words that touch each other stay together")
    func styles() {
        let text = StyledText("FAIL", .bad) + StyledText(" because of ") + StyledText("paris", .heading) + StyledText("/gw1 and more of it")
        #expect(text.wrapped(to: 20).map(\.plain) == ["FAIL because of", "paris/gw1 and more", "of it"])
        #expect(StyledText("averyveryverylongword x").wrapped(to: 8).map(\.plain) == ["averyveryverylongword", "x"])
    }

    private var table: Table {
        var table = Table([.init("REVISION", .trailing), .init("ADMIN"), .init("MESSAGE")], emptyNote: "none")
        table.add(["12", "alice", "paris is to be repaired tonight"])
        table.add(["2", "bob", "red"])
        return table
    }

    @Test("the last column of a table goes on below itself")
    func lastColumn() {
        var page = Page()
        page.table(table, notes: [1: ["why it is so"]])
        #expect(
            page.rendered(columns: 40) == """
                REVISION  ADMIN  MESSAGE
                      12  alice  paris is to be repaired
                                 tonight
                       2  bob    red
                    why it is so

                """)
    }

    @Test("where that would be too narrow, a row is a block")
    func blocks() {
        var page = Page()
        page.table(table)
        #expect(
            page.rendered(columns: 30) == """
                REVISION 12
                  ADMIN    alice
                  MESSAGE  paris is to be
                           repaired tonight
                REVISION 2
                  ADMIN    bob
                  MESSAGE  red

                """)
    }
}
