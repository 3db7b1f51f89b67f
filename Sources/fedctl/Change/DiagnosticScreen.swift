import Federation
import Terminal

extension Diagnostic {
    /// As a screen: place and reason, the line, a caret below the value, the remedy.
    var page: Page {
        var page = Page()
        // `description` is the form that editors jump to; here it only gets colours. It is printable as it is, tabs included.
        let lines = description.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let style: Style = severity == .error ? .bad : .doubtful
        for (index, line) in lines.enumerated() {
            let mark = " \(severity.rawValue): "
            if index == 0, let range = line.firstRange(of: mark) {
                page.line(
                    StyledText(String(line[..<range.lowerBound]), .heading) + StyledText(mark, style)
                        + StyledText(String(line[range.upperBound...])))
            } else if index == 2, lines.count == 4 {
                page.line(.verbatim(line, style))
            } else {
                // The line of the file and the caret below it belong together; the remedy is a sentence.
                page.line(index == 1 && lines.count == 4 ? .verbatim(line) : StyledText(line))
            }
        }
        return page
    }

    /// With its line of a file that we have: the coordinator sends none.
    func quoting(_ text: String) -> Diagnostic {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        var diagnostic = self
        if lines.indices.contains(line - 1) { diagnostic.source = String(lines[line - 1]) }
        return diagnostic
    }
}

extension [Diagnostic] {
    /// All of them, with their number.
    ///
    /// - Parameter consequence: of errors; stands behind their number.
    func page(refused consequence: String) -> Page {
        var page = Page()
        for diagnostic in self { page.append(diagnostic.page) }
        let errors = count { $0.severity == .error }
        if errors > 0 { page.line(StyledText("\(Terminal.count(errors, "error")); \(consequence)", .heading)) }
        return page
    }
}
