import Yams

/// One YAML document as a tree of nodes with marks, of a text that nothing is known of yet.
///
/// Yams does the parsing. Around it stands what a file from anywhere needs: a bound on the size, on what aliases
/// can unfold to, and a way past duplicate keys, at which Yams stops, so that everything else is reported with them.
struct YAMLDocument {
    /// Nil for a text without any document.
    let root: Node?
    /// What stands in the tree for the first of several equal keys, and the key that the file has there.
    private let masked: [String: String]

    /// A thousand clouds and a thousand VPNs take about half of it. The coordinator takes messages of 4 MiB.
    static let sizeLimit = 3 << 20
    /// What aliases may unfold to, in bytes.
    static let unfoldedLimit = 64 << 20

    /// The key as the file has it.
    func key(_ text: String) -> String { masked[text] ?? text }

    init(_ text: String) throws(YAMLRefusal) {
        guard text.utf8.count <= Self.sizeLimit else {
            throw YAMLRefusal(
                place: .start, value: nil, reason: "the file has more than \(Self.sizeLimit >> 20) MiB",
                remedy: "is it the right file? A thousand clouds need half of that")
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
                // One scalar of a private use area for one of the key, so that no mark moves.
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
            // Without rules every plain scalar is a string: `no`, `0x10` and `1:20` are what they look like.
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

    /// Refuses a text whose aliases could unfold to more than `unfoldedLimit`.
    ///
    /// A text of `size` bytes with `count` aliases unfolds to 2 · size · 3^(count / 3) at most: whoever spreads the aliases
    /// over levels multiplies by their number on each level, and 3 is the best number. What looks like an alias
    /// is counted as one, in comments and strings too: then the bound only comes a little early.
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
                        place: place, value: nil, reason: "\(count) aliases (“*name”) in a file of this size could unfold to too much",
                        remedy: "write the values out where the aliases stand")
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

/// Why a text is no YAML document that can be read.
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
            self.init(place: Place(mark), value: nil, reason: "this is no YAML: \(sentence)", remedy: advice)
        case .composer(_, let problem, let mark, _) where problem.contains("another document"):
            self.init(
                place: Place(mark), value: nil, reason: "a second document begins here, and a federation file has one",
                remedy: "remove the line “---” and what does not belong to this federation")
        case .composer(_, let problem, let mark, _):
            self.init(
                place: Place(mark), value: nil, reason: "this is no YAML: \(problem)", remedy: "write the value out instead of an alias")
        case .reader(let problem, let offset, _, let yaml):
            self.init(
                place: Self.place(offset: offset, in: yaml), value: nil, reason: "this is no text: \(problem)",
                remedy: "save the file as UTF-8 without control characters")
        case .duplicatedKeysInMapping(let keys, let context):
            self.init(
                place: Place(context.mark), value: keys.first, reason: "the key “\(keys.first ?? "")” is given more than once",
                remedy: "keep one of them")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            self.init(place: .start, value: nil, reason: "this is no YAML: \(error)", remedy: "check that it is the right file")
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
    /// Where `key` stands at the mark or behind the quote at the mark; nil where it is written otherwise (escapes, aliases).
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
