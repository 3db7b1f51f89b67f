import Federation
import Terminal

extension Plan {
    /// All that would be done: what changes of clouds and VPNs, what that makes of the gateways, who reaches whom.
    /// Findings are not in it: they are shown at their places in the file.
    ///
    /// - Parameters:
    ///   - wide: with every gateway and every pair.
    ///   - headline: nil: the plan's own.
    ///   - note: stands below the headline.
    func page(wide: Bool, headline: String? = nil, note: StyledText? = nil) -> Page {
        var plan = self
        plan.findings = []
        return PlanText(plan, limit: wide ? .max : Self.itemLimit, headline: headline).page(note: note)
    }

    /// The sum once more, below a plan that is long and what is to be said of it.
    var lastLine: Page {
        var page = Page()
        if !changesNothing { page.line(StyledText("sum: \(sum)", .heading)) }
        return page
    }

    /// More of a part than these are counted and not named.
    static let itemLimit = 20
}

extension PlanText {
    func page(note: StyledText?) -> Page {
        var page = Page()
        for (number, line) in lines.enumerated() {
            if number == 1, let note { page.line(note) }
            switch line.kind {
            case .heading: page.line(StyledText(line.text, .heading))
            case .added: page.line(StyledText(line.text, .good))
            case .changed, .warning: page.line(StyledText(line.text, .doubtful))
            case .removed, .error: page.line(StyledText(line.text, .bad))
            case .detail: page.line(StyledText(line.text))
            }
        }
        if lines.count == 1, let note { page.line(note) }
        return page
    }
}

extension [Finding] {
    /// Without the places of a file.
    ///
    /// - Parameter consequence: of errors; stands behind their number.
    func page(refused consequence: String) -> Page {
        var page = Page()
        for finding in self {
            let style: Style = finding.severity == .error ? .bad : .doubtful
            let place = finding.path.isEmpty ? "" : "\(finding.path): "
            page.line(
                StyledText("\(finding.severity.rawValue): ", style) + StyledText("\(place)\(finding.reason) (\(finding.code.rawValue))"))
            page.line(StyledText("remedy: ", .faint) + StyledText(finding.remedy), indentation: 4)
        }
        let errors = count { $0.severity == .error }
        if errors > 0 { page.line(StyledText("\(Terminal.count(errors, "error")); \(consequence)", .heading)) }
        return page
    }
}
