import Terminal
import Testing

@Suite("Pages and output formats")
struct PageTests {
    private struct Answer: Encodable {
        var name = "blue"
        var path = "a/b"
        var numbers = [1, 2]
        var nothing: String?
    }

    private var page: Page {
        var page = Page()
        page.heading("VPN blue")
        page.field("VNI", "10001")
        page.field("route target", ["64900:1", "64900:2"])
        page.field("left out", [])
        page.heading("PAIRS")
        var table = Table([.init("A"), .init("B", wide: true)], emptyNote: "none")
        table.add(["1", "2"])
        page.table(table, indentation: 2)
        return page
    }

    @Test("headings, fields and tables stand below each other, one empty line before a heading but none at the top")
    func text() throws {
        #expect(
            try OutputFormat.table.text(of: Answer(), page: page, coloured: false) == """
                VPN blue
                  VNI           10001
                  route target  64900:1
                                64900:2

                PAIRS
                  A
                  1

                """)
        #expect(try OutputFormat.wide.text(of: Answer(), page: page, coloured: false).hasSuffix("  A  B\n  1  2\n"))
    }

    @Test("json and yaml hold the value, whole and in order")
    func programs() throws {
        #expect(
            try OutputFormat.json.text(of: Answer(), page: page, coloured: true) == """
                {
                  "name" : "blue",
                  "numbers" : [
                    1,
                    2
                  ],
                  "path" : "a/b"
                }

                """)
        #expect(try OutputFormat.yaml.text(of: Answer(), page: page, coloured: true) == "name: blue\nnumbers:\n- 1\n- 2\npath: a/b\n")
    }

    @Test("empty lines never pile up")
    func gaps() {
        var page = Page()
        page.gap()
        page.line("a")
        page.gap()
        page.gap()
        page.heading("b")
        #expect(page.rendered() == "a\n\nb\n")
    }
}
