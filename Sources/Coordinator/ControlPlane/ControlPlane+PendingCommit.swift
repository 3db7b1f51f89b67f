import Federation
import FederationAPI
import Logging

/// Revisions that are taken back unless they are confirmed.
extension ControlPlane {
    /// The revision that awaits confirmation stays.
    ///
    /// - Parameter number: the one that is meant; nil: whichever waits.
    /// - Returns: its number.
    /// - Throws: `Refusal`, and `StoreError` where it cannot be written.
    package func confirm(_ number: UInt64?, by author: Principal) async throws -> UInt64 {
        let now = clock()
        do {
            guard let pendingCommit else { throw Refusal.nothingPending(current: current.number) }
            if let number, number != pendingCommit.revision { throw Refusal.otherPending(asked: number, pendingCommit) }
            // Where there is no way back, to stay is all that is left.
            guard !pendingCommit.isOver(at: now) || pendingCommit.obstacle != nil else { throw Refusal.confirmationTooLate(pendingCommit) }
            // The admin may hang up meanwhile.
            try await Task { try await store.confirm(pendingCommit.revision, by: author, at: now) }.value
            active.confirm(pendingCommit.revision)
            log.notice("revision confirmed", metadata: ["revision": "\(pendingCommit.revision)", "author": "\(author)"])
            events.tell(at: now, .revisionConfirmed(revision: pendingCommit.revision, author: author))
            return pendingCommit.revision
        } catch StoreError.nothingPending(_, let current) {
            throw await refusal(Refusal.nothingPending(current: current), .confirm, by: author)
        } catch {
            throw await refusal(error, .confirm, by: author)
        }
    }

    /// Goes back where the time for a confirmation is over.
    ///
    /// No report of an agent is looked at, and no number of withdrawals is too many: this is what the admin asked for. Whatever faults the
    /// fallback has, they were in force before, and are better than what nobody confirmed. Two things are not done: a leak is not brought
    /// back, which was let in by an older release if at all; and no number is given to a VPN that rests after another one's use. Either would
    /// join two tenants. Then the revision stays until an admin confirms it or goes elsewhere, and that is said.
    package func rollBackIfUnconfirmed() async {
        let now = clock()
        let inForce = inForce
        guard let pendingCommit = inForce.pendingCommit, pendingCommit.isOver(at: now) else { return }
        do {
            let base = inForce.revision
            let former = try await record(of: pendingCommit.fallback)
            let proposal = Proposal(restoring: former, on: base, .init(now: now, yesRemove: .max, takesFaults: true))
            guard let change = proposal.change else {
                throw GoingBackRefused(findings: (proposal.plan?.findings ?? []).filter { $0.severity == .error })
            }
            let summary = RevisionSummary(
                number: base.number + 1, author: .coordinator, appliedAt: now,
                message: "revision \(pendingCommit.revision) of \(pendingCommit.author) was not confirmed in time",
                origin: .automaticRollback,
                restores: former.number, size: ChangeSize(change.plan))
            try await enact(try Revision(after: base, summary, text: proposal.text, change.compilation))
        } catch StoreError.conflict {
            // Somebody went back at the same moment.
        } catch StoreError.nothingPending {
            // Somebody confirmed it at the last moment.
        } catch {
            // It is tried again, and said once: the cause is the same for hours, perhaps.
            guard active.obstruct(pendingCommit.revision, by: "\(error)") else { return }
            log.critical(
                "an unconfirmed revision cannot be taken back, and stays in force; it is tried again",
                metadata: [
                    "revision": "\(pendingCommit.revision)", "fallback": "\(pendingCommit.fallback)", "error": "\(error)",
                    "remedy": "“fedctl rollback” to another revision, or “fedctl confirm” to keep this one",
                ])
            await record(.automaticRollback, .failed, by: .coordinator, "\(error)")
        }
    }

    private struct GoingBackRefused: Error, CustomStringConvertible {
        var findings: [Finding]
        var description: String {
            findings.prefix(3).map { "\($0.path): \($0.reason)" }.joined(separator: "; ")
                + (findings.count > 3 ? "; and \(findings.count - 3) more" : "")
        }
    }
}

/// Looks again and again whether the time to confirm a pending commit is over.
package struct PendingCommitWatch: Sendable {
    let changes: any AutomaticChanges
    let interval: Duration

    package init(changes: any AutomaticChanges, interval: Duration = .milliseconds(500)) {
        self.changes = changes
        self.interval = interval
    }

    /// Where it cannot go back, it plans that less often: of a large federation that is work.
    private static let patience = 20

    /// Until cancelled.
    package func run() async {
        while !Task.isCancelled {
            await changes.rollBackIfUnconfirmed()
            try? await Task.sleep(for: changes.inForce.pendingCommit?.obstacle == nil ? interval : interval * Self.patience)
        }
    }
}
