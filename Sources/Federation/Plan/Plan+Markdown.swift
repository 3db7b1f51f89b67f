import NetworkTypes

extension Plan {
    /// For a merge request: the same parts as `PlanText`, with changes coloured by `diff` blocks.
    ///
    /// - Parameter limit: The maximum of items per part; comments have a limited length.
    package func markdown(limit: Int = 100) -> String {
        var blocks = ["**\(escaped(headline))**"]
        if !findings.isEmpty {
            var table = ["| | finding | where | what | remedy |", "|---|---|---|---|---|"]
            for finding in findings.prefix(limit) {
                let mark = finding.severity == .error ? "❌" : "⚠️"
                let cells = [finding.code.rawValue, finding.path, finding.reason, finding.remedy].map(escaped)
                table.append("| \(mark) | " + cells.joined(separator: " | ") + " |")
            }
            if findings.count > limit { table.append("| | | | … and \(findings.count - limit) more | |") }
            blocks.append(table.joined(separator: "\n"))
        }
        var rest = self
        rest.findings = []
        var section: (title: String, lines: [String])?
        func close() {
            guard let section else { return }
            blocks.append("#### \(section.title)\n\n```diff\n\(section.lines.joined(separator: "\n"))\n```")
        }
        for line in PlanText(rest, limit: limit).lines.dropFirst() {
            switch line.kind {
            case .heading:
                close()
                section = (line.text, [])
            // `diff` colours by the first column, and `!` marks a change.
            case .changed: section?.lines.append("!" + line.text.dropFirst(3))
            case .added, .removed: section?.lines.append(String(line.text.dropFirst(2)))
            case .detail, .error, .warning: section?.lines.append(line.text)
            }
        }
        close()
        return blocks.joined(separator: "\n\n") + "\n"
    }

    /// Escapes markup and cell separators.
    private func escaped(_ text: String) -> String {
        var result = ""
        for character in printable(text) {
            if "\\`*_{}[]<>#|~&".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
