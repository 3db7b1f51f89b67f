import FederationAPI
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
    /// The name has no meaning that could be forgotten. `known` are the cloud's names that have one.
    case notPinned(AttachmentSelector, CloudName, known: [AttachmentSelector])
    /// The database is not to be built upon.
    case fault(StoreFault)

    package var reason: String {
        switch self {
        case .conflict(let base, let current, let since):
            let list = since.map { "\n  \($0.line)" }.joined()
            return "revision \(current) is in force, but this is based on revision \(base)\(since.isEmpty ? "" : ":")\(list)"
        case .awaitingConfirmation(let pending, _) where pending.obstacle != nil:
            return
                "revision \(pending.revision) of \(pending.author) was not confirmed, but rollback to revision \(pending.fallback) failed: "
                + (pending.obstacle ?? "")
        case .awaitingConfirmation(let pending, let remaining):
            return "revision \(pending.revision) of \(pending.author) awaits confirmation for \((remaining + 999) / 1000) s more, then "
                + "rolls back to revision \(pending.fallback)"
        case .nothingPending(let current): return "no revision awaits confirmation, revision \(current) stays in force"
        case .otherPending(let asked, let pending):
            return "revision \(pending.revision) of \(pending.author) awaits confirmation, not revision \(asked)"
        case .confirmationTooLate(let pending):
            return "the time to confirm revision \(pending.revision) is over: rolls back to revision \(pending.fallback)"
        case .noRevision(let number, let newest):
            return newest == 0 ? "unknown revision \(number): nothing was applied yet" : "unknown revision \(number)"
        case .confirmSeconds(let seconds): return "invalid confirmation time \(seconds) s"
        case .messageTooLong(let length): return "invalid message: has \(length) bytes"
        case .busy: return "the coordinator is busy, or this file takes too long"
        case .notPinned(let selector, let cloud, _): return "\(selector) of \(cloud) is not pinned"
        case .fault(let fault): return fault.reason
        case .ledger(let reason, _): return reason
        }
    }

    package var remedy: String {
        switch self {
        case .conflict: return AdminRefusal.conflictRemedy
        case .awaitingConfirmation(let pending, _) where pending.obstacle != nil:
            return "“fedctl confirm” keeps it, “fedctl rollback N” selects another one"
        case .awaitingConfirmation(let pending, _): return "“fedctl confirm” keeps it, “fedctl rollback \(pending.fallback)” ends it"
        case .nothingPending: return "see the history: fedctl history"
        case .otherPending(_, let pending):
            return "review it: fedctl diff \(pending.fallback)..\(pending.revision); then: fedctl confirm \(pending.revision)"
        case .confirmationTooLate: return "apply again with more time: fedctl apply -f FILE --confirm 10m"
        case .noRevision(_, let newest):
            return newest == 0 ? "“fedctl apply -f FILE” makes the first one" : "“fedctl history” lists revisions 1–\(newest)"
        case .confirmSeconds: return "choose \(PendingCommit.seconds.lowerBound)–\(PendingCommit.seconds.upperBound) s"
        case .messageTooLong: return "use at most \(ChangeConditions.messageLimit) bytes"
        case .busy: return "nothing was changed: retry"
        case .notPinned(_, let cloud, let known):
            guard !known.isEmpty else {
                return "no name of \(cloud) is: agents pin those that the federation file has, when they find them"
            }
            let names = known.prefix(5).map(\.description).joined(separator: ", ")
            return "these names of \(cloud) are: \(names)\(known.count > 5 ? " and \(known.count - 5) more" : "")"
        case .fault(let fault): return fault.remedy
        case .ledger(_, let remedy): return remedy
        }
    }

    package var description: String { "\(reason); \(remedy)" }
}

extension AdminRefusal {
    package init(_ refusal: Refusal) {
        let code: Code =
            switch refusal {
            case .conflict: .conflict
            case .awaitingConfirmation: .awaitingConfirmation
            case .nothingPending, .otherPending, .confirmationTooLate: .notConfirmable
            case .noRevision: .unknownRevision
            case .confirmSeconds, .messageTooLong, .notPinned: .invalidRequest
            case .busy: .busy
            case .ledger: .ledger
            case .fault: .database
            }
        self.init(code, refusal.reason, remedy: refusal.remedy)
    }
}

extension RevisionSummary {
    /// `6 by ada (apply): “one more VPN”, 1 added, 0 changed, 0 removed`
    var line: String {
        "\(number) by \(author) (\(origin.rawValue))\(message.isEmpty ? "" : ": “\(message)”"), \(size.added) added, \(size.changed) changed, "
            + "\(size.removed) removed"
    }
}
