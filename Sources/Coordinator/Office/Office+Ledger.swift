import Federation

/// Values that are kept from use, or are not any more: a revision with the same graph and another ledger.
extension Office {
    /// - Parameter base: the revision that the admin has seen; nil: whichever is in force.
    /// - Returns: the number of the revision in force afterwards.
    /// - Throws: `Refusal`, and `StoreError` where it cannot be written.
    package func reserve(_ reservation: Reservation, base: UInt64? = nil, by author: String) async throws -> UInt64 {
        let message = "\(reservation.values): \(reservation.reason)"
        return try await change(.reserve, Terms(base: base, message: message), by: author) { ledger, now throws(AllocationError) in
            try ledger.reserve(reservation, at: now)
        }
    }

    package func release(_ values: Reservation.Values, base: UInt64? = nil, by author: String) async throws -> UInt64 {
        try await change(.release, Terms(base: base, message: "\(values)"), by: author) { ledger, _ throws(AllocationError) in
            try ledger.release(values)
        }
    }

    private func change(
        _ origin: RevisionOrigin, _ terms: Terms, by author: String, _ body: (inout Ledger, Int64) throws(AllocationError) -> Void
    ) async throws -> UInt64 {
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
            guard ledger != base.ledger else { return base.number }
            let number = base.number + 1
            let draft = RevisionDraft(
                summary: RevisionSummary(number: number, author: author, appliedAt: now, message: terms.message, origin: origin),
                text: base.text, graph: graph, ledger: ledger,
                compilation: try compilation.updated(to: graph, with: ledger, revision: number))
            return try await enact(draft, on: base.number).number
        } catch {
            throw await refusal(error, origin.action, by: author)
        }
    }
}
