import Federation
import FederationAPI
import Terminal

/// What became of a change.
struct ChangeOutcome: Hashable, Sendable, Encodable {
    /// In force afterwards.
    var revision: UInt64
    /// The change made it.
    var isNew: Bool
    var plan: Plan
    var pendingCommit: PendingCommit?
    /// What the agents did, where that was waited for.
    var wait: RolloutWatch?

    private enum CodingKeys: String, CodingKey {
        case revision, isNew = "new", plan, pendingCommit = "probation", wait
    }

    /// - Parameter now: milliseconds since 1970.
    func page(now: Int64) -> Page {
        var page = Page()
        guard isNew else {
            page.line(StyledText(revision == 0 ? "nothing to change" : "nothing to change; revision \(revision) stays in force"))
            return page
        }
        page.line(StyledText("revision \(revision) is in force: \(plan.count)"))
        if let pendingCommit {
            page.line(
                StyledText("awaiting confirmation: ", .doubtful)
                    + StyledText(
                        "rolls back to \(pendingCommit.comesBack) in \(age(milliseconds: pendingCommit.deadline - now)) unless you type: fedctl confirm"
                    ))
        }
        return page
    }
}

extension PendingCommit {
    /// `revision 3`, `the empty federation`.
    var comesBack: String { fallback == 0 ? "the empty federation" : "revision \(fallback)" }
}

extension Plan {
    /// `2 changes, 3 gateways affected`.
    var count: String {
        if isEmpty, changesText { return "only the file’s text changed (comments, layout); no gateway is affected" }
        let gateways = affected.isEmpty ? "no gateway is affected" : "\(Terminal.count(affected.count, "gateway")) affected"
        return "\(Terminal.count(objects.count, "change")), \(gateways)"
    }
}
