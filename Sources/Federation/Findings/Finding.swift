/// A warning about a plan, or an error that prevents its apply.
package struct Finding: Error, Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The effect on the plan.
    package enum Severity: String, Hashable, Sendable, Codable, CaseIterable {
        /// The plan is refused.
        case error
        /// The plan may be applied.
        case warning
    }

    package var severity: Severity
    package var code: FindingCode
    /// The path in the federation file: `vpns.blue.attachments[1]`.
    package var path: String
    /// What is wrong, with the values. One or two sentences.
    package var reason: String
    /// What to do, as an imperative.
    package var remedy: String

    package init(_ severity: Severity, _ code: FindingCode, path: String, reason: String, remedy: String) {
        self.severity = severity
        self.code = code
        self.path = path
        self.reason = reason
        self.remedy = remedy
    }

    package var description: String { "\(severity.rawValue) \(code.rawValue): \(path): \(reason); \(remedy)" }

    /// Errors first, then by path.
    package static func < (a: Self, b: Self) -> Bool {
        (a.severity.rawValue, a.path, a.code, a.reason, a.remedy) < (b.severity.rawValue, b.path, b.code, b.reason, b.remedy)
    }
}

extension Finding {
    /// The ledger's refusals.
    package init(_ problem: AllocationProblem) {
        let code: FindingCode =
            switch problem.cause {
            case .exhausted: .poolExhausted
            case .taken: .valueTaken
            case .quarantined: .valueQuarantined
            case .reserved: .valueReserved
            }
        self.init(.error, code, path: problem.path, reason: problem.reason, remedy: problem.remedy)
    }
}
