import Federation

/// Values that are kept from use, or are not any more: a revision with the same graph and another ledger.
extension Office {
    /// What became of the ledger, or would.
    package struct LedgerOutcome: Hashable, Sendable {
        /// The number of the revision in force afterwards.
        package var revision: UInt64
        package var changes: Bool
    }

    /// - Parameters:
    ///   - terms: their base and message count; without a message, values and reason are it.
    ///   - isRehearsal: nothing is changed.
    /// - Throws: `Refusal`, and `StoreError` where it cannot be written.
    package func reserve(
        _ reservation: Reservation, _ terms: Terms = .init(), rehearsing isRehearsal: Bool = false, by author: String
    ) async throws -> LedgerOutcome {
        var terms = terms
        if terms.message.isEmpty { terms.message = "\(reservation.values): \(reservation.reason)" }
        return try await change(.reserve, terms, isRehearsal, by: author) { ledger, now throws(AllocationError) in
            try ledger.reserve(reservation, at: now)
        }
    }

    package func release(
        _ values: Reservation.Values, _ terms: Terms = .init(), rehearsing isRehearsal: Bool = false, by author: String
    ) async throws -> LedgerOutcome {
        var terms = terms
        if terms.message.isEmpty { terms.message = "\(values)" }
        return try await change(.release, terms, isRehearsal, by: author) { ledger, _ throws(AllocationError) in
            try ledger.release(values)
        }
    }

    private func change(
        _ origin: RevisionOrigin, _ terms: Terms, _ isRehearsal: Bool, by author: String,
        _ body: (inout Ledger, Int64) throws(AllocationError) -> Void
    ) async throws -> LedgerOutcome {
        let base = current
        try await check(terms, origin, by: author, on: base)
        do {
            guard let graph = base.graph, let compilation = base.compilation else {
                throw Refusal.ledger(reason: "nothing was applied yet", remedy: "“fedctl apply -f FILE” makes the first revision")
            }
            var ledger = base.ledger
            let now = clock()
            do throws(AllocationError) {
                try body(&ledger, now)
            } catch {
                throw Refusal.ledger(
                    reason: error.problems.map(\.reason).joined(separator: "; "), remedy: error.problems.first?.remedy ?? "")
            }
            guard ledger != base.ledger, !isRehearsal else { return LedgerOutcome(revision: base.number, changes: ledger != base.ledger) }
            let number = base.number + 1
            let draft = RevisionDraft(
                summary: RevisionSummary(number: number, author: author, appliedAt: now, message: terms.message, origin: origin),
                text: base.text, graph: graph, ledger: ledger,
                compilation: try compilation.updated(to: graph, with: ledger, revision: number))
            return LedgerOutcome(revision: try await enact(draft, on: base.number).number, changes: true)
        } catch {
            throw await refusal(error, origin.action, by: author)
        }
    }
}
