import FederationAPI

/// What is wrong, or soon will be, with the coordinator itself.
package struct CoordinatorProblem: Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable {
        /// Something does not work.
        case error
        /// Something will not work, unless somebody acts.
        case warning
    }

    package var severity: Severity
    /// For programs: `database-damaged`, `certificate-ends`, …
    package var code: String
    /// A sentence.
    package var reason: String
    /// An order.
    package var remedy: String
    /// What stays the same while the sentence counts days; for the log.
    var key: String

    package init(_ severity: Severity, code: String, reason: String, remedy: String, key: String? = nil) {
        self.severity = severity
        self.code = code
        self.reason = reason
        self.remedy = remedy
        self.key = "\(code) \(severity) \(key ?? reason)"
    }
}

extension CoordinatorProblem {
    init(_ fault: StoreFault) { self.init(.error, code: fault.code, reason: fault.reason, remedy: fault.remedy) }

    init(_ complaint: RevocationComplaint) {
        self.init(.error, code: "revocation-list-older", reason: complaint.reason, remedy: complaint.remedy)
    }

    /// Nil where the end is far.
    /// - Parameter now: seconds since 1970.
    init?(_ validity: Validity, at now: Int64) {
        let stage = validity.stage(at: now)
        guard stage > .fresh else { return nil }
        let code =
            switch validity.subject {
            case .certificate: "certificate-ends"
            case .authority: "authority-ends"
            case .revocationList: "revocation-list-ends"
            }
        self.init(
            stage == .ended ? .error : .warning, code: code, reason: validity.sentence(at: now), remedy: validity.remedy,
            key: "\(validity.subject) \(stage)")
    }

    /// Of a restored database that agents were not told to take.
    init(_ succession: Succession) {
        self.init(
            .warning, code: "database-restored",
            reason:
                "this database was restored from a backup at revision \(succession.revision), and agents that hold more go on without it",
            remedy: "apply the newest federation file (fedctl apply -f FILE), then let agents take it: fedctl adopt")
    }
}

extension WireCoordinatorProblem {
    init(_ problem: CoordinatorProblem) {
        self.init()
        severity = problem.severity == .error ? .error : .warning
        code = problem.code
        reason = problem.reason
        remedy = problem.remedy
    }
}
