import Federation
import FederationAPI

/// What the coordinator says to a file or a rollback.
struct Answer: Sendable {
    /// In force afterwards; 0 where it is not said.
    var revision: UInt64
    var accepted: Bool
    /// Of the file and of the plan's findings, at their places in the file.
    var diagnostics: [Diagnostic]
    var findings: [Finding]
    /// Nil where the file cannot be read, and of what was applied: that is what was planned.
    var plan: Plan?
    var probation: ProbationView?

    init(_ wire: WirePlanResponse, of file: FederationText?) throws(ConversionError) {
        try self.init(revision: 0, accepted: wire.accepted, wire.diagnostics, wire.plan.findings, of: file)
        if wire.hasPlan { plan = try Plan(wire.plan) }
    }

    init(_ wire: WireApplyResponse, of file: FederationText?) throws(ConversionError) {
        try self.init(revision: wire.revision, accepted: wire.accepted, wire.diagnostics, wire.findings, of: file)
        if wire.hasProbation { probation = ProbationView(wire.probation) }
    }

    private init(
        revision: UInt64, accepted: Bool, _ diagnostics: [WireDiagnostic], _ findings: [WireFinding], of file: FederationText?
    ) throws(ConversionError) {
        self.revision = revision
        self.accepted = accepted
        self.diagnostics = diagnostics.map { Diagnostic($0, in: file?.text ?? "") }
        self.findings = []
        for finding in findings { self.findings.append(try Finding(finding)) }
        if let file, !findings.isEmpty {
            self.diagnostics += FederationFile.read(text: file.text, fileName: file.fileName).diagnostics(for: self.findings)
        }
    }

    /// Takes a further part of the plan in.
    mutating func append(_ wire: WirePlan, of file: FederationText?) throws(ConversionError) {
        try plan?.append(wire)
        guard !wire.findings.isEmpty else { return }
        var more: [Finding] = []
        for finding in wire.findings { more.append(try Finding(finding)) }
        findings += more
        if let file { diagnostics += FederationFile.read(text: file.text, fileName: file.fileName).diagnostics(for: more) }
    }

    /// What is to be said of what was accepted: an error in it is one that the admin agreed to (`--yes-remove`).
    var remarks: [Diagnostic] {
        diagnostics.map { diagnostic in
            var remark = diagnostic
            remark.severity = .warning
            return remark
        }
    }

    /// Why it was refused; `ok` where it was not.
    var exitStatus: ExitStatus {
        if accepted { return .ok }
        return findings.contains { $0.code == .leak && $0.severity == .error } ? .leak : .error
    }
}

/// A revision that goes back by itself unless it is confirmed.
struct ProbationView: Hashable, Sendable, Encodable {
    var revision: UInt64
    /// What comes back; 0 is the empty federation before the first apply.
    var fallback: UInt64
    /// Milliseconds since 1970 by the coordinator's clock.
    var deadline: Int64
    var author: String
    /// Why the coordinator cannot go back though the time is over.
    var obstacle: String?

    init(_ wire: WireProbation) {
        revision = wire.revision
        fallback = wire.fallback
        deadline = wire.deadlineMilliseconds
        author = wire.author
        obstacle = wire.hasObstacle ? wire.obstacle : nil
    }
}
