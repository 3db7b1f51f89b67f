import Federation
import FederationAPI
import Terminal

/// What one revision is beside another one.
struct RevisionDifference: Hashable, Sendable, Encodable {
    var from: UInt64
    var to: UInt64
    var plan: Plan
    /// The two files, line by line, as `diff -u` has it.
    var text: [TextDifference.Line]

    init(_ wire: WireDiffResponse) throws(ConversionError) {
        plan = try Plan(wire.plan)
        from = plan.base
        to = wire.to.number
        text = TextDifference.unified(from: wire.fromText, to: wire.toText)
    }

    var isEmpty: Bool { plan.isEmpty && text.isEmpty }

    func page(wide: Bool) -> Page {
        var page = Page()
        guard !isEmpty else {
            page.line(StyledText("revisions \(from) and \(to) are the same"))
            return page
        }
        page.append(plan.page(wide: wide))
        guard !text.isEmpty else { return page }
        page.heading("FILE")
        page.line(StyledText("--- revision \(from)", .bad))
        page.line(StyledText("+++ revision \(to)", .good))
        for line in text {
            switch line.kind {
            case .place: page.line(StyledText(line.text, .accent))
            case .same: page.line(StyledText(" \(line.text)"))
            case .added: page.line(StyledText("+\(line.text)", .good))
            case .removed: page.line(StyledText("-\(line.text)", .bad))
            }
        }
        return page
    }
}
