import Federation
import FederationAPI

/// What was.
extension AdminServiceProvider {
    /// Summaries and entries in one answer, at most.
    private static let page = 1000

    package func history(_ page: PageRequest) async throws -> RevisionHistory {
        try await refusing {
            let limit = limit(page)
            let found = try await revisions.history(before: page.before, limit: limit + 1)
            return RevisionHistory(
                revisions: Array(found.prefix(limit)), more: found.count > limit, pendingCommit: revisions.inForce.pendingCommit)
        }
    }

    package func audit(_ page: PageRequest) async throws -> AuditTrail {
        try await refusing {
            let limit = limit(page)
            let found = try await revisions.audit(before: page.before, limit: limit + 1)
            return AuditTrail(entries: Array(found.prefix(limit)), more: found.count > limit)
        }
    }

    package func file(of number: UInt64?) async throws -> AppliedFile {
        try await refusing {
            let revision: RevisionRecord =
                if let number { try await revisions.record(of: number) } else { revisions.inForce.revision.record }
            return AppliedFile(
                revision: revision.number, epoch: revision.epoch, text: revision.text,
                allocations: revision.held.map { .init(kind: $0.kind, owner: $0.owner ?? "", value: $0.value) },
                summary: revision.number > 0 ? revision.summary : nil)
        }
    }

    package func comparison(from: UInt64, to: UInt64?) async throws -> RevisionComparison {
        try await refusing {
            let (from, to) = (try await revisions.revision(from), try await revision(to))
            return RevisionComparison(
                plan: from.difference(to: to), to: to.summary, fromText: from.text, toText: to.text,
                ledger: LedgerChange.between(from.record.entries, to.record.entries))
        }
    }

    package func ledger() async throws -> LedgerListing {
        let revision = revisions.inForce.revision
        return LedgerListing(
            revision: revision.number, entries: revision.record.entries, problems: revision.graph.map { revision.ledger.check($0) } ?? [])
    }

    /// - Parameter number: nil: the one in force.
    private func revision(_ number: UInt64?) async throws -> Revision {
        guard let number else { return revisions.inForce.revision }
        return try await revisions.revision(number)
    }

    private func limit(_ page: PageRequest) -> Int { min(page.limit ?? Self.page, Self.page) }
}
