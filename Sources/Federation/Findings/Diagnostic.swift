import NetworkTypes

/// A problem at one place of a federation file.
package struct Diagnostic: Error, Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The effect on the file.
    package enum Severity: String, Hashable, Sendable, Codable, CaseIterable {
        /// The file is refused.
        case error
        /// The file is accepted.
        case warning
    }

    package var severity: Severity
    /// As given to the reader; for display.
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1, in Unicode scalars.
    package var column: Int
    /// The length of the value on this line in columns, at least 1.
    package var length: Int
    /// The path in the document: `clouds.paris.gateways.gw1.vtep`; empty for the whole document.
    package var path: String
    /// The value as written; nil if something is missing.
    package var value: String?
    /// What is wrong, with the value.
    package var reason: String
    /// What to do, as an imperative.
    package var remedy: String
    /// The line itself.
    package var source: String

    package init(
        severity: Severity, file: String, line: Int, column: Int, length: Int, path: String, value: String?, reason: String,
        remedy: String, source: String
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.length = length
        self.path = path
        self.value = value
        self.reason = reason
        self.remedy = remedy
        self.source = source
    }

    /// `file:line:column`: the form that editors jump to.
    package var place: String { "\(file):\(line):\(column)" }

    /// What is wrong, and where in the document, for a terminal.
    package var sentence: String { printable(path.isEmpty ? reason : "\(path): \(reason)") }

    /// The line and the carets that belong below it; nil where it has nothing to show.
    package var excerpt: (text: String, marker: String)? {
        let excerpt = Excerpt(line: source, column: column, length: length)
        return excerpt.text.isEmpty ? nil : (excerpt.text, excerpt.marker)
    }

    /// Place and sentence, the line, a caret below the value, the remedy.
    package var description: String {
        "\(place): \(severity.rawValue): \(sentence)\n" + (excerpt.map { "    \($0.text)\n    \($0.marker)\n" } ?? "")
            + "    remedy: \(printable(remedy))"
    }

    package static func < (a: Self, b: Self) -> Bool {
        (a.line, a.column, a.severity.rawValue, a.path, a.reason) < (b.line, b.column, b.severity.rawValue, b.path, b.reason)
    }
}

/// A line of a file, cut to fit a terminal, with the line of carets below it.
struct Excerpt: Hashable {
    var text: String
    var marker: String

    private static let width = 120

    init(line: String, column: Int, length: Int) {
        var scalars = Array(line.unicodeScalars)
        var start = min(max(column - 1, 0), scalars.count)
        if scalars.count > Self.width {
            let first = max(0, min(start - Self.width / 3, scalars.count - Self.width))
            let cut = scalars[first..<min(first + Self.width, scalars.count)]
            scalars = (first > 0 ? ["…"] : []) + cut + (cut.endIndex < scalars.count ? ["…"] : [])
            start = start - first + (first > 0 ? 1 : 0)
        }
        text = printable(String(String.UnicodeScalarView(scalars)), keepingTabs: true)
        // Tabs stay tabs, so that the caret aligns with the value.
        let indent = scalars[..<start].map { $0 == "\t" ? "\t" : " " }.joined()
        marker = indent + "^" + String(repeating: "~", count: max(0, min(length, scalars.count - start) - 1))
    }
}
