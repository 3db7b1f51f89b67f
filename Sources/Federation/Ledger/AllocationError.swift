/// Why the ledger cannot give a graph its values. All problems of a graph are in it, and nothing was allocated.
package struct AllocationError: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// By path; never empty.
    package var problems: [AllocationProblem]

    package init(problems: [AllocationProblem]) { self.problems = problems }

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// One value that cannot be had.
package struct AllocationProblem: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// Who or what has the value.
    package enum Cause: Hashable, Sendable, Codable {
        /// Every value of the pool is in use or in quarantine.
        case exhausted
        /// Something else of the federation has it.
        case taken
        /// It was something else's and is not free yet, for so many milliseconds.
        case quarantined(remaining: Int64)
        /// Something outside of the federation has it.
        case reserved
    }

    package var cause: Cause
    /// Where the graph asks for it: `vpns.blue.vni`.
    package var path: String
    /// What the file asks for; nil where the ledger was to choose.
    package var value: String?
    /// One sentence.
    package var reason: String
    /// What to do, as an order.
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
