import FederationModel
import NetworkTypes

/// A problem of the ledger that an admin should know before it becomes an error.
package struct LedgerProblem: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The kind of problem.
    package struct Cause: OpenWord {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// A pool runs out (`PoolSupply`).
        package static let poolRunsOut = Self(rawValue: "pool-runs-out")
        /// An allocated value is outside of its pool, because the pool was changed.
        package static let outsidePool = Self(rawValue: "outside-pool")
        /// Two route targets have the same AS and number in two forms: different on the wire, equal to a reader.
        package static let twoForms = Self(rawValue: "two-forms")
        /// FRR reads AS 0 in a target as any administrator.
        package static let wildcard = Self(rawValue: "wildcard")
        /// A four-byte AS that fits two bytes: FRR reads it as an address.
        package static let asdot = Self(rawValue: "asdot")
        /// A raw target inside this federation's own pool.
        package static let rawInsidePool = Self(rawValue: "raw-inside-pool")

        package static let known: [Self] = [.poolRunsOut, .outsidePool, .twoForms, .wildcard, .asdot, .rawInsidePool]
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
