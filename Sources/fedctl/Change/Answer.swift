import Federation
import FederationAPI

/// What the coordinator says to a file or a rollback.
struct Answer: Sendable {
    /// In force afterwards; 0 where it is not said.
    var revision: UInt64
    var accepted: Bool
    /// Of the file and of the plan's findings, at their places in the file.
    var diagnostics: [Diagnostic]
    /// Nil where the file cannot be read.
    var plan: Plan?
    var probation: ProbationView?

    init(_ wire: WirePlanResponse, of file: FederationText) throws(ConversionError) {
        try self.init(
            revision: 0, accepted: wire.accepted, wire.diagnostics, plan: wire.hasPlan ? wire.plan : nil, probation: nil, of: file)
    }

    init(_ wire: WireApplyResponse, of file: FederationText?) throws(ConversionError) {
        try self.init(
            revision: wire.revision, accepted: wire.accepted, wire.diagnostics, plan: wire.hasPlan ? wire.plan : nil,
            probation: wire.hasProbation ? ProbationView(wire.probation) : nil, of: file)
    }

    private init(
        revision: UInt64, accepted: Bool, _ diagnostics: [WireDiagnostic], plan: WirePlan?, probation: ProbationView?, of file: FederationText?
    ) throws(ConversionError) {
        self.revision = revision
        self.accepted = accepted
        if let plan { self.plan = try Plan(plan) }
        self.probation = probation
        self.diagnostics = diagnostics.map { Diagnostic($0, in: file?.text ?? "") }
        let findings = self.plan?.findings ?? []
        if let file, !findings.isEmpty {
            self.diagnostics += FederationFile.read(text: file.text, fileName: file.fileName).diagnostics(for: findings)
        }
    }

    /// Why it was refused; `ok` where it was not.
    var exitStatus: ExitStatus {
        if accepted { return .ok }
        return plan?.findings.contains { $0.code == .leak && $0.severity == .error } == true ? .leak : .error
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

    init(_ wire: WireProbation) {
        revision = wire.revision
        fallback = wire.fallback
        deadline = wire.deadlineMilliseconds
        author = wire.author
    }
}
