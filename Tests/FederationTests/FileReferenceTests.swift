import FederationFile
import FederationModel
import Foundation
import Testing

@Suite("docs/federation-file.md")
struct FileReferenceTests {
    /// The fenced blocks of the document, in order.
    static func blocks() throws -> [(language: String, text: String)] {
        let file = Topologies.directory.appending(path: "../docs/federation-file.md").standardized
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
        var blocks: [(language: String, text: String)] = []
        var isOpen = false
        for line in lines {
            if line.hasPrefix("```") {
                isOpen.toggle()
                if isOpen { blocks.append((String(line.dropFirst(3)), "")) }
            } else if isOpen {
                blocks[blocks.count - 1].text += line + "\n"
            }
        }
        return blocks
    }

    /// The file that shows everything.
    static func example() throws -> String { try #require(blocks().first { $0.language == "yaml" }).text }

    @Test("the full example is read without errors and warnings, and uses every key")
    func example() throws {
        let reading = FederationYAML.read(text: try Self.example(), fileName: "federation.yaml")
        #expect(reading.diagnostics == [])
        let graph = try #require(reading.graph)
        #expect(FederationYAML.read(text: FederationYAML.write(graph), fileName: "f").graph == graph)
        let words = Set(try Self.example().split { !($0.isLetter || $0 == "-") }.map(String.init))
        // Those that are there by another name, or left out on purpose.
        let absent: Set = ["kind", "full-mesh", "management"]
        #expect(Set(FileKeys.tables.flatMap(\.all)).subtracting(words) == absent)
        #expect(Set(AttachmentRole.allCases.map(\.rawValue)).subtracting(words) == ["export-only"])
        #expect(Set(Advertisement.words.map(\.name)).subtracting(words) == [])
    }

    @Test("the screens are what is really printed")
    func screens() throws {
        var text = ""
        var count = 0
        for block in try Self.blocks() {
            if block.language == "yaml" { text = block.text }
            guard block.language == "text" else { continue }
            count += 1
            let screen = FederationYAML.read(text: text, fileName: "federation.yaml").diagnostics.map { $0.description + "\n" }.joined()
            #expect(screen == block.text)
        }
        #expect(count == 2)
    }

    @Test("the tables have every key")
    func tables() throws {
        let file = Topologies.directory.appending(path: "../docs/federation-file.md").standardized
        let document = try String(contentsOf: file, encoding: .utf8)
        for key in Set(FileKeys.tables.flatMap(\.all)).subtracting(["federation"]) {
            #expect(document.contains("`\(key)`") || document.contains("{\(key):"), "\(key)")
        }
    }
}
