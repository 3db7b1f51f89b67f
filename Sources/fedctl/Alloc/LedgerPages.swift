import Federation
import FederationAPI
import Terminal

extension [LedgerEntry] {
    /// - Parameter now: milliseconds since 1970.
    func page(now: Int64) -> Page {
        var table = Table(
            [
                .init("KIND"), .init("VALUE"), .init("OWNER"), .init("STATE"), .init("AGE", .trailing), .init("FREE IN", .trailing),
                .init("REASON"),
            ], emptyNote: "nothing is allocated")
        for entry in self {
            table.add([
                StyledText(entry.kind.rawValue), StyledText(entry.value), StyledText(entry.owner ?? ""), entry.state.styled,
                StyledText(entry.since.flatMap { $0 > 0 ? age(milliseconds: now - $0) : nil } ?? ""),
                StyledText(entry.until.map { age(milliseconds: $0 - now) } ?? ""), StyledText(entry.reason),
            ])
        }
        var page = Page()
        page.table(table)
        return page
    }
}

extension LedgerEntry.State {
    fileprivate var styled: StyledText {
        switch self {
        case .quarantined: StyledText(rawValue, .doubtful)
        case .reserved: StyledText(rawValue, .accent)
        default: StyledText(rawValue)
        }
    }
}

extension [LedgerProblem] {
    var page: Page {
        var page = Page()
        guard !isEmpty else {
            page.line(StyledText("the ledger has no problems", .good))
            return page
        }
        for problem in self {
            page.line(
                StyledText("warning: ", .doubtful) + StyledText("\(problem.path): \(problem.reason) (\(problem.cause.rawValue))"))
            page.line(StyledText("remedy: ", .faint) + StyledText(problem.remedy), indentation: 4)
        }
        return page
    }
}
