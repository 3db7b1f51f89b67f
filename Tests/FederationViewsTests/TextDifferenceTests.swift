import FederationViews
import Foundation
import Testing

@Suite("Differences of texts")
struct TextDifferenceTests {
    private func text(_ old: String, _ new: String) -> String {
        TextDifference.unified(from: old, to: new).map { line in
            let mark =
                switch line.kind {
                case .place: ""
                case .same: " "
                case .added: "+"
                case .removed: "-"
                }
            return mark + line.text + "\n"
        }.joined()
    }

    @Test("they are what diff -u says")
    func unified() {
        #expect(text("a\n", "a\n").isEmpty)
        #expect(text("", "a\nb\n") == "@@ -0,0 +1,2 @@\n+a\n+b\n")
        #expect(text("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n") == "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n")
    }

    @Test("patch(1) makes the new text of them", arguments: 0..<20)
    func patch(seed: Int) throws {
        var state = UInt64(seed) &* 6_364_136_223_846_793_005 &+ 1
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let old = (0..<(1 + next(60))).map { _ in "line \(next(9))" }
        var new = old
        for _ in 0..<next(8) {
            let place = next(new.count + 1)
            if next(2) == 0 || place == new.count { new.insert("new \(next(9))", at: place) } else { new.remove(at: place) }
        }
        func joined(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }
        let difference = text(joined(old), joined(new))
        guard !difference.isEmpty else { return #expect(old == new) }
        let file = FileManager.default.temporaryDirectory.appending(path: "difference-\(getpid())-\(seed)-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try joined(old).write(to: file, atomically: true, encoding: .utf8)
        let input = file.appendingPathExtension("diff")
        defer { try? FileManager.default.removeItem(at: input) }
        try "--- a\n+++ b\n\(difference)".write(to: input, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/patch")
        process.arguments = ["--silent", "--fuzz=0", file.path, input.path]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(difference)")
        #expect(try String(contentsOf: file, encoding: .utf8) == joined(new))
    }
}
