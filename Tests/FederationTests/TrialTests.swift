import Federation
import FederationFile
import FederationModel
import Foundation
import NetworkTypes
import Testing

/// Files made after public reports of the field (`Fixtures/Trials`; each says its situation): what operators of one-AS fabrics, generators of
/// YAML and exports of a source of truth write. All of what is wrong is said, and nothing else.
@Suite("Files as the field writes them")
struct TrialTests {
    static func read(_ name: String) throws -> FederationYAML.Reading {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/Trials")
        return FederationYAML.read(text: try String(contentsOf: folder.appending(path: name), encoding: .utf8), fileName: name)
    }

    /// Line, path and reason of each error.
    private func errors(_ name: String) throws -> [String] {
        try Self.read(name).errors.map { "\($0.line) \($0.path): \($0.reason)" }
    }

    @Test("two OpenStacks are read, but for a label on a key whose value tenants choose")
    func twoOpenStacks() throws {
        let errors = try errors("A01-two-openstacks.yaml")
        #expect(errors.count == 1 && errors[0].hasPrefix("29 vpns.kuryr-pods.attachments[1].network.label"), "\(errors)")
    }

    @Test(
        "a byte order mark with CRLF, and JSON are read",
        arguments: ["A12e-bom-crlf.yaml", "A12g-json.yaml"])
    func accepted(name: String) throws {
        #expect(try errors(name) == [])
    }

    @Test(
        "one AS with route reflectors, or with the operator's own BGP, is lawful",
        arguments: ["A02-one-as-route-reflectors.yaml", "A02b-one-as-external.yaml"])
    func oneAS(name: String) throws {
        let reading = try Self.read(name)
        #expect(reading.errors == [])
        let graph = try #require(reading.graph)
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        let intents = try graph.intents(with: ledger, epoch: "e", revision: 1)
        #expect(Set(intents.values.map(\.base.asn.value)) == [64531])
        #expect(Uniqueness.ofGateways(intents) == [])
    }

    @Test("an export of a source of truth: what stands below a bad name, and below a repeated one, is reported too")
    func export() throws {
        let errors = try errors("A05-source-of-truth-export.yaml")
        for expected in [
            "3 clouds.Zürich: invalid cloud name “Zürich”: must be 1–63 letters, digits, “-”, “_” or “.”, beginning with a letter or digit",
            "4 clouds.Zürich.asn: unknown key “asn” in a cloud",
            "8 clouds.fra1.gateways.gw1.vtep: invalid IPv4 address 192.0.2.22/32: an address has no prefix length",
            "11 vpns.VRF-A.rd: unknown key “rd” in a VPN", "17 vpns.VRF-A: “VRF-A” appears twice, first on line 10",
            "18 vpns.VRF-A.rd: unknown key “rd” in a VPN",
        ] {
            #expect(errors.contains(expected), "\(expected) is not in:\n\(errors.joined(separator: "\n"))")
        }
    }

    @Test("VNIs at the edges and in other notations")
    func vnis() throws {
        #expect(try errors("A07-vni-edges.yaml").count == 12)
    }

    @Test("prefixes that no tenant can have are refused where they stand, and those that hold the federation's own addresses are warned of")
    func prefixes() throws {
        let reading = try Self.read("A09b-prefixes-accepted.yaml")
        func told(_ severity: Diagnostic.Severity) -> [String] {
            // Bare names, which all attachments of these files have, are another test's.
            reading.diagnostics.filter { $0.severity == severity && !$0.path.contains("attachments") }.map {
                $0.path.split(separator: ".").last.map(String.init) ?? ""
            }
        }
        #expect(
            told(.error) == [
                "transit[2]", "transit[3]", "transit[4]", "anycast[0]", "anycast[1]", "anycast[2]", "prefixes[3]", "prefixes[4]",
                "prefixes[5]",
                "prefixes[6]",
            ])
        #expect(told(.warning) == ["transit[5]", "import"])
        #expect(
            reading.warnings.filter { !$0.path.contains("attachments") }.map(\.reason) == [
                "192.0.2.0/24 holds 192.0.2.61, the VTEP of a/g: routes do not lead to gateways, and the gateways would take tenants' packets to it",
                "“import” permits no host route: “permit 10.0.0.0/8” matches only 10.0.0.0/8 itself",
            ])
        // /31, /32 and /127 are networks.
        #expect(!reading.diagnostics.contains { $0.value == "10.1.9.0/31" || $0.value == "fd10::/127" || $0.value == "10.1.9.7/32" })
        #expect(try errors("A09-prefixes.yaml").count >= 12)
    }

    @Test(
        "merge keys, templates, secrets, tabs and second documents are refused by name",
        arguments: [
            ("A12a-merge-keys.yaml", "<<"), ("A12b-template.yaml", "template"), ("A12c-template-quoted.yaml", "template"),
            ("A12d-tabs.yaml", "tabs"),
            ("A12f-two-documents.yaml", "one document"),
        ])
    func generated(name: String, word: String) throws {
        let errors = try Self.read(name).errors
        #expect(!errors.isEmpty)
        #expect(errors.contains { "\($0.reason) \($0.remedy)".contains(word) }, "\(errors)")
    }
}
