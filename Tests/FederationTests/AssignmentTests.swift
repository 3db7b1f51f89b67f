import FederationFile
import FederationModel
import Testing

@Suite("Settings of one edit")
struct AssignmentTests {
    @Test(
        "a key that is set twice is refused: the last one would win in silence",
        arguments: [["as=65001", "as=65002"], ["limits.prefixes=1", "limits={prefixes: 2}"], ["labels.a=b", "drain=true", "labels.a=c"]])
    func twice(words: [String]) throws {
        let graph = try #require(
            FederationYAML.read(text: "federation: d\nclouds: {paris: {gateways: {g: {vtep: 192.0.2.1}}}}\n", fileName: "f").graph)
        let object = GraphObject.cloud(try CloudName(parsing: "paris"))
        let error = #expect(throws: EditError.self) { try graph.setting(try words.map { try Assignment(parsing: $0) }, of: object) }
        #expect(error?.description.contains("appears twice") == true)
        _ = try graph.setting([try Assignment(parsing: words[0])], of: object)
    }
}
