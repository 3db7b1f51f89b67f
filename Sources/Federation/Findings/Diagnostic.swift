/// What is wrong, or odd, at one place of a federation file.
package struct Diagnostic: Error, Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// What it means for the file.
    package enum Severity: String, Hashable, Sendable, Codable, CaseIterable {
        /// The file is refused.
        case error
        /// The file is taken as it is.
        case warning
    }

    package var severity: Severity
    /// As the reader was told; for people.
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1, in Unicode scalars.
    package var column: Int
    /// How many columns the value takes on this line, at least 1.
    package var length: Int
    /// Where in the document: `clouds.paris.gateways.gw1.vtep`; empty for the document as a whole.
    package var path: String
    /// The text that it is about, as the file has it; nil where something is missing.
    package var value: String?
    /// What is wrong, with the value.
    package var reason: String
    /// What to do, as an order.
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

/// A line of a file, cut so that it fits a terminal, with the line of carets that belongs below it.
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
        // Tabs stay tabs, so that the caret stands where the terminal puts the value.
        let indent = scalars[..<start].map { $0 == "\t" ? "\t" : " " }.joined()
        marker = indent + "^" + String(repeating: "~", count: max(0, min(length, scalars.count - start) - 1))
    }
}

/// `text` without anything that would move a terminal's cursor, change its colours or turn its writing direction.
///
/// A file may come from anywhere; its values are printed on the admin's terminal.
func printable(_ text: String, keepingTabs: Bool = false) -> String {
    guard text.unicodeScalars.contains(where: isUnprintable) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\t" where keepingTabs: result.unicodeScalars.append(scalar)
        case "\n": result += "\\n"
        case _ where isUnprintable(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

private func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f..<0xa0, 0x200b...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
    default: false
    }
}
