import Foundation
import Testing
import Verification

@testable import fedctl

@Suite("The catalogue of causes", .timeLimit(.minutes(1)))
struct CausesTests {
    @Test("every cause has an entry: what it means, where it comes from, how to look and what mends it", arguments: CauseCode.allCases)
    func complete(code: CauseCode) {
        let manual = code.manual
        #expect(manual.meaning.hasSuffix("."))
        #expect(!manual.origins.isEmpty && !manual.looks.isEmpty && !manual.fixes.isEmpty)
        for look in manual.looks { #expect(look.contains("`"), "no command to look with: \(look)") }
        for line in manual.looks + manual.fixes { #expect(line.count { $0 == "`" } % 2 == 0, "an open backtick: \(line)") }
    }

    @Test("docs/causes.md is what the catalogue gives: fedctl causes --markdown > docs/causes.md")
    func page() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../docs/causes.md").standardized
        #expect(try String(contentsOf: file, encoding: .utf8) == CauseCode.markdown)
    }

    @Test("help of a cause, causes of it and the list; a word that is none is refused")
    func screens() async throws {
        try await withDirectory { directory in
            let tool = Tool(directory: directory, environment: [:])
            let help = try await tool.run("help", "not-steered")
            #expect(help.status == 0 && help.output.hasPrefix("not-steered, at steered ("), "\(help)")
            #expect(help.output == (try await tool.run("causes", "not-steered").output))
            let list = try await tool.run("causes")
            for code in CauseCode.allCases { #expect(list.output.contains(code.rawValue)) }
            #expect(try await tool.run("causes", "not-steerd").status == 64)
            #expect(try await tool.run("help", "verify").output.contains("USAGE"))
        }
    }
}
