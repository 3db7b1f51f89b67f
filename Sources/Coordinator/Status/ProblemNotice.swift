import FederationAPI

/// A problem of the coordinator as it is found and logged.
package struct ProblemNotice: Hashable, Sendable {
    package var problem: CoordinatorProblem
    /// What stays the same while the sentence counts days; for the log.
    var key: String

    package init(_ severity: CoordinatorProblem.Severity, code: String, reason: String, remedy: String, key: String? = nil) {
        problem = CoordinatorProblem(severity, code: code, reason: reason, remedy: remedy)
        self.key = "\(code) \(severity) \(key ?? reason)"
    }
}

extension ProblemNotice {
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
                "this database was restored from a backup at revision \(succession.revision); agents with newer state do not accept it",
            remedy: "apply the newest federation file (fedctl apply -f FILE), then make agents accept it: fedctl adopt")
    }
}
