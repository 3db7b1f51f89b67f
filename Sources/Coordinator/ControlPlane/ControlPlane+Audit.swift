import FederationAPI
import FederationModel
import Logging

/// What is written down of attempts that changed nothing.
extension ControlPlane {
    /// The error as the admin gets it; it is written down.
    func refusal(_ error: any Error, _ action: AuditEntry.Action, by author: Principal) async -> any Error {
        switch error {
        case StoreError.conflict(let base, let current):
            let refusal = Refusal.conflict(base: base, current: current, since: await since(base))
            await record(action, .conflict, by: author, refusal.reason)
            return refusal
        case StoreError.awaitingConfirmation(let pendingCommit):
            let refusal = Refusal.awaitingConfirmation(pendingCommit, remaining: pendingCommit.remaining(at: clock()))
            await record(action, .refused, by: author, refusal.description)
            return refusal
        case StoreError.faulty(let fault):
            let refusal = Refusal.fault(fault)
            await record(action, .refused, by: author, refusal.description)
            return refusal
        case let refusal as Refusal:
            await record(action, .refused, by: author, refusal.description)
            return refusal
        default:
            // A full disk, mostly.
            log.error("change cannot be made", metadata: ["action": "\(action.rawValue)", "error": "\(error)"])
            await record(action, .failed, by: author, "\(error)")
            return error
        }
    }

    /// What can be written down is; a store that fails has been complained of.
    func record(_ action: AuditEntry.Action, _ outcome: AuditEntry.Outcome, by author: Principal, _ detail: String) async {
        let entry = AuditEntry(at: clock(), author: author, action: action, outcome: outcome, revision: current.number, detail: detail)
        do {
            try await Task { try await store.record(entry) }.value
        } catch {
            log.error("attempt cannot be written down", metadata: ["action": "\(action.rawValue)", "error": "\(error)"])
        }
    }

    /// Revisions after the base, ten at most, the newest last.
    private func since(_ base: UInt64) async -> [RevisionSummary] {
        let newest = (try? await store.history(before: nil, limit: 10)) ?? []
        return newest.filter { $0.number > base }.reversed()
    }
}
