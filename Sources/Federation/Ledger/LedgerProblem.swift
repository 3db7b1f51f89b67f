import NetworkTypes

/// Something about the book that an admin should know before it becomes an error.
package struct LedgerProblem: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// What is odd.
    package enum Cause: String, Hashable, Sendable, Codable, CaseIterable {
        /// Little of a pool is left (`PoolSupply`).
        case poolRunsOut = "pool-runs-out"
        /// An allocated value lies outside of its pool, because the pool was changed since then.
        case outsidePool = "outside-pool"
        /// Two route targets have the same AS and number in two forms: on the wire they are two, for people one.
        case twoForms = "two-forms"
        /// FRR takes a target of AS 0 for any administrator.
        case wildcard
        /// A four-byte AS that fits two bytes, which FRR reads as an address.
        case asdot
        /// A raw target that this federation's own pool may give to a VPN.
        case rawInsidePool = "raw-inside-pool"
    }

    package var cause: Cause
    /// Where in the file it is to be mended: `pools.vni`, `vpns.blue`.
    package var path: String
    /// One sentence.
    package var reason: String
    /// What to do, as an order.
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
