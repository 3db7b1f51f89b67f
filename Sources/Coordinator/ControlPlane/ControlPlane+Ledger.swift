import Federation
import FederationAPI
import FederationModel

/// Values that are kept from use, or are not any more: a revision with the same graph and another ledger.
extension ControlPlane {
    /// - Parameters:
    ///   - terms: their base and message count; without a message, values and reason are it.
    ///   - isRehearsal: nothing is changed.
    /// - Throws: `Refusal`, and `StoreError` where it cannot be written.
    package func reserve(
        _ reservation: Reservation, _ terms: ChangeConditions = .init(), rehearsing isRehearsal: Bool = false, by author: Principal
    ) async throws -> LedgerOutcome {
        var terms = terms
        if terms.message.isEmpty { terms.message = "\(reservation.values): \(reservation.reason)" }
        return try await change(.reserve, terms, isRehearsal, by: author) { ledger, now throws(AllocationError) in
            try ledger.reserve(reservation, at: now)
        }
    }

    package func release(
        _ values: Reservation.Values, _ terms: ChangeConditions = .init(), rehearsing isRehearsal: Bool = false, by author: Principal
    ) async throws -> LedgerOutcome {
        var terms = terms
        if terms.message.isEmpty { terms.message = "\(values)" }
        return try await change(.release, terms, isRehearsal, by: author) { ledger, _ throws(AllocationError) in
            try ledger.release(values)
        }
    }

    private func change(
        _ origin: RevisionOrigin, _ terms: ChangeConditions, _ isRehearsal: Bool, by author: Principal,
        _ body: (inout Ledger, Int64) throws(AllocationError) -> Void
    ) async throws -> LedgerOutcome {
        let base = current
        try await check(terms, origin, by: author, on: base)
        do {
            guard base.graph != nil else { throw Self.nothingApplied }
            var ledger = base.ledger
            let now = clock()
            do throws(AllocationError) {
                try body(&ledger, now)
            } catch {
                throw Refusal.ledger(
                    reason: error.problems.map(\.reason).joined(separator: "; "), remedy: error.problems.first?.remedy ?? "")
            }
            guard ledger != base.ledger, !isRehearsal else { return LedgerOutcome(revision: base.number, changes: ledger != base.ledger) }
            let revision = try await enact(ledger, on: base, origin, by: author, at: now, message: terms.message)
            return LedgerOutcome(revision: revision, changes: true)
        } catch {
            throw await refusal(error, origin.action, by: author)
        }
    }

    private static let nothingApplied = Refusal.ledger(
        reason: "nothing was applied yet", remedy: "“fedctl apply -f FILE” makes the first revision")

    /// The graph in force with another ledger, as the next revision.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: its number.
    func enact(
        _ ledger: Ledger, on base: Revision, _ origin: RevisionOrigin, by author: Principal, at now: Int64, message: String
    ) async throws -> UInt64 {
        guard let graph = base.graph, let compilation = base.compilation else { throw Self.nothingApplied }
        let next = try compilation.updated(to: graph, with: ledger, revision: base.number + 1)
        var size = ChangeSize()
        size.gateways = next.differences(since: compilation).count
        let summary = RevisionSummary(
            number: base.number + 1, author: author, appliedAt: now, message: message, origin: origin, size: size)
        let revision = try Revision(after: base, summary, text: base.text, next)
        try await enact(revision)
        return revision.number
    }
}
