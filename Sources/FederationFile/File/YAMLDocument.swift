import Yams

/// One YAML document of untrusted text, as a tree of nodes with marks.
///
/// Yams parses. This type adds a limit on the size, a limit on
/// what aliases can expand to, and a way past duplicate keys, at which Yams would stop.
struct YAMLDocument {
    /// Nil for a text without a document.
    let root: Node?
    /// Placeholders in the tree for the first of several equal keys, with the original key.
    private let masked: [String: String]

    /// A thousand clouds and a thousand VPNs take about half of it. The coordinator takes messages of 4 MiB.
    static let sizeLimit = 3 << 20
    /// The maximum expansion of aliases, in bytes.
    static let unfoldedLimit = 64 << 20

    /// The key as written in the file.
    func key(_ text: String) -> String { masked[text] ?? text }

    init(_ text: String) throws(YAMLRefusal) {
        guard text.utf8.count <= Self.sizeLimit else {
            throw YAMLRefusal(
                place: .start, value: nil, reason: "the file is larger than \(Self.sizeLimit >> 20) MiB",
                remedy: "check that it is the right file: a thousand clouds need half of that")
        }
        try Self.boundAliases(of: text)
        var text = text
        var masked: [String: String] = [:]
        var budget = max(8 * text.utf8.count, 1 << 20)
        while true {
            do {
                root = try Self.compose(text)
                self.masked = masked
                return
            } catch let error {
                guard case .duplicatedKeysInMapping(let keys, let context) = error, let key = keys.first, masked.count < 1000 else {
                    throw YAMLRefusal(error)
                }
                budget -= text.utf8.count
                let source = SourceText(text)
                // One private-use scalar for each scalar of the key, so that no mark moves.
                let placeholder = Self.placeholder(masked.count, length: key.unicodeScalars.count)
                guard budget > 0, let placeholder, let range = source.range(of: key, at: context.mark) else {
                    throw YAMLRefusal(error)
                }
                text = source.text
                text.replaceSubrange(range, with: placeholder)
                masked[placeholder] = key
            }
        }
    }

    private static func compose(_ text: String) throws(YamlError) -> Node? {
        // The parser keeps a pointer into the text. Swift keeps short texts outside the heap, where it would dangle;
        // blank lines at the end change nothing.
        var text = text + String(repeating: "\n", count: max(0, 64 - text.utf8.count))
        text.makeContiguousUTF8()
        do {
            // Without rules every plain scalar is a string: `no`, `0x10` and `1:20` stay text.
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            return try withExtendedLifetime(parser) { try parser.singleRoot() }
        } catch let error as YamlError {
            throw error
        } catch {
            throw YamlError.representer(problem: "\(error)")
        }
    }

    private static func placeholder(_ number: Int, length: Int) -> String? {
        guard length > 0, let last = Unicode.Scalar(0xe001 + UInt32(number)) else { return nil }
        return String(repeating: "\u{e000}", count: length - 1) + String(Character(last))
    }

    /// Refuses a text whose aliases could expand to more than `unfoldedLimit`.
    ///
    /// A text of `size` bytes with `count` aliases expands to at most 2 · size · 3^(count / 3): spreading the aliases
    /// over levels multiplies by their number on each level, and 3 per level is the maximum. Text that looks like an alias
    /// counts as one, also in comments and strings: then the limit applies a little early.
    private static func boundAliases(of text: String) throws(YAMLRefusal) {
        var count = 0
        var previous: UInt8 = 0x20
        var place = Place(line: 1, column: 0, length: 1)
        var unfolded = 2 * text.utf8.count
        var starting = false
        for byte in text.utf8 {
            if byte & 0xc0 != 0x80 { place.column += 1 }
            if starting, byte != 0x20, byte != 0x0a, byte != 0x0d, byte != 0x2a {
                count += 1
                if count % 3 == 1 { unfolded *= 3 }
                guard unfolded <= unfoldedLimit else {
                    place.column -= 1
                    throw YAMLRefusal(
                        place: place, value: nil,
                        reason: "\(count) aliases (“*name”) could expand to more than \(Self.unfoldedLimit >> 20) MiB",
                        remedy: "replace the aliases with their values")
                }
            }
            starting = byte == 0x2a && [0x20, 0x09, 0x0a, 0x0d, 0x2c, 0x2d, 0x3a, 0x3f, 0x5b, 0x7b, 0x85, 0xa8, 0xa9].contains(previous)
            if byte == 0x0a {
                place.line += 1
                place.column = 0
            }
            previous = byte
        }
    }
}

/// Why a text cannot be read as a YAML document.
struct YAMLRefusal: Error {
    var place: Place
    var value: String?
    var reason: String
    var remedy: String
}

extension YAMLRefusal {
    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            let advice =
                problem.contains("cannot start any token")
                ? "put quotes around the value, and indent with spaces, not tabs"
                : "check the indentation, quotes and brackets here and on the line before"
            // libyaml's own words: `did not find expected key while parsing a block mapping (line 3)`.
            var sentence = problem
            if let context {
                sentence += " \(context.text)"
                if context.mark.line < mark.line { sentence += " (line \(context.mark.line))" }
            }
            self.init(place: Place(mark), value: nil, reason: "invalid YAML: \(sentence)", remedy: advice)
        case .composer(_, let problem, let mark, _) where problem.contains("another document"):
            self.init(
                place: Place(mark), value: nil, reason: "a federation file must have one document, a second begins here",
                remedy: "remove the line “---” and everything of another federation")
        case .composer(_, let problem, let mark, _):
            self.init(
                place: Place(mark), value: nil, reason: "invalid YAML: \(problem)", remedy: "replace the alias with its value")
        case .reader(let problem, let offset, _, let yaml):
            self.init(
                place: Self.place(offset: offset, in: yaml), value: nil, reason: "invalid text: \(problem)",
                remedy: "save the file as UTF-8 without control characters")
        case .duplicatedKeysInMapping(let keys, let context):
            self.init(
                place: Place(context.mark), value: keys.first, reason: "“\(keys.first ?? "")” appears twice",
                remedy: "keep one of them")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            self.init(place: .start, value: nil, reason: "invalid YAML: \(error)", remedy: "check that it is the right file")
        }
    }

    /// Yams counts reader offsets in characters.
    private static func place(offset: Int?, in text: String) -> Place {
        guard let offset, let end = text.index(text.startIndex, offsetBy: offset, limitedBy: text.endIndex) else { return .start }
        let before = SourceText(String(text[..<end]))
        let line = before.lineCount
        return Place(line: line, column: before.line(line).unicodeScalars.count + 1, length: 1)
    }
}

extension Place {
    init(_ mark: Mark, length: Int = 1) { self.init(line: mark.line, column: mark.column, length: length) }
}

extension SourceText {
    /// The range of `key` at the mark or after a quote at the mark; nil if written in another way (escapes, aliases).
    fileprivate func range(of key: String, at mark: Mark) -> Range<String.Index>? {
        guard var start = index(line: mark.line, column: mark.column), start < text.endIndex else { return nil }
        if ["\"", "'"].contains(text.unicodeScalars[start]) { start = text.unicodeScalars.index(after: start) }
        let wanted = key.unicodeScalars
        guard let end = text.unicodeScalars.index(start, offsetBy: wanted.count, limitedBy: text.endIndex),
            text.unicodeScalars[start..<end].elementsEqual(wanted)
        else { return nil }
        return start..<end
    }
}
