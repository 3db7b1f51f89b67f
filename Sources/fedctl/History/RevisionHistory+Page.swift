import FederationAPI
import FederationModel
import Terminal

extension RevisionHistory {
    /// Those after a revision.
    func since(_ base: UInt64) -> [RevisionSummary] { revisions.filter { $0.number > base } }
}

extension RevisionSummary {
    /// `by bob 3m ago (apply): “tokyo is to be repaired”`.
    func made(now: Int64) -> String {
        "by \(author) \(age(milliseconds: now - appliedAt)) ago (\(how))\(message.isEmpty ? "" : ": “\(message)”")"
    }

    /// `apply`, `rollback to 3`.
    var how: String { restores.map { "\(origin.rawValue) to \($0)" } ?? origin.rawValue }
}

extension [RevisionSummary] {
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - inForce: the newest, which is marked; nil: none is.
    func page(now: Int64, title: String? = nil, pending: PendingCommit? = nil) -> Page {
        var table = Table(
            [
                .init("REVISION", .trailing), .init("AGE", .trailing), .init("TIME", wide: true), .init("ADMIN"), .init("HOW"),
                .init("+", .trailing), .init("~", .trailing), .init("-", .trailing), .init("GATEWAYS", .trailing),
                .init("GAINED", .trailing, wide: true), .init("LOST", .trailing, wide: true), .init("MESSAGE"),
            ], emptyNote: "nothing was applied yet: fedctl apply -f FILE")
        for revision in self {
            let mark = revision.number == pending?.revision ? " (awaiting confirmation)" : ""
            table.add([
                StyledText("\(revision.number)"), StyledText(age(milliseconds: now - revision.appliedAt)),
                StyledText(timestamp(revision.appliedAt)), StyledText("\(revision.author)"),
                StyledText(revision.how + mark, mark.isEmpty ? nil : .doubtful),
                StyledText("\(revision.size.added)", revision.size.added > 0 ? .good : .faint),
                StyledText("\(revision.size.changed)", revision.size.changed > 0 ? .doubtful : .faint),
                StyledText("\(revision.size.removed)", revision.size.removed > 0 ? .bad : .faint), StyledText("\(revision.size.gateways)"),
                StyledText("\(revision.size.gained)"), StyledText("\(revision.size.lost)"), StyledText(revision.message),
            ])
        }
        var page = Page()
        if let title { page.heading(StyledText(title)) }
        page.table(table)
        return page
    }
}

extension RevisionHistory {
    func page(now: Int64) -> Page {
        var page = revisions.page(now: now, pending: pendingCommit)
        if more, let last = revisions.last { page.line(StyledText("older ones: fedctl history --before \(last.number)", .faint)) }
        if let pendingCommit {
            page.gap()
            page.line(pendingCommit.line(now: now))
        }
        return page
    }
}

extension PendingCommit {
    /// `revision 4 awaits confirmation: rolls back to revision 3 in 280s unless you type: fedctl confirm`, or why it cannot roll back.
    func line(now: Int64) -> StyledText {
        if let obstacle {
            return StyledText("revision \(revision) was not confirmed, but stays in force: ", .bad)
                + StyledText("cannot roll back to \(comesBack): \(obstacle); type fedctl rollback N for another one, or fedctl confirm")
        }
        return StyledText("revision \(revision) awaits confirmation: ", .doubtful)
            + StyledText("rolls back to \(comesBack) in \(age(milliseconds: deadline - now)) unless you type: fedctl confirm")
    }
}
