import FederationFile
import Foundation
import Testing

@Suite("A federation file that was mutilated")
struct FileMutationTests {
    @Test("gives a graph or errors, never neither and never a crash", .timeLimit(.minutes(5)), arguments: 0..<40)
    func mutations(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let whole = seed.isMultiple(of: 2) ? FederationFileTests.good : try FileReferenceTests.example()
        let good = Array(whole.unicodeScalars)
        let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
        for _ in 0..<40 {
            let text: String
            if Bool.random(using: &random) {
                var scalars = good
                for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&scalars, &random) }
                text = String(String.UnicodeScalarView(scalars))
            } else {
                var lines = lines
                for _ in 0..<Int.random(in: 1...3, using: &random) { mutate(lines: &lines, &random) }
                text = lines.joined(separator: "\n")
            }
            expectAnswer(text)
        }
    }

    @Test("that ends anywhere gives a graph or errors")
    func truncations() throws {
        let good = FederationFileTests.good
        for count in 0..<good.count { expectAnswer(String(good.prefix(count))) }
        let example = try FileReferenceTests.example()
        for count in stride(from: 0, to: example.count, by: 13) { expectAnswer(String(example.prefix(count))) }
    }

    @Test("with any one value replaced by another kind of value gives a graph or errors")
    func replacements() throws {
        let replacements = [
            "", "~", "[]", "{}", "[a]", "{a: b}", "!!binary aGk=", "''", "\"\\0\"", "*x", "&x y", "|\n  x", "-1", "1e9", "{{}: 1}",
        ]
        for text in [FederationFileTests.good, try FileReferenceTests.example()] {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            for index in lines.indices {
                guard let colon = lines[index].firstIndex(of: ":") else { continue }
                for replacement in replacements {
                    var lines = lines
                    lines[index] = lines[index][...colon] + " " + replacement
                    expectAnswer(lines.joined(separator: "\n"))
                }
            }
        }
    }

    @Test("with any one value of a flow mapping replaced by a value of another one gives a graph or errors")
    func exchanges() throws {
        let example = FederationYAML.write(try #require(FederationYAML.read(text: FileReferenceTests.example(), fileName: "f").graph))
        // Behind a colon, a comma or a bracket, up to the next comma, bracket or end of the line.
        let values = example.matches(of: /[:,\[] *([^,\[\]{}\n ]+)(?=[,\]}\n])/).map { $0.1.startIndex..<$0.1.endIndex }
        #expect(values.count > 60)
        var random = SeededGenerator(seed: 9)
        for range in values {
            for _ in 0..<4 {
                guard let other = values.randomElement(using: &random) else { return }
                var text = example
                text.replaceSubrange(range, with: example[other])
                expectAnswer(text)
            }
        }
    }

    private func expectAnswer(_ text: String) {
        let reading = FederationYAML.read(text: text, fileName: "f")
        #expect((reading.graph == nil) == !reading.errors.isEmpty, "\(text)")
        #expect(reading.diagnostics == reading.diagnostics.sorted(), "\(text)")
        let lineCount = text.split(omittingEmptySubsequences: false) { $0.isNewline }.count
        for diagnostic in reading.diagnostics {
            #expect((1...lineCount).contains(diagnostic.line), "\(text)")
            #expect((1...diagnostic.source.unicodeScalars.count + 1).contains(diagnostic.column), "\(text)")
            #expect(!diagnostic.reason.isEmpty && !diagnostic.remedy.isEmpty, "\(text)")
            #expect(diagnostic.description.hasPrefix("f:\(diagnostic.line):\(diagnostic.column): "))
        }
        if let graph = reading.graph {
            #expect(FederationYAML.read(text: FederationYAML.write(graph), fileName: "f").graph == graph, "\(text)")
        }
    }

    private func mutate(_ scalars: inout [Unicode.Scalar], _ random: inout SeededGenerator) {
        let odd: [Unicode.Scalar] = [
            "{", "}", "[", "]", ":", ",", "-", "#", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`", "?", "~", "\t", "\n", "\r", " ",
            "\u{0}", "\u{1b}", "\u{85}", "\u{2028}", "\u{feff}", "\u{e000}", "ü", "😀", "0", "9", "\\", "<", "=",
        ]
        let position = Int.random(in: 0..<max(1, scalars.count), using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0 where !scalars.isEmpty: scalars.remove(at: position)
        case 1 where !scalars.isEmpty: scalars[position] = odd.randomElement(using: &random) ?? "x"
        case 2 where !scalars.isEmpty:
            let end = min(scalars.count, position + Int.random(in: 1...30, using: &random))
            scalars.insert(contentsOf: scalars[position..<end], at: Int.random(in: 0...scalars.count, using: &random))
        default: scalars.insert(odd.randomElement(using: &random) ?? "x", at: min(position, scalars.count))
        }
    }

    private func mutate(lines: inout [Substring], _ random: inout SeededGenerator) {
        guard lines.count > 1 else { return }
        let (one, two) = (Int.random(in: 0..<lines.count, using: &random), Int.random(in: 0..<lines.count, using: &random))
        switch Int.random(in: 0..<4, using: &random) {
        case 0: lines.remove(at: one)
        case 1: lines.swapAt(one, two)
        case 2: lines.insert(lines[one], at: two)
        default: lines[one] = "  " + lines[one]
        }
    }
}
