import FederationModel

/// What the history says of a revision.
package struct RevisionSummary: Hashable, Sendable {
    /// 0 before the first apply.
    package var number: UInt64
    /// The coordinator before the first apply.
    package var author: Principal
    /// Milliseconds since 1970 by the coordinator's clock.
    package var appliedAt: Int64
    /// What its author said of it; may be empty.
    package var message: String
    package var origin: RevisionOrigin
    /// The revision whose graph it took up again; 0 is the empty federation before the first apply.
    package var restores: UInt64?
    package var size: ChangeSize

    package init(
        number: UInt64, author: Principal, appliedAt: Int64, message: String = "", origin: RevisionOrigin = .apply, restores: UInt64? = nil,
        size: ChangeSize = .init()
    ) {
        self.number = number
        self.author = author
        self.appliedAt = appliedAt
        self.message = message
        self.origin = origin
        self.restores = restores
        self.size = size
    }

    /// Before the first apply.
    package static let none = RevisionSummary(number: 0, author: .coordinator, appliedAt: 0)
}

/// How a revision came to be.
package struct RevisionOrigin: OpenWord {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let apply = Self(rawValue: "apply")
    package static let rollback = Self(rawValue: "rollback")
    /// Nobody confirmed the revision before it in time.
    package static let automaticRollback = Self(rawValue: "automatic-rollback")
    /// The graph is the same; values were taken from the pools, or given back to them.
    package static let reserve = Self(rawValue: "reserve")
    package static let release = Self(rawValue: "release")
    /// The graph is the same; the coordinator took VNIs that change one step on.
    package static let vniChange = Self(rawValue: "vni-change")

    package static let known: [Self] = [.apply, .rollback, .automaticRollback, .reserve, .release, .vniChange]

    /// It may follow a revision that awaits confirmation, and ends that.
    package var endsPendingCommit: Bool { self == .rollback || self == .automaticRollback }
}

/// How much a revision changed, counted.
package struct ChangeSize: Hashable, Sendable {
    /// Objects of the graph.
    package var added = 0
    package var changed = 0
    package var removed = 0
    /// Gateways whose intent changed.
    package var gateways = 0
    /// Who learns whose prefixes and did not, or does no longer: pairs of clouds in a VPN.
    package var gained = 0
    package var lost = 0

    package init() {}
}

extension RevisionSummary: Encodable {
    private enum CodingKeys: CodingKey {
        case number, author, appliedAt, message, origin, restores, added, changed, removed, gateways, gained, lost
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(number, forKey: .number)
        try container.encode(author.description, forKey: .author)
        try container.encode(RFC3339(wrappedValue: appliedAt), forKey: .appliedAt)
        try container.encode(message, forKey: .message)
        try container.encode(origin, forKey: .origin)
        try container.encodeIfPresent(restores, forKey: .restores)
        try container.encode(size.added, forKey: .added)
        try container.encode(size.changed, forKey: .changed)
        try container.encode(size.removed, forKey: .removed)
        try container.encode(size.gateways, forKey: .gateways)
        try container.encode(size.gained, forKey: .gained)
        try container.encode(size.lost, forKey: .lost)
    }
}
