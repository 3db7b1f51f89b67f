import Federation
import Terminal

extension Plan {
    /// All that would be done: what changes of clouds and VPNs, what that makes of the gateways, who reaches whom.
    /// Findings are not in it: they are shown at their places in the file.
    ///
    /// - Parameter wide: with every gateway and every pair.
    func page(wide: Bool) -> Page {
        var plan = self
        plan.findings = []
        return PlanText(plan, limit: wide ? .max : Self.itemLimit).page
    }

    /// More of a part than these are counted and not named.
    private static let itemLimit = 20
}

extension PlanText {
    var page: Page {
        var page = Page()
        for line in lines {
            switch line.kind {
            case .heading: page.line(StyledText(line.text, .heading))
            case .added: page.line(StyledText(line.text, .good))
            case .changed, .warning: page.line(StyledText(line.text, .doubtful))
            case .removed, .error: page.line(StyledText(line.text, .bad))
            case .detail: page.line(StyledText(line.text))
            }
        }
        return page
    }
}

extension [Finding] {
    /// Without the places of a file.
    var page: Page {
        var page = Page()
        for finding in self {
            let style: Style = finding.severity == .error ? .bad : .doubtful
            let place = finding.path.isEmpty ? "" : "\(finding.path): "
            page.line(
                StyledText("\(finding.severity.rawValue): ", style) + StyledText("\(place)\(finding.reason) (\(finding.code.rawValue))"))
            page.line(StyledText("remedy: ", .faint) + StyledText(finding.remedy), indentation: 4)
        }
        let errors = count { $0.severity == .error }
        if errors > 0 { page.line(StyledText("\(Terminal.count(errors, "error")); nothing was applied", .heading)) }
        return page
    }
}
