import Federation

/// Which part of a list that goes back in time is asked for.
package struct PageRequest: Hashable, Sendable {
    /// Only what has a lower number; nil: from the newest on.
    package var before: UInt64?
    /// At most so many; nil: as many as the coordinator likes to give at once.
    package var limit: Int?

    package init(before: UInt64? = nil, limit: Int? = nil) {
        self.before = before
        self.limit = limit
    }
}

/// Revisions, the newest first.
package struct RevisionHistory: Hashable, Sendable, Encodable {
    package var revisions: [RevisionSummary]
    /// There are older ones.
    package var more: Bool
    package var pendingCommit: PendingCommit?

    package init(revisions: [RevisionSummary], more: Bool, pendingCommit: PendingCommit? = nil) {
        self.revisions = revisions
        self.more = more
        self.pendingCommit = pendingCommit
    }

    private enum CodingKeys: String, CodingKey {
        case revisions, more
        case pendingCommit = "probation"
    }
}

/// Who tried what, the newest first.
package struct AuditTrail: Hashable, Sendable, Encodable {
    package var entries: [AuditEntry]
    /// There are older ones.
    package var more: Bool

    package init(entries: [AuditEntry], more: Bool) {
        self.entries = entries
        self.more = more
    }
}

/// The federation file of a revision, with what was allocated for it.
package struct AppliedFile: Hashable, Sendable {
    /// A number of the ledger.
    package struct Allocation: Hashable, Sendable, Encodable {
        package var kind: LedgerEntry.Kind
        /// `paris`, `blue`, `blue/cloud/paris`, `paris/gw1`.
        package var owner: String
        package var value: String

        package init(kind: LedgerEntry.Kind, owner: String, value: String) {
            self.kind = kind
            self.owner = owner
            self.value = value
        }
    }

    /// 0 before the first apply.
    package var revision: UInt64
    package var epoch: String
    /// As applied, with comments.
    package var text: String
    package var allocations: [Allocation]
    /// Who made the revision, when and how; nil before the first apply.
    package var summary: RevisionSummary?

    package init(revision: UInt64, epoch: String, text: String, allocations: [Allocation], summary: RevisionSummary? = nil) {
        self.revision = revision
        self.epoch = epoch
        self.text = text
        self.allocations = allocations
        self.summary = summary
    }
}

/// The difference between two revisions.
package struct RevisionComparison: Hashable, Sendable {
    /// The one that would have made the later revision of the earlier one, which is its base. It has no findings.
    package var plan: Plan
    package var to: RevisionSummary
    package var fromText: String
    package var toText: String
    /// Values that are held or reserved in one of the revisions only, or by others. Sorted.
    package var ledger: [LedgerChange]

    package init(plan: Plan, to: RevisionSummary, fromText: String, toText: String, ledger: [LedgerChange]) {
        self.plan = plan
        self.to = to
        self.fromText = fromText
        self.toText = toText
        self.ledger = ledger
    }
}

/// Everything that the ledger holds.
package struct LedgerListing: Hashable, Sendable {
    package var revision: UInt64
    /// Sorted.
    package var entries: [LedgerEntry]
    /// What an admin should know before it becomes an error. Sorted.
    package var problems: [LedgerProblem]

    package init(revision: UInt64, entries: [LedgerEntry], problems: [LedgerProblem]) {
        self.revision = revision
        self.entries = entries
        self.problems = problems
    }
}
