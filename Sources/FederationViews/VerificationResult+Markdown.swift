import Verification

extension VerificationResult {
    /// For tickets and pages: the sum, a row for each pair that is not well, and why the first ones are not.
    package var markdown: String {
        let states = VerdictState.allCases.compactMap { state in
            let count = pairCount(state)
            return count > 0 ? "\(count) \(state.word)" : nil
        }
        var text = "**\(size) \(size == 1 ? "pair" : "pairs")\(states.isEmpty ? "" : ": ")\(states.joined(separator: ", "))**\n"
        if let leaks, leaks > 0 { text += "\n**ISOLATION VIOLATED** by \(leaks) import paths (`fedctl isolation`)\n" }
        let unwell = pairs.filter(\.state.isUnwell)
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
            text += "\n**\(group.first.vpn): \(group.first.direction)\(others)**: \(plain(cause.sentence))\n\n"
            for line in cause.evidence { text += "- \(plain(line))\n" }
            text += "\nRemedy: \(plain(cause.remedy, keepingCode: true))\n"
        }
        return text
    }

    private func cell(_ text: String) -> String { plain(text, keepingCode: true).replacing("|", with: "\\|") }

    /// On one line, and no mark-up where somebody else’s text has its signs.
    private func plain(_ text: String, keepingCode: Bool = false) -> String {
        var result = ""
        for character in text {
            if character.isNewline {
                result += " "
            } else if "*_<>[]#\\".contains(character) && !keepingCode || character == "`" && !keepingCode {
                result += "\\\(character)"
            } else {
                result.append(character)
            }
        }
        return result
    }
}
