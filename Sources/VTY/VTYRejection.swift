import FRR

/// A configuration line that the daemon did not take, and what it said.
package struct VTYRejection: Hashable, Sendable, CustomStringConvertible {
    package let line: String
    package let status: VTYStatus
    /// FRR's words, without the line ends around them; may be empty.
    package let text: String

    package init(line: String, status: VTYStatus, text: String) {
        self.line = line
        self.status = status
        self.text = text
    }

    /// At most 240 characters, on one line.
    package var description: String {
        let said = FRRWords.firstSentence(of: text)
        return "“\(FRRWords.bounded(line.trimmingSpaces, to: 80))”: \(said.isEmpty ? status.description : said)"
    }

    /// One sentence for all: the refusal that explains the others, and how many more there are. Empty for none.
    ///
    /// Where a block's first line is refused, bgpd calls every line in it unknown: of those only the first line tells why.
    package static func summary(_ rejections: [VTYRejection]) -> String {
        let telling = rejections.first { ![.unknownCommand, .ambiguous, .incomplete].contains($0.status) } ?? rejections.first
        guard let telling else { return "" }
        let others = rejections.count - 1
        return telling.description + (others > 0 ? " (and \(others) more lines)" : "")
    }
}

/// What a daemon says, cut to what a report has room for.
enum FRRWords {
    /// The first line that says something, without `% ` before it; at most 160 characters, none of which is a control character.
    static func firstSentence(of text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline).map { line in
            String(line).trimmingSpaces.drop { $0 == "%" || $0 == " " }
        }
        return bounded(String(lines.first { !$0.isEmpty } ?? ""), to: 160)
    }

    static func bounded(_ text: String, to length: Int) -> String {
        let printable = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
        return printable.count > length ? printable.prefix(length - 1) + "…" : printable
    }
}
