import FederationFile
import Testing

@Suite("A file with very many mistakes")
struct ManyMistakesTests {
    @Test("the first hundred are told, and how many more there are", .timeLimit(.minutes(1)), arguments: [", ", ",\n  "])
    func many(separator: String) throws {
        // On one line, each would be shown with all of it.
        let clouds = (0..<8000).map { "c\($0): {x: 1}" }.joined(separator: separator)
        let reading = FederationYAML.read(text: "federation: demo\nclouds: {\(clouds)}\n", fileName: "f")
        #expect(reading.graph == nil)
        #expect(reading.diagnostics.count == 101)
        let more = try #require(reading.diagnostics.last?.reason.split(separator: " ").compactMap { Int($0) }.first)
        #expect(more >= 7900)
        #expect(reading.diagnostics.allSatisfy { $0.description.utf8.count < 2000 })
    }

    @Test("warnings never hide an error")
    func errorsFirst() {
        let vpns = (0..<150).map { "  v\($0): {attachments: []}" }.joined(separator: "\n")
        let reading = FederationYAML.read(text: "federation: demo\nclouds: {}\nvpns:\n\(vpns)\n  last: {vni: 0}\n", fileName: "f")
        #expect(reading.graph == nil)
        #expect(reading.diagnostics.contains { $0.severity == .error })
    }
}
