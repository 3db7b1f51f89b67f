/// Why the ledger cannot allocate for a graph: all problems at once. Nothing was allocated.
package struct AllocationError: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// By path; never empty.
    package var problems: [AllocationProblem]

    package init(problems: [AllocationProblem]) { self.problems = problems }

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// One value that cannot be allocated.
package struct AllocationProblem: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// Why the value is not available.
    package enum Cause: Hashable, Sendable, Codable {
        /// Every value of the pool is in use or in quarantine.
        case exhausted
        /// Another object of the federation has it.
        case taken
        /// It is in quarantine for this many milliseconds.
        case quarantined(remaining: Int64)
        /// It is reserved for something outside of the federation.
        case reserved
    }

    package var cause: Cause
    /// The path of the request in the file: `vpns.blue.vni`.
    package var path: String
    /// The requested value; nil if the ledger chooses.
    package var value: String?
    /// One sentence.
    package var reason: String
    /// What to do, as an imperative.
    package var remedy: String

    package init(cause: Cause, path: String, value: String?, reason: String, remedy: String) {
        self.cause = cause
        self.path = path
        self.value = value
        self.reason = reason
        self.remedy = remedy
    }

    package var description: String { "\(path): \(reason); \(remedy)" }
    package static func < (a: Self, b: Self) -> Bool { (a.path, a.reason) < (b.path, b.reason) }
}
