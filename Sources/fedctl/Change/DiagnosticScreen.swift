import Federation
import Terminal

extension Diagnostic {
    /// As a screen: place and reason, the line, a caret below the value, the remedy.
    var page: Page {
        var page = Page()
        let style: Style = severity == .error ? .bad : .doubtful
        page.line(StyledText("\(place):", .heading) + StyledText(" \(severity.rawValue): ", style) + StyledText(sentence))
        if let excerpt {
            // They belong together, tabs included.
            page.line(.verbatim("    \(excerpt.text)"))
            page.line(.verbatim("    \(excerpt.marker)", style))
        }
        page.line(StyledText("    remedy: \(remedy)"))
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
