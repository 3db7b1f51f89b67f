import FederationModel

/// Who tried to change the federation, when, and what became of it.
package struct AuditEntry: Hashable, Sendable {
    package struct Action: OpenWord {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let apply = Self(rawValue: "apply")
        package static let rollback = Self(rawValue: "rollback")
        package static let automaticRollback = Self(rawValue: "automatic-rollback")
        package static let confirm = Self(rawValue: "confirm")
        package static let reserve = Self(rawValue: "reserve")
        package static let release = Self(rawValue: "release")
        package static let vniChange = Self(rawValue: "vni-change")
        package static let backup = Self(rawValue: "backup")
        package static let restore = Self(rawValue: "restore")
        package static let adopt = Self(rawValue: "adopt")
        package static let unpin = Self(rawValue: "unpin")

        package static let known: [Self] = [
            .apply, .rollback, .automaticRollback, .confirm, .reserve, .release, .vniChange, .backup, .restore, .adopt, .unpin,
        ]
    }

    package struct Outcome: OpenWord {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let done = Self(rawValue: "done")
        /// By a rule: errors in the file, a leak, too many withdrawals, a pending commit.
        package static let refused = Self(rawValue: "refused")
        /// Another revision was in force than the one that the change was based on.
        package static let conflict = Self(rawValue: "conflict")
        /// The coordinator could not do it.
        package static let failed = Self(rawValue: "failed")

        package static let known: [Self] = [.done, .refused, .conflict, .failed]
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
    /// The audit has the same word.
    package var action: AuditEntry.Action { AuditEntry.Action(rawValue: rawValue) }
}
