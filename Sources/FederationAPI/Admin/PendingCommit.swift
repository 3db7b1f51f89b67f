/// A revision that the coordinator rolls back automatically unless an admin confirms it in time.
package struct PendingCommit: Hashable, Sendable {
    /// In force.
    package var revision: UInt64
    /// What comes back; 0 is the empty federation before the first apply.
    package var fallback: UInt64
    /// Milliseconds since 1970 by the coordinator's clock.
    @RFC3339 package var deadline: Int64
    /// Who applied it.
    package var author: Principal
    /// Why the coordinator cannot roll back though the time is over; nil: it can, or it did not try. It is not stored.
    package var obstacle: String?

    package init(revision: UInt64, fallback: UInt64, deadline: Int64, author: Principal, obstacle: String? = nil) {
        self.revision = revision
        self.fallback = fallback
        self.deadline = deadline
        self.author = author
        self.obstacle = obstacle
    }

    /// - Parameter now: milliseconds since 1970.
    package func isOver(at now: Int64) -> Bool { now >= deadline }

    /// How long it goes on, in milliseconds; 0 where it is over.
    package func remaining(at now: Int64) -> Int64 { max(0, deadline - now) }

    /// Seconds that an admin may ask for: enough to see what happens, and not so long that it is forgotten.
    package static let seconds: ClosedRange<UInt32> = 5...86_400
}

extension PendingCommit: Encodable {
    private enum CodingKeys: CodingKey { case revision, fallback, deadline, author, obstacle }

    /// The author by name.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(revision, forKey: .revision)
        try container.encode(fallback, forKey: .fallback)
        try container.encode(_deadline, forKey: .deadline)
        try container.encode(author.description, forKey: .author)
        try container.encodeIfPresent(obstacle, forKey: .obstacle)
    }
}
