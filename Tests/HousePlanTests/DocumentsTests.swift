import Foundation
import Testing

/// Guides go stale in silence: what they name is looked up.
@Suite("Documents name what there is")
struct DocumentsTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    /// `README.md`, `CONTRIBUTING.md` and what lies in the folders with guides, by path.
    private static let documents: [String] = {
        func pages(in folder: String) -> [String] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)) ?? []
            return names.filter { $0.hasSuffix(".md") }.map { folder.isEmpty ? $0 : "\(folder)/\($0)" }.sorted()
        }
        return ["", "docs", "topologies", "certs"].flatMap(pages)
    }()

    /// All files under the folders that hold the product, by path.
    private static let files: [String] = ["Sources", "Tests", "Protos", "Scripts", "Fuzz", "docs", "topologies", "packaging"].flatMap {
        folder in
        (FileManager.default.enumerator(atPath: root.appending(path: folder).path)?.compactMap { $0 as? String } ?? []).map {
            "\(folder)/\($0)"
        }
    }

    private static func text(of document: String) throws -> String {
        try String(contentsOf: root.appending(path: document), encoding: .utf8)
    }

    /// Whether a path, in which an upper-case name such as `NAME` and `*` stand for any, exists.
    private static func exists(_ path: String) -> Bool {
        let isPattern = path.split(separator: "/").contains { $0.contains("*") || ($0 == $0.uppercased() && $0 != ".." && $0 != ".") }
        guard isPattern else { return FileManager.default.fileExists(atPath: root.appending(path: path).path) }
        let wanted = path.split(separator: "/")
        return files.contains { file in
            let names = file.split(separator: "/")
            return names.count >= wanted.count
                && zip(names, wanted).allSatisfy { name, want in
                    let parts = want.split(separator: "*", omittingEmptySubsequences: false)
                    if parts.count == 2 { return name.hasPrefix(parts[0]) && name.hasSuffix(parts[1]) }
                    return name == want || want == want.uppercased()
                }
        }
    }

    /// The anchors that headings of a document have, as GitHub makes them.
    private static func anchors(in text: String) -> Set<String> {
        var isCode = false
        return Set(
            text.split(separator: "\n").compactMap { line in
                if line.hasPrefix("```") { isCode.toggle() }
                guard !isCode, line.hasPrefix("#") else { return nil }
                let title = line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
                return String(title.filter { $0.isLetter || $0.isNumber || " -_".contains($0) }).replacing(" ", with: "-")
            })
    }

    @Test("README has 140 lines at most", .timeLimit(.minutes(1)))
    func length() throws {
        #expect(try Self.text(of: "README.md").split(separator: "\n", omittingEmptySubsequences: false).count <= 141)
    }

    @Test("README's tour has every room", .timeLimit(.minutes(1)))
    func tour() throws {
        let text = try Self.text(of: "README.md")
        let rooms = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Sources").path)
        // Those in C are no rooms but doors to libraries.
        for room in rooms where !room.hasPrefix("C") || room == "Coordinator" {
            #expect(text.contains("`\(room)`"), "README's tour has no \(room)")
        }
    }

    @Test("every internal link leads to a file, and to a heading of it", .timeLimit(.minutes(1)), arguments: DocumentsTests.documents)
    func links(document: String) throws {
        let text = try Self.text(of: document)
        for match in text.matches(of: /\]\(([^)\s]+)\)/) where !match.1.contains("://") {
            let parts = match.1.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            let folder = Self.root.appending(path: document).deletingLastPathComponent()
            let target = parts[0].isEmpty ? Self.root.appending(path: document) : folder.appending(path: String(parts[0])).standardized
            #expect(FileManager.default.fileExists(atPath: target.path), "\(document): \(match.1) leads nowhere")
            guard parts.count == 2, let page = try? String(contentsOf: target, encoding: .utf8) else { continue }
            #expect(Self.anchors(in: page).contains(String(parts[1])), "\(document): \(match.1) has no such heading")
        }
    }

    @Test("every path of the repository that is named exists", .timeLimit(.minutes(1)), arguments: DocumentsTests.documents)
    func paths(document: String) throws {
        let text = try Self.text(of: document)
        let path = /(?:^|[\s`(│|"“=])((?:Sources|Tests|Protos|Scripts|Fuzz|docs|topologies|packaging|\.ci)\/[A-Za-z0-9_+.*\/-]+)/
        for match in text.matches(of: path.anchorsMatchLineEndings()) {
            let name = String(match.1).trimmingSuffix { ".,:;".contains($0) }
            #expect(Self.exists(name), "\(document): there is no \(name)")
        }
    }

    @Test("every source file that is named, with folders or without, exists", .timeLimit(.minutes(1)), arguments: DocumentsTests.documents)
    func sourceFiles(document: String) throws {
        for match in try Self.text(of: document).matches(of: /[A-Za-z0-9_+.*\/-]+\.(?:swift|proto)\b/) where !match.0.contains("*") {
            let name = match.0.replacing(/^(\.\.\/)+/, with: "")
            #expect(name == "Package.swift" || Self.files.contains { "/\($0)".hasSuffix("/\(name)") }, "\(document): there is no \(name)")
        }
    }

    @Test("every target of make that is named is in the Makefile", .timeLimit(.minutes(1)), arguments: DocumentsTests.documents)
    func targets(document: String) throws {
        let makefile = try Self.text(of: "Makefile")
        for match in try Self.text(of: document).matches(of: /(?:^|`)make ([a-z-]+)/.anchorsMatchLineEndings()) {
            #expect(makefile.contains("\n\(match.1): "), "\(document): make has no \(match.1)")
        }
    }

    @Test("every guide is reached from README", .timeLimit(.minutes(1)))
    func reached() throws {
        var seen: Set<String> = []
        var open = ["README.md"]
        while let page = open.popLast() {
            guard seen.insert(page).inserted else { continue }
            let folder = Self.root.appending(path: page).deletingLastPathComponent()
            for match in try Self.text(of: page).matches(of: /\]\(([^)#\s]+\.md)/) where !match.1.contains("://") {
                let target = folder.appending(path: String(match.1)).standardized.path
                open.append(String(target.dropFirst(Self.root.path.count).trimmingPrefix("/")))
            }
        }
        #expect(Self.documents.filter { !seen.contains($0) } == [])
    }
}

extension String {
    fileprivate func trimmingSuffix(_ isTrimmed: (Character) -> Bool) -> String {
        var rest = self[...]
        while let last = rest.last, isTrimmed(last) { rest.removeLast() }
        return String(rest)
    }
}
