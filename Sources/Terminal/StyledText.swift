/// One line of text, or a part of one, with styles. Whatever it is made of, it moves no cursor (see `printable`).
package struct StyledText: Hashable, Sendable, ExpressibleByStringInterpolation {
    private struct Span: Hashable, Sendable {
        var text: String
        var style: Style?
    }

    private var spans: [Span]

    package init(_ text: String, _ style: Style? = nil) { spans = text.isEmpty ? [] : [Span(text: printable(text), style: style)] }
    package init(stringLiteral text: String) { self.init(text) }

    package static func + (a: StyledText, b: StyledText) -> StyledText {
        var sum = a
        sum.spans += b.spans
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

extension [StyledText] {
    package func joined(separator: StyledText) -> StyledText {
        guard let first else { return "" }
        return dropFirst().reduce(first) { $0 + separator + $1 }
    }
}
