import FederationModel

/// Why a change was not looked at, with the next step. Nothing was changed.
package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Others applied since the base. `since` is what, the newest last, ten at most; empty where the base is ahead of us.
    case conflict(base: UInt64, current: UInt64, since: [RevisionSummary])
    /// `remaining` is in milliseconds.
    case awaitingConfirmation(PendingCommit, remaining: Int64)
    /// There is nothing to confirm.
    case nothingPending(current: UInt64)
    /// Another revision waits than the one that the admin meant.
    case otherPending(asked: UInt64, PendingCommit)
    /// It came too late: the coordinator is going back.
    case confirmationTooLate(PendingCommit)
    case noRevision(UInt64, newest: UInt64)
    case confirmSeconds(UInt32)
    case messageTooLong(Int)
    /// Other files are being read, or this one takes too long.
    case busy
    /// Nothing can be reserved before there is a graph, or the value is in use, or was not reserved.
    case ledger(reason: String, remedy: String)
    /// The database is not to be built upon.
    case fault(StoreFault)

    package var description: String {
        switch self {
        case .conflict(let base, let current, let since):
            let list = since.map { "\n  \($0.line)" }.joined()
            return "revision \(current) is in force, not \(base) on which this was based\(since.isEmpty ? "" : ":")\(list)"
        case .awaitingConfirmation(let pendingCommit, _) where pendingCommit.obstacle != nil:
            return
                "revision \(pendingCommit.revision) of \(pendingCommit.author) was not confirmed, and revision \(pendingCommit.fallback) cannot "
                + "come back: \(pendingCommit.obstacle ?? ""); “fedctl confirm” keeps it, “fedctl rollback N” goes to another one"
        case .awaitingConfirmation(let pendingCommit, let remaining):
            return
                "revision \(pendingCommit.revision) of \(pendingCommit.author) is on probation for \((remaining + 999) / 1000) s more, and then "
                + "revision \(pendingCommit.fallback) comes back; “fedctl confirm” keeps it, “fedctl rollback \(pendingCommit.fallback)” ends it"
        case .nothingPending(let current):
            return "nothing waits for a confirmation, and revision \(current) stays in force; see what was done: fedctl history"
        case .otherPending(let asked, let pendingCommit):
            return "revision \(pendingCommit.revision) of \(pendingCommit.author) waits for its confirmation, not revision \(asked); "
                + "look at it: fedctl diff \(pendingCommit.fallback)..\(pendingCommit.revision); then: fedctl confirm \(pendingCommit.revision)"
        case .confirmationTooLate(let pendingCommit):
            return "the time to confirm revision \(pendingCommit.revision) is over, and revision \(pendingCommit.fallback) comes back; "
                + "apply again, with more time: fedctl apply -f FILE --confirm 10m"
        case .noRevision(let number, let newest):
            return newest == 0
                ? "there is no revision \(number): nothing was applied yet; “fedctl apply -f FILE” makes the first one"
                : "there is no revision \(number); “fedctl history” lists them, from 1 to \(newest)"
        case .confirmSeconds(let seconds):
            return
                "\(seconds) s is no time for a confirmation; give \(PendingCommit.seconds.lowerBound) s to \(PendingCommit.seconds.upperBound) s"
        case .messageTooLong(let length):
            return "the message has \(length) bytes; give \(Terms.messageLimit) at most"
        case .busy: return "the coordinator is busy with the files of others, or this one takes too long; nothing was changed, ask again"
        case .fault(let fault): return "\(fault.reason.replacing("; ", with: ", ")); \(fault.remedy)"
        case .ledger(let reason, let remedy): return "\(reason); \(remedy)"
        }
    }
}

extension RevisionSummary {
    /// `6 by ada (apply): “one more VPN”, 1 added, 0 changed, 0 removed`
    var line: String {
        "\(number) by \(author) (\(origin.rawValue))\(message.isEmpty ? "" : ": “\(message)”"), \(size.added) added, \(size.changed) changed, "
            + "\(size.removed) removed"
    }
}
