import ArgumentParser
import FederationViews
import Foundation
import Testing

@testable import fedctl

/// A command in a guide is typed as it stands: the parser must take it.
@Suite("Commands in the guides")
struct GuideCommandsTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    private static let pages: [String] = {
        let guides = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "docs").path)) ?? []
        return ["README.md", "CONTRIBUTING.md", "certs/README.md"] + guides.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    }()

    /// The words of a line as a shell would have them, up to a pipe, a comment, the next command or a wide gap before a remark;
    /// nil where something is left out.
    private static func words(_ line: Substring) -> [String]? {
        var words: [String] = []
        var word = ""
        var quote: Character?
        var text = line[...]
        if let gap = text.range(of: "   ") { text = text[..<gap.lowerBound] }
        guard !text.contains("…") else { return nil }
        text = Substring(text.replacing(/\$\([^)]*\)/, with: "x"))
        for character in text {
            switch character {
            case "\"", "'": quote = quote == nil ? character : quote == character ? nil : quote
            case "|", "&", "#", ";", ">":
                guard quote != nil else { return (words + [word]).filter { !$0.isEmpty } }
                word.append(character)
            case " " where quote == nil:
                words.append(word)
                word = ""
            default: word.append(character)
            }
        }
        return (words + [word]).filter { !$0.isEmpty }
    }

    /// The lines of code blocks that are fedctl's, with or without a prompt.
    private static func commands(in text: String) -> [[String]] {
        var isCode = false
        return text.split(separator: "\n").compactMap { line in
            if line.hasPrefix("```") { isCode.toggle() }
            let typed = line.trimmingPrefix(/\s*(?:\$ )?/)
            guard isCode, typed.hasPrefix("fedctl "), !typed.contains("──") else { return nil }
            return words(typed)
        }
    }

    @Test("are taken by the parser", .timeLimit(.minutes(1)), arguments: GuideCommandsTests.pages)
    func taken(page: String) throws {
        for words in Self.commands(in: try String(contentsOf: Self.root.appending(path: page), encoding: .utf8)) {
            #expect(throws: Never.self, "\(page): \(words.joined(separator: " "))") {
                let typed = Array(words.dropFirst())
                _ = try Fedctl.parseAsRoot(AtTime.verification(typed) ?? typed)
            }
        }
    }

    @Test("are found: fedctl.md has all of its commands in one block")
    func found() throws {
        let text = try String(contentsOf: Self.root.appending(path: "docs/fedctl.md"), encoding: .utf8)
        #expect(Self.commands(in: text).count > 20)
        #expect(Self.words("fedctl apply -m \"a | b\" | tail -1   and so on") == ["fedctl", "apply", "-m", "a | b"])
        #expect(throws: (any Error).self) { try Fedctl.parseAsRoot(["apply", "--confirmed"]) }
    }
}
