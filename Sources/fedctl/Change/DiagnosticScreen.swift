import Federation
import FederationAPI
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

    /// A finding of the coordinator in a file that we have: it sends no lines.
    init(_ wire: WireDiagnostic, in text: String) {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        let line = Int(wire.line)
        self.init(
            severity: wire.severity == .warning ? .warning : .error, file: wire.file, line: max(1, line), column: max(1, Int(wire.column)),
            // A coordinator of before has no length.
            length: max(1, wire.length > 0 ? Int(wire.length) : wire.value.unicodeScalars.count), path: "",
            value: wire.value.isEmpty ? nil : wire.value, reason: wire.message,
            remedy: wire.remedy, source: lines.indices.contains(line - 1) ? String(lines[line - 1]) : "")
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
