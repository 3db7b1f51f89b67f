/// The text of a file by line and column, both from 1 as in libyaml; columns count Unicode scalars.
struct SourceText {
    let text: String
    private let lineStarts: [String.Index]

    init(_ text: String) {
        self.text = text
        var starts = [text.startIndex]
        let scalars = text.unicodeScalars
        var index = scalars.startIndex
        while index < scalars.endIndex {
            let scalar = scalars[index]
            index = scalars.index(after: index)
            switch scalar {
            case "\r" where index < scalars.endIndex && scalars[index] == "\n": break
            // YAML 1.1, section 4.2: these end lines.
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": starts.append(index)
            default: break
            }
        }
        lineStarts = starts
    }

    /// The number of the last non-empty line.
    var lastLine: Int {
        lineStarts.count > 1 && lineStarts.last == text.endIndex ? lineStarts.count - 1 : lineStarts.count
    }

    /// The number of line ends plus one.
    var lineCount: Int { lineStarts.count }

    /// The line without its line end; empty if there is no such line.
    func line(_ number: Int) -> String {
        guard (1...lineStarts.count).contains(number) else { return "" }
        let end = number < lineStarts.count ? lineStarts[number] : text.endIndex
        var scalars = text.unicodeScalars[lineStarts[number - 1]..<end]
        while let last = scalars.last, ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(last) { scalars.removeLast() }
        return String(scalars)
    }

    /// The index of the column; nil past the end of the line.
    func index(line: Int, column: Int) -> String.Index? {
        guard (1...lineStarts.count).contains(line), column >= 1 else { return nil }
        let end = line < lineStarts.count ? lineStarts[line] : text.endIndex
        return text.unicodeScalars.index(lineStarts[line - 1], offsetBy: column - 1, limitedBy: end)
    }
}

/// A place in a file, with its length in columns.
struct Place: Hashable, Sendable, Comparable {
    var line: Int
    var column: Int
    var length: Int

    static let start = Place(line: 1, column: 1, length: 1)

    static func < (a: Self, b: Self) -> Bool { (a.line, a.column, a.length) < (b.line, b.column, b.length) }
}
