import FederationAPI
import FederationModel
import Logging

/// A new revision, from what an admin asks for to the agents.
extension ControlPlane: FederationChanges {
    /// What a file would change. Changes nothing.
    /// - Throws: `Refusal.busy`
    package func plan(text: String, fileName: String, yesRemove: Int) async throws -> ChangeResult {
        let base = current
        let facts = facts(yesRemove: yesRemove)
        let proposal = try await planQueue.work { Proposal(text: text, fileName: fileName, on: base, facts) }
        return ChangeResult(
            revision: base.number, accepted: proposal.change != nil, plan: proposal.plan, diagnostics: proposal.diagnostics,
            pendingCommit: pendingCommit, base: base.summary)
    }

    /// What a rollback would change. Changes nothing.
    /// - Throws: `Refusal.noRevision`
    package func plan(rollbackTo number: UInt64, yesRemove: Int) async throws -> ChangeResult {
        let base = current
        let former = try await record(of: number)
        let facts = facts(yesRemove: yesRemove)
        let proposal = try await planQueue.work { Proposal(restoring: former, on: base, facts) }
        return ChangeResult(
            revision: base.number, accepted: proposal.change != nil, plan: proposal.plan, diagnostics: [], pendingCommit: pendingCommit,
            base: base.summary)
    }

    /// Makes a file the next revision, if nothing is in the way.
    ///
    /// - Throws: `Refusal`, and `StoreError` where it cannot be written.
    package func apply(_ order: ApplyOrder, by author: Principal) async throws -> ChangeResult {
        let base = current
        try await check(order.terms, .apply, by: author, on: base)
        let facts = facts(yesRemove: order.terms.yesRemove)
        let proposal = try await changeQueue.work { Proposal(text: order.text, fileName: order.fileName, on: base, facts) }
        return try await make(proposal, .apply, restores: nil, order.terms, by: author, on: base)
    }

    /// Makes a new revision with the graph of an old one.
    ///
    /// - Throws: `Refusal`, and `StoreError` where it cannot be written.
    package func rollback(_ order: RollbackOrder, by author: Principal) async throws -> ChangeResult {
        let base = current
        try await check(order.terms, .rollback, by: author, on: base)
        let former = try await record(of: order.number)
        let facts = facts(yesRemove: order.terms.yesRemove)
        let proposal = try await changeQueue.work { Proposal(restoring: former, on: base, facts) }
        return try await make(proposal, .rollback, restores: former.number, order.terms, by: author, on: base)
    }

    // MARK: The way of a change

    private func facts(yesRemove: Int) -> Proposal.Facts {
        let now = clock()
        let all = reports.all(at: now)
        let silent = all.filter { !$0.value.connected || $0.value.isStale(at: now) }.keys
        return Proposal.Facts(reports: all.mapValues(\.report), silent: Set(silent), now: now, yesRemove: yesRemove)
    }

    /// What can be said before anything is computed.
    func check(_ terms: ChangeConditions, _ origin: RevisionOrigin, by author: Principal, on current: Revision) async throws {
        do {
            if let fault = store.fault { throw StoreError.faulty(fault) }
            guard terms.message.utf8.count <= ChangeConditions.messageLimit else { throw Refusal.messageTooLong(terms.message.utf8.count) }
            if let seconds = terms.confirmSeconds, !PendingCommit.seconds.contains(seconds) { throw Refusal.confirmSeconds(seconds) }
            if let base = terms.base, base != current.number { throw StoreError.conflict(base: base, current: current.number) }
            if let pendingCommit, !origin.endsPendingCommit { throw StoreError.awaitingConfirmation(pendingCommit) }
        } catch {
            throw await refusal(error, origin.action, by: author)
        }
    }

    private func make(
        _ proposal: Proposal, _ origin: RevisionOrigin, restores: UInt64?, _ terms: ChangeConditions, by author: Principal,
        on base: Revision
    ) async throws -> ChangeResult {
        var result = ChangeResult(
            revision: base.number, accepted: false, plan: proposal.plan, diagnostics: proposal.diagnostics, pendingCommit: pendingCommit)
        guard let change = proposal.change else {
            let findings = (proposal.plan?.findings ?? []).filter { $0.severity == .error }
            let errors = proposal.diagnostics.filter { $0.severity == .error }.count + findings.count
            log.notice("change refused", metadata: ["author": "\(author)", "action": "\(origin.rawValue)", "errors": "\(errors)"])
            await record(origin.action, .refused, by: author, findings.first?.reason ?? "\(errors) errors in the file")
            return result
        }
        result.accepted = true
        // A rollback that changes nothing still ends a pending commit.
        if proposal.isNothing(on: base), pendingCommit == nil { return result }
        let now = clock()
        let summary = RevisionSummary(
            number: base.number + 1, author: author, appliedAt: now, message: terms.message, origin: origin, restores: restores,
            size: ChangeSize(change.plan))
        do {
            let next = try Revision(after: base, summary, text: proposal.text, change.compilation)
            try await enact(next, until: terms.confirmSeconds.map { now + Int64($0) * 1000 })
            result.revision = next.number
            result.pendingCommit = pendingCommit
            return result
        } catch {
            throw await refusal(error, origin.action, by: author)
        }
    }

    /// Stores a revision and puts it in force.
    ///
    /// - Parameter deadline: when it is rolled back unless it is confirmed, in milliseconds since 1970; nil: it stays.
    func enact(_ next: Revision, until deadline: Int64? = nil) async throws {
        // The admin may hang up meanwhile: what is on disk must come into force all the same.
        try await Task {
            do {
                enforce(InForce(revision: next, pendingCommit: try await store.commit(next.record, until: deadline)))
            } catch let error as StoreError {
                // What is stored is ahead of what we know: go on from there, or every apply would conflict.
                if case .conflict = error { await catchUp() }
                throw error
            }
            log.notice(
                "revision in force",
                metadata: [
                    "revision": "\(next.number)", "author": "\(next.author)", "origin": "\(next.summary.origin.rawValue)",
                    "gateways": "\(next.summary.size.gateways)",
                ])
            tell(next.summary, deadline: deadline)
        }.value
    }

    /// Puts in force what is stored, where that is later than what is. Where it cannot, the conflict that led here stays one: whoever changes
    /// something next tries again.
    private func catchUp() async {
        do {
            let stored = try await store.inForce()
            guard stored.revision.number > current.number else { return }
            let revision = try await catchUpQueue.work { Result { try Revision(compiling: stored.revision) } }.get()
            enforce(InForce(revision: revision, pendingCommit: stored.pendingCommit))
        } catch {
            log.warning("the stored revision cannot be put in force yet; the next change tries again", metadata: ["error": "\(error)"])
        }
    }

    private func tell(_ summary: RevisionSummary, deadline: Int64?) {
        events.tell(
            at: clock(),
            .revisionApplied(
                .init(
                    revision: summary.number, author: summary.author, origin: summary.origin, restores: summary.restores, deadline: deadline
                )
            ))
    }
}
