import NetworkTypes
import Verification

extension VerificationResult {
    /// For tickets and pages: the sum, a row for each pair that is not well or waits, and why the first ones are not.
    package var markdown: String {
        let states = VerdictState.allCases.compactMap { state in
            let count = pairCount(state)
            return count > 0 ? "\(count) \(state.word)" : nil
        }
        var text = "**\(size) \(size == 1 ? "pair" : "pairs")\(states.isEmpty ? "" : ": ")\(states.joined(separator: ", "))**\n"
        if let leaks, leaks > 0 { text += "\n**ISOLATION VIOLATED** by \(leaks) import paths (`fedctl isolation`)\n" }
        let unwell = pairs.filter(\.state.isExplained)
        guard !unwell.isEmpty else { return text }
        text += "\n| VPN | origin → viewer | state | broken at | cause |\n|---|---|---|---|---|\n"
        for pair in unwell {
            let cells = [
                pair.vpn.text, pair.direction, pair.state.word, pair.cause?.step.place ?? "", pair.cause.map { "`\($0.code)`" } ?? "",
            ]
            text += "| " + cells.map(cell).joined(separator: " | ") + " |\n"
        }
        for group in VerdictSummary(of: unwell, limit: 10).groups {
            guard let cause = group.first.cause else { continue }
            let others = group.pairs > 1 ? " and \(group.pairs - 1) more" : ""
            text += "\n**\(group.first.vpn): \(group.first.direction)\(others)**: \(markdownLine(cause.sentence))\n\n"
            for line in cause.evidence { text += "- \(markdownLine(line))\n" }
            text += "\nRemedy: \(markdownLine(cause.remedy, keepingCode: true))\n"
        }
        return text
    }

    private func cell(_ text: String) -> String { markdownLine(text, keepingCode: true).replacing("|", with: "\\|") }
}

/// On one line, and no mark-up where somebody else’s text has its signs.
/// - Parameter keepingCode: What stands between two single backticks stays code.
func markdownLine(_ text: String, keepingCode: Bool = false) -> String {
    let scalars = Array(printable(text.split(whereSeparator: \.isNewline).joined(separator: " ")).unicodeScalars)
    var result = String.UnicodeScalarView()
    var place = 0
    while place < scalars.count {
        let scalar = scalars[place]
        guard scalar == "`" else {
            if "*_<>[]#\\~".unicodeScalars.contains(scalar) { result.append("\\") }
            result.append(scalar)
            place += 1
            continue
        }
        let end = backticks(scalars, from: place)
        // As many backticks as opened it close a code span; nothing in it is mark-up.
        if keepingCode, end == place + 1, let close = closing(scalars, from: end) {
            result.append(contentsOf: scalars[place...close])
            place = close + 1
        } else {
            for scalar in scalars[place..<end] {
                result.append("\\")
                result.append(scalar)
            }
            place = end
        }
    }
    return String(result)
}

/// The end of the run of backticks that begins there.
private func backticks(_ scalars: [Unicode.Scalar], from place: Int) -> Int {
    scalars[place...].firstIndex { $0 != "`" } ?? scalars.count
}

/// The next backtick that stands alone.
private func closing(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
    var place = start
    while let next = scalars[place...].firstIndex(of: "`") {
        let end = backticks(scalars, from: next)
        if end == next + 1 { return next }
        place = end
    }
    return nil
}
