import FederationAPI
import FederationModel
import Terminal

/// Revisions, the newest first.
struct History: Hashable, Sendable, Encodable {
    var revisions: [RevisionView]
    /// There are older ones.
    var more: Bool
    var probation: ProbationView?

    init(_ wire: WireGetHistoryResponse) {
        revisions = wire.revisions.map(RevisionView.init(_:))
        more = wire.more
        probation = wire.hasProbation ? ProbationView(wire.probation) : nil
    }

    /// Those after a revision.
    func since(_ base: UInt64) -> [RevisionView] { revisions.filter { $0.number > base } }
}

/// What the history says of a revision.
struct RevisionView: Hashable, Sendable, Encodable {
    var number: UInt64
    var author: String
    /// Milliseconds since 1970 by the coordinator's clock.
    @RFC3339 var appliedAt: Int64
    var message: String
    /// `apply`, `rollback`, `automatic-rollback`, `reserve`, `release`.
    var origin: String
    /// The revision whose graph it took up again.
    var restores: UInt64?
    var added: UInt32
    var changed: UInt32
    var removed: UInt32
    var gateways: UInt32
    var gained: UInt32
    var lost: UInt32

    init(_ wire: WireRevisionSummary) {
        number = wire.number
        author = wire.author
        appliedAt = wire.appliedAtMilliseconds
        message = wire.message
        origin = wire.origin
        restores = wire.hasRestores ? wire.restores : nil
        added = wire.added
        changed = wire.changed
        removed = wire.removed
        gateways = wire.gateways
        gained = wire.gained
        lost = wire.lost
    }

    /// `by bob 3m ago (apply): “tokyo is to be repaired”`.
    func made(now: Int64) -> String {
        "by \(author) \(age(milliseconds: now - appliedAt)) ago (\(how))\(message.isEmpty ? "" : ": “\(message)”")"
    }

    /// `apply`, `rollback to 3`.
    var how: String { restores.map { "\(origin) to \($0)" } ?? origin }
}

extension [RevisionView] {
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - inForce: the newest, which is marked; nil: none is.
    func page(now: Int64, title: String? = nil, probation: ProbationView? = nil) -> Page {
        var table = Table(
            [
                .init("REVISION", .trailing), .init("AGE", .trailing), .init("TIME", wide: true), .init("ADMIN"), .init("HOW"),
                .init("+", .trailing), .init("~", .trailing), .init("-", .trailing), .init("GATEWAYS", .trailing),
                .init("GAINED", .trailing, wide: true), .init("LOST", .trailing, wide: true), .init("MESSAGE"),
            ], emptyNote: "nothing was applied yet: fedctl apply -f FILE")
        for revision in self {
            let mark = revision.number == probation?.revision ? " (on probation)" : ""
            table.add([
                StyledText("\(revision.number)"), StyledText(age(milliseconds: now - revision.appliedAt)),
                StyledText(timestamp(revision.appliedAt)), StyledText(revision.author),
                StyledText(revision.how + mark, mark.isEmpty ? nil : .doubtful),
                StyledText("\(revision.added)", revision.added > 0 ? .good : .faint),
                StyledText("\(revision.changed)", revision.changed > 0 ? .doubtful : .faint),
                StyledText("\(revision.removed)", revision.removed > 0 ? .bad : .faint), StyledText("\(revision.gateways)"),
                StyledText("\(revision.gained)"), StyledText("\(revision.lost)"), StyledText(revision.message),
            ])
        }
        var page = Page()
        if let title { page.heading(StyledText(title)) }
        page.table(table)
        return page
    }
}

extension History {
    func page(now: Int64) -> Page {
        var page = revisions.page(now: now, probation: probation)
        if more, let last = revisions.last { page.line(StyledText("older ones: fedctl history --before \(last.number)", .faint)) }
        if let probation {
            page.gap()
            page.line(probation.line(now: now))
        }
        return page
    }
}

extension ProbationView {
    /// `revision 4 is on probation: revision 3 comes back in 280s unless you type: fedctl confirm`, or why it does not come back.
    func line(now: Int64) -> StyledText {
        if let obstacle {
            return StyledText("revision \(revision) was not confirmed, and stays: ", .bad)
                + StyledText("\(comesBack) cannot come back: \(obstacle); type fedctl rollback N to another one, or fedctl confirm")
        }
        return StyledText("revision \(revision) is on probation: ", .doubtful)
            + StyledText("\(comesBack) comes back in \(age(milliseconds: deadline - now)) unless you type: fedctl confirm")
    }
}
