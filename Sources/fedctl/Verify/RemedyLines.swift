import Terminal

extension [StyledText] {
    /// A remedy: what it says, and each line for a shell (in backticks) on a line of its own, to be copied.
    init(remedy: String) {
        self = remedy.split(separator: "`", omittingEmptySubsequences: false).enumerated().compactMap { index, part in
            guard index % 2 == 0 else { return .verbatim("  " + part, .accent) }
            // What joined two parts of a sentence joins two lines no more.
            let prose = part.drop { ";, ".contains($0) }
            let text = String(prose.reversed().drop { $0 == " " }.reversed())
            return text.isEmpty ? nil : StyledText(text)
        }
    }
}
