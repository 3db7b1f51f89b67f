import Federation
import FederationAPI
import Terminal

/// What one revision is beside another one.
struct RevisionDifference: Hashable, Sendable, Encodable {
    var from: UInt64
    var to: UInt64
    var plan: Plan
    /// Numbers and addresses that are held or reserved in one of them only, or by others.
    var ledger: [LedgerChange]
    /// The two files, line by line, as `diff -u` has it.
    var text: [TextDifference.Line]

    init(_ comparison: RevisionComparison) {
        plan = comparison.plan
        from = comparison.plan.base
        to = comparison.to.number
        ledger = comparison.ledger
        text = TextDifference.unified(from: comparison.fromText, to: comparison.toText)
    }

    private enum CodingKeys: CodingKey {
        case from, to, plan, ledger, text
    }

    private enum LedgerKeys: CodingKey {
        case before, after
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(from, forKey: .from)
        try container.encode(to, forKey: .to)
        try container.encode(plan, forKey: .plan)
        var list = container.nestedUnkeyedContainer(forKey: .ledger)
        for change in ledger {
            var entry = list.nestedContainer(keyedBy: LedgerKeys.self)
            try entry.encodeIfPresent(change.before.map(LedgerLine.init), forKey: .before)
            try entry.encodeIfPresent(change.after.map(LedgerLine.init), forKey: .after)
        }
        try container.encode(text, forKey: .text)
    }

    var isEmpty: Bool { plan.changesNothing && ledger.isEmpty && text.isEmpty }

    /// - Parameter withText: with what changed of the file, line by line.
    func page(wide: Bool, withText: Bool = true) -> Page {
        var page = Page()
        guard !isEmpty else {
            page.line(StyledText("revisions \(from) and \(to) are the same"))
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
