import Federation
import FederationViews
import Terminal

extension RevisionDifference {
    /// - Parameter withText: with what changed of the file, line by line.
    func page(wide: Bool, withText: Bool = true) -> Page {
        var page = Page()
        guard !isEmpty else {
            page.line(StyledText("revisions \(from) and \(to) are identical"))
            return page
        }
        let sum = plan.changesNothing ? "only the ledger changes" : plan.sum
        page.append(plan.page(wide: wide, headline: "revision \(from)..\(to) of \(plan.federation): \(sum)"))
        page.append(ledgerPage(limit: wide ? .max : Plan.itemLimit))
        guard !text.isEmpty, withText else { return page }
        page.heading("FILE")
        page.line(StyledText("--- revision \(from)", .bad))
        page.line(StyledText("+++ revision \(to)", .good))
        for line in text {
            switch line.kind {
            case .place: page.line(.verbatim(line.text, .accent))
            case .same: page.line(.verbatim(" \(line.text)"))
            case .added: page.line(.verbatim("+\(line.text)", .good))
            case .removed: page.line(.verbatim("-\(line.text)", .bad))
            }
        }
        return page
    }

    private func ledgerPage(limit: Int) -> Page {
        var page = Page()
        guard !ledger.isEmpty else { return page }
        page.line(StyledText("ledger", .heading))
        for change in ledger.prefix(limit) {
            let style: Style =
                switch change.kind {
                case .added: .good
                case .changed: .doubtful
                case .removed: .bad
                }
            page.line(StyledText("\(change.kind.mark) \(change.description)", style), indentation: 2)
        }
        if ledger.count > limit { page.line(StyledText("… and \(ledger.count - limit) more"), indentation: 2) }
        return page
    }
}
