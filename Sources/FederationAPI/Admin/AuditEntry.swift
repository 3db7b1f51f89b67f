/// Who tried to change the federation, when, and what became of it.
package struct AuditEntry: Hashable, Sendable, Encodable {
    package enum Action: String, Hashable, Sendable, CaseIterable, Encodable {
        case apply, rollback
        case automaticRollback = "automatic-rollback"
        case confirm, reserve, release
        case vniChange = "vni-change"
        case backup, restore, adopt
    }

    package enum Outcome: String, Hashable, Sendable, CaseIterable, Encodable {
        case done
        /// By a rule: errors in the file, a leak, too many withdrawals, a pending commit.
        case refused
        /// Another revision was in force than the one that the change was based on.
        case conflict
        /// The coordinator could not do it.
        case failed
    }

    /// From 1, in the order of time; the store's.
    package var number: UInt64
    /// Milliseconds since 1970 by the coordinator's clock.
    @RFC3339 package var at: Int64
    /// An admin's name, or `AuditEntry.coordinator`.
    package var author: String
    package var action: Action
    package var outcome: Outcome
    /// In force afterwards.
    package var revision: UInt64
    /// For people.
    package var detail: String

    package init(
        number: UInt64 = 0, at: Int64, author: String, action: Action, outcome: Outcome, revision: UInt64, detail: String = ""
    ) {
        self.number = number
        self.at = at
        self.author = author
        self.action = action
        self.outcome = outcome
        self.revision = revision
        self.detail = detail
    }

    /// The author of what the coordinator does by itself. No admin's name has brackets.
    package static let coordinator = "(coordinator)"
}

extension RevisionOrigin {
    package var action: AuditEntry.Action {
        switch self {
        case .apply: .apply
        case .rollback: .rollback
        case .automaticRollback: .automaticRollback
        case .reserve: .reserve
        case .release: .release
        case .vniChange: .vniChange
        }
    }
}
