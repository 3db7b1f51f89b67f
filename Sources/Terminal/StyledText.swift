import NetworkTypes

/// One line of text, or a part of one, with styles; free of terminal controls (see `printable`).
package struct StyledText: Hashable, Sendable, ExpressibleByStringInterpolation {
    private struct Span: Hashable, Sendable {
        var text: String
        var style: Style?
    }

    private var spans: [Span]
    /// A line to be copied: it is never broken.
    package private(set) var isVerbatim = false

    /// A line to be copied as it is, a command: where the terminal is too narrow, the terminal breaks it, and copies it whole.
    package static func verbatim(_ text: String, _ style: Style? = nil) -> StyledText {
        var line = StyledText(text, style)
        line.isVerbatim = true
        return line
    }

    package init(_ text: String, _ style: Style? = nil) { spans = text.isEmpty ? [] : [Span(text: printable(text), style: style)] }
    package init(stringLiteral text: String) { self.init(text) }

    package static func + (a: StyledText, b: StyledText) -> StyledText {
        var sum = a
        for span in b.spans {
            if let last = sum.spans.last, last.style == span.style {
                sum.spans[sum.spans.count - 1].text = last.text + span.text
            } else {
                sum.spans.append(span)
            }
        }
        return sum
    }

    package var isEmpty: Bool { spans.isEmpty }
    package var plain: String { spans.map(\.text).joined() }
    /// In columns of a terminal.
    package var width: Int { spans.reduce(0) { $0 + displayWidth($1.text) } }

    package func rendered(coloured: Bool) -> String {
        guard coloured else { return plain }
        return spans.map { span in span.style.map { $0.wrap(span.text) } ?? span.text }.joined()
    }
}

extension StyledText {
    /// Lines of so many columns at most, broken between words; a word that is longer has a line of its own.
    /// - Parameter columns: at least 1; nil: it stays one line.
    package func wrapped(to columns: Int?) -> [StyledText] {
        guard let columns, !isVerbatim, width > columns else { return [self] }
        // What is indented goes on indented.
        let indentation = StyledText(String(repeating: " ", count: min(columns / 2, plain.prefix { $0 == " " }.count)))
        var lines: [StyledText] = []
        var line: StyledText = ""
        var gap: StyledText = ""
        func words(_ text: String) -> [String] { text.split(separator: " ", omittingEmptySubsequences: false).map(String.init) }
        for span in spans {
            for (index, word) in words(span.text).enumerated() {
                if index > 0 { gap = gap + StyledText(" ", span.style) }
                guard !word.isEmpty else { continue }
                let piece = StyledText(word, span.style)
                // Without a blank before it, it goes on the word that another style began.
                if !gap.isEmpty, !line.isEmpty, line.width + gap.width + piece.width > columns {
                    lines.append(line)
                    line = indentation + piece
                } else {
                    line = line + gap + piece
                }
                gap = ""
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }
}

extension [StyledText] {
    package func joined(separator: StyledText) -> StyledText {
        guard let first else { return "" }
        return dropFirst().reduce(first) { $0 + separator + $1 }
    }
}
