import NetworkTypes

/// A problem of the ledger that an admin should know before it becomes an error.
package struct LedgerProblem: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The kind of problem.
    package enum Cause: String, Hashable, Sendable, Codable, CaseIterable {
        /// A pool runs out (`PoolSupply`).
        case poolRunsOut = "pool-runs-out"
        /// An allocated value is outside of its pool, because the pool was changed.
        case outsidePool = "outside-pool"
        /// Two route targets have the same AS and number in two forms: different on the wire, equal to a reader.
        case twoForms = "two-forms"
        /// FRR reads AS 0 in a target as any administrator.
        case wildcard
        /// A four-byte AS that fits two bytes: FRR reads it as an address.
        case asdot
        /// A raw target inside this federation's own pool.
        case rawInsidePool = "raw-inside-pool"
    }

    package var cause: Cause
    /// The path in the file: `pools.vni`, `vpns.blue`.
    package var path: String
    /// One sentence.
    package var reason: String
    /// What to do, as an imperative.
    package var remedy: String

    package init(cause: Cause, path: String, reason: String, remedy: String) {
        self.cause = cause
        self.path = path
        self.reason = reason
        self.remedy = remedy
    }

    package var description: String { "\(path): \(reason); \(remedy)" }
    package static func < (a: Self, b: Self) -> Bool {
        (a.path, a.cause.rawValue, a.reason) < (b.path, b.cause.rawValue, b.reason)
    }
}
