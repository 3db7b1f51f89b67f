import FederationFile
import FederationModel
import Foundation
import NetworkTypes
import Testing

@Suite("Writing a federation file")
struct FileRoundTripTests {
    static let blocks = 0..<20
    static let seedsPerBlock: UInt64 = 100

    @Test("gives a file that reads as the same graph, and writing that gives the same file", .timeLimit(.minutes(5)), arguments: blocks)
    func roundTrip(block: Int) throws {
        for seed in UInt64(block) * Self.seedsPerBlock..<UInt64(block + 1) * Self.seedsPerBlock {
            var federation = RandomFederation(seed: seed)
            let graph = federation.everything()
            let text = FederationYAML.write(graph)
            let reading = FederationYAML.read(text: text, fileName: "f")
            #expect(reading.errors == [], "\(text)")
            #expect(reading.graph == graph, "\(text)")
            #expect(reading.graph.map(FederationYAML.write) == text)
            guard seed.isMultiple(of: 5) else { continue }
            #expect(try JSONDecoder().decode(FederationGraph.self, from: JSONEncoder().encode(graph)) == graph, "\(text)")
        }
    }

    @Test("random graphs have everything that a file can have")
    func coverage() {
        var text = ""
        for seed in 0..<200 as Range<UInt64> {
            var federation = RandomFederation(seed: seed)
            text += FederationYAML.write(federation.everything())
        }
        let seen = Set(text.split { !($0.isLetter || $0 == "-") }.map(String.init))
        // Those that are never written.
        let keys = Set(FileKeys.tables.flatMap(\.all)).subtracting(["management", "full-mesh", "kind", "tenants", "projects"])
        #expect(keys.subtracting(seen) == [])
        #expect(Set(AttachmentRole.allCases.map(\.rawValue)).subtracting(seen) == ["member"])
    }

    @Test(
        "puts quotes around what a reader of YAML 1.1 or 1.2 could take for something else than a string",
        arguments: [
            ("demo", "demo"), ("eu-west.1", "eu-west.1"), ("007", "\"007\""), ("0x1f", "\"0x1f\""), ("0b11", "\"0b11\""),
            ("0o17", "\"0o17\""),
            ("1e3", "\"1e3\""), ("no", "\"no\""), ("NULL", "\"NULL\""), ("2001-01-01", "\"2001-01-01\""), ("1.5", "\"1.5\""),
            ("2001-12-14t21.59", "\"2001-12-14t21.59\""), ("3f2a", "3f2a"),
        ])
    func quoting(name: String, written: String) {
        let graph = FederationGraph(federation: FederationID(unchecked: name))
        #expect(FederationYAML.write(graph) == "federation: \(written)\nclouds: {}\n")
    }
}
