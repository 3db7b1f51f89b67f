import FederationModel

/// Why a change was not looked at, with the next step. Nothing was changed.
package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Others applied since the base. `since` is what, the newest last, ten at most; empty where the base is ahead of us.
    case conflict(base: UInt64, current: UInt64, since: [RevisionSummary])
    /// `remaining` is in milliseconds.
    case onProbation(Probation, remaining: Int64)
    /// There is nothing to confirm.
    case notOnProbation(current: UInt64)
    /// Another revision waits than the one that the admin meant.
    case otherOnProbation(asked: UInt64, Probation)
    /// It came too late: the coordinator is going back.
    case probationIsOver(Probation)
    case noRevision(UInt64, newest: UInt64)
    case probationSeconds(UInt32)
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
        case .onProbation(let probation, _) where probation.obstacle != nil:
            return "revision \(probation.revision) of \(probation.author) was not confirmed, and revision \(probation.fallback) cannot "
                + "come back: \(probation.obstacle ?? ""); “fedctl confirm” keeps it, “fedctl rollback N” goes to another one"
        case .onProbation(let probation, let remaining):
            return "revision \(probation.revision) of \(probation.author) is on probation for \((remaining + 999) / 1000) s more, and then "
                + "revision \(probation.fallback) comes back; “fedctl confirm” keeps it, “fedctl rollback \(probation.fallback)” ends it"
        case .notOnProbation(let current):
            return "nothing waits for a confirmation, and revision \(current) stays in force; see what was done: fedctl history"
        case .otherOnProbation(let asked, let probation):
            return "revision \(probation.revision) of \(probation.author) waits for its confirmation, not revision \(asked); "
                + "look at it: fedctl diff \(probation.fallback)..\(probation.revision); then: fedctl confirm \(probation.revision)"
        case .probationIsOver(let probation):
            return "the time to confirm revision \(probation.revision) is over, and revision \(probation.fallback) comes back; "
                + "apply again, with more time: fedctl apply -f FILE --confirm 10m"
        case .noRevision(let number, let newest):
            return newest == 0
                ? "there is no revision \(number): nothing was applied yet; “fedctl apply -f FILE” makes the first one"
                : "there is no revision \(number); “fedctl history” lists them, from 1 to \(newest)"
        case .probationSeconds(let seconds):
            return "\(seconds) s is no time for a confirmation; give \(Probation.seconds.lowerBound) s to \(Probation.seconds.upperBound) s"
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
