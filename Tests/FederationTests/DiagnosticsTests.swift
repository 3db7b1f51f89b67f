import FederationFile
import Foundation
import Testing

@Suite("What is wrong with a federation file")
struct DiagnosticsTests {
    private func screen(_ text: String) -> String {
        FederationYAML.read(text: text, fileName: "federation.yaml").diagnostics.withoutBareNames.map(\.description).joined(separator: "\n")
    }

    @Test("all of it is said at once, in the order of the lines, with place, value, reason and remedy")
    func everythingAtOnce() {
        let text = """
            federation: demo net
            cluods: {}
            clouds:
              paris:
                as: 65535
                vtep: 10.0.0.1
                underlayMTU: 1500 bytes
                gateways:
                  gw1: {vtep: 10.255.1.300, routerMac: 02:00:00:00:00:01}
              tokyo:
                as: 4200000002
                bgp: {management: agnet, routeServers: {address: 10.0.0.9}}
                gateways:
                  gw1: {vtep: 10.255.2.1, routerMAC: 03:00:00:00:00:01}
                  gw2: {vtep: 10.255.2.1}
              lima:
                as: 4200000002
              lima:
                gateways: {gw1: {vtep: 127.0.0.1}}
            vpns:
              blue:
                vni: 16777216
                rt: "*:100"
                kind: l2
                attachments:
                  - {cloud: pariss, router: blue-router}
                  - {cloud: tokyo, router: blue-router}
                  - {cloud: tokyo, router: blue-router}
                  - {cloud: tokyo}
                  - tokyo
                  - {cloud: tokyo, router: {id: 42}}
                  - {cloud: tokyo, router: r, network: n}

            """
        #expect(screen(text) == Self.everythingAtOnceScreen)
    }

    @Test("the same value used twice is shown at the second place, with the first")
    func usedTwice() {
        let text = """
            federation: demo
            clouds:
              paris: {as: 65001, gateways: {gw1: {vtep: 10.255.1.1, routerMAC: 02:00:00:00:00:01, probeAddress: 10.255.2.1}}}
              tokyo: {as: 65001, gateways: {gw1: {vtep: 10.255.2.1, routerMAC: 02:00:00:00:00:01, probeAddress: 10.255.1.1}}}
            vpns:
              blue: {vni: 100, rt: 64900:1, attachments: [{cloud: paris, router: a}, {cloud: tokyo, router: a}]}
              red: {vni: 100, rt: 64900:1, attachments: [{cloud: paris, router: b}, {cloud: tokyo, router: b}]}

            """
        #expect(screen(text) == Self.usedTwiceScreen)
    }

    @Test("what is allowed but odd is a warning, and the graph is there")
    func warnings() {
        let text = """
            federation: demo
            clouds: {paris: {gateways: {gw1: {vtep: 10.255.1.1}}}}
            vpns:
              blue: {attachments: [{cloud: paris, router: r}]}
              red: {attachments: []}
              green: {attachments: [{cloud: paris, router: r}, {cloud: paris, network: 0f8fad5b-d9cb-469f-a165-70867728950e}]}

            """
        let reading = FederationYAML.read(text: text, fileName: "federation.yaml")
        #expect(reading.graph?.vpns.count == 3)
        #expect(reading.errors == [])
        #expect(screen(text) == Self.warningsScreen)
    }

    @Test("keys given twice do not hide the other errors, however they are written")
    func duplicateKeys() {
        let text = """
            federation: demo
            federation: demo2
            "federation": demo3
            clouds:
              paris: {as: 1, as: x, gateways: {gw1: {vtep: 10.255.1.1}, 'gw1': {vtep: 10.255.1.2}}}
            vpns: []
            vpns: {}

            """
        #expect(screen(text) == Self.duplicateKeysScreen)
    }

    @Test(
        "YAML that is none is shown with the parser's own words and place",
        arguments: [
            ("clouds: [", 1, "invalid YAML: did not find expected node content while parsing a flow node"),
            ("a: b: c\n", 1, "invalid YAML: mapping values are not allowed in this context"),
            ("a:\n\t- b\n", 2, "invalid YAML: found character that cannot start any token while scanning for the next token"),
            ("a: *nothing\n", 1, "invalid YAML: found undefined alias"),
            ("a: \"x\n", 1, "invalid YAML: found unexpected end of stream while scanning a quoted scalar (line 1)"),
            ("a: 1\n---\nb: 2\n", 2, "a federation file must have one document, a second begins here"),
            ("a: 1\nb: \u{1b}[31m\n", 2, "invalid text: control characters are not allowed"),
            (
                "federation: demo\nclouds:\n  paris: {}\n tokyo: {}\n", 4,
                "invalid YAML: did not find expected key while parsing a block mapping (line 1)"
            ),
            ("", 1, "the file is empty"), ("# only a comment\n", 1, "the file is empty"), ("---\n~\n", 1, "the file is empty"),
            ("- a\n", 1, "a federation file must be a mapping of keys to values, not a list"),
            ("demo\n", 1, "a federation file must be a mapping of keys to values, not the value “demo”"),
        ])
    func syntax(text: String, line: Int, reason: String) throws {
        let reading = FederationYAML.read(text: text, fileName: "f")
        #expect(reading.graph == nil)
        #expect(reading.diagnostics.map(\.reason) == [reason])
        #expect(reading.diagnostics.first?.line == line)
        #expect(reading.diagnostics.first?.remedy.isEmpty == false)
    }

    @Test("a few aliases are taken, many are refused before they unfold", .timeLimit(.minutes(5)))
    func bombs() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        // As a key, where the parser itself would walk through all of it to compare.
        text += "? *a9\n: x\n? *a9\n: y\n"
        let reading = FederationYAML.read(text: text, fileName: "f")
        #expect(reading.diagnostics.count == 1)
        #expect(reading.diagnostics.first?.reason.hasSuffix("aliases (“*name”) could expand to more than 64 MiB") == true)
    }

    @Test("deep nesting and huge files are refused, not walked", .timeLimit(.minutes(5)))
    func size() {
        let deep = FederationYAML.read(text: String(repeating: "[", count: 100_000), fileName: "f")
        #expect(deep.errors.count == 1)
        let nested = FederationYAML.read(text: String(repeating: "{a: ", count: 900), fileName: "f")
        #expect(nested.errors.count == 1)
        let huge = FederationYAML.read(text: "# " + String(repeating: "x", count: 17 << 20), fileName: "f")
        #expect(huge.errors.map(\.reason) == ["the file is larger than 3 MiB"])
        #expect(huge.errors.first.map { $0.description.utf8.count < 1000 } == true)
    }

    @Test("a value cannot speak to the admin's terminal")
    func terminal() {
        let text = "federation: \"\\e[2Jdemo\\u202e\"\nclouds: {}\n"
        let screen = screen(text)
        #expect(screen.contains("“federation” contains the invisible character U+001B"))
        #expect(!screen.unicodeScalars.contains("\u{1b}"))
        #expect(!screen.unicodeScalars.contains("\u{202e}"))
    }

    @Test("long lines are cut around the value, and tabs do not move the caret")
    func excerpts() throws {
        let long = "federation: demo\nclouds: {" + String(repeating: " ", count: 300) + "paris: 7}\n"
        let description = try #require(FederationYAML.read(text: long, fileName: "f").diagnostics.first).description
        let lines = description.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 4)
        let caret = try #require(lines[2].firstIndex(of: "^"))
        #expect(lines[1][lines[1].index(lines[1].startIndex, offsetBy: lines[2].distance(from: lines[2].startIndex, to: caret))] == "7")
        #expect(lines[1].count <= 130)
        let tabs = "federation:\t\t!demo x\nclouds: {}\n"
        #expect(screen(tabs).contains("    federation:\t\t!demo x\n               \t\t^"))
    }
}
