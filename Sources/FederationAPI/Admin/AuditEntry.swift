/// Who tried to change the federation, when, and what became of it.
package struct AuditEntry: Hashable, Sendable {
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
    package var author: Principal
    package var action: Action
    package var outcome: Outcome
    /// In force afterwards.
    package var revision: UInt64
    /// For people.
    package var detail: String

    package init(
        number: UInt64 = 0, at: Int64, author: Principal, action: Action, outcome: Outcome, revision: UInt64, detail: String = ""
    ) {
        self.number = number
        self.at = at
        self.author = author
        self.action = action
        self.outcome = outcome
        self.revision = revision
        self.detail = detail
    }
}

extension AuditEntry: Encodable {
    private enum CodingKeys: CodingKey { case number, at, author, certificate, action, outcome, revision, detail }

    /// The author by name, and the certificate beside it.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(number, forKey: .number)
        try container.encode(_at, forKey: .at)
        try container.encode(author.description, forKey: .author)
        try container.encodeIfPresent(author.certificate, forKey: .certificate)
        try container.encode(action, forKey: .action)
        try container.encode(outcome, forKey: .outcome)
        try container.encode(revision, forKey: .revision)
        try container.encode(detail, forKey: .detail)
    }
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
