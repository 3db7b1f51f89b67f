/// A revision that the coordinator rolls back automatically unless an admin confirms it in time.
package struct PendingCommit: Hashable, Sendable, Encodable {
    /// In force.
    package var revision: UInt64
    /// What comes back; 0 is the empty federation before the first apply.
    package var fallback: UInt64
    /// Milliseconds since 1970 by the coordinator's clock.
    @RFC3339 package var deadline: Int64
    /// Who applied it.
    package var author: String
    /// Why the coordinator cannot roll back though the time is over; nil: it can, or it did not try. It is not stored.
    package var obstacle: String?

    package init(revision: UInt64, fallback: UInt64, deadline: Int64, author: String, obstacle: String? = nil) {
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
