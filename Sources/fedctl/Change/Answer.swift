import Federation
import FederationAPI
import FederationFile
import Terminal

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
    /// What the plan is a change of; nil where it is not said, and before the first apply.
    var inForce: RevisionView?
    /// What was typed instead of a file.
    private var edit: Edit?

    init(_ wire: WirePlanResponse, of file: FederationText?) throws(ConversionError) {
        try self.init(revision: 0, accepted: wire.accepted, wire.diagnostics, wire.plan.findings, of: file)
        if wire.hasPlan { plan = try Plan(wire.plan) }
        if wire.hasInForce { inForce = RevisionView(wire.inForce) }
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
        edit = file?.edit
        self.diagnostics = diagnostics.map { Diagnostic($0, in: file?.text ?? "") }
        self.findings = []
        for finding in findings { self.findings.append(try Finding(finding)) }
        if let file, file.edit == nil, !findings.isEmpty {
            self.diagnostics += FederationYAML.read(text: file.text, fileName: file.fileName).diagnostics(for: self.findings)
        }
    }

    /// Takes a further part of the plan in.
    mutating func append(_ wire: WirePlan, of file: FederationText?) throws(ConversionError) {
        try plan?.append(wire)
        guard !wire.findings.isEmpty else { return }
        var more: [Finding] = []
        for finding in wire.findings { more.append(try Finding(finding)) }
        findings += more
        if let file, file.edit == nil {
            diagnostics += FederationYAML.read(text: file.text, fileName: file.fileName).diagnostics(for: more)
        }
    }

    /// The plan, and below its headline whose work it changes.
    /// - Parameter now: milliseconds since 1970.
    func page(_ plan: Plan, wide: Bool, now: Int64) -> Page {
        plan.page(wide: wide, note: inForce.map { StyledText("revision \($0.number) was made \($0.made(now: now))", .faint) })
    }

    /// What is to be said of what was accepted: an error in it is one that the admin agreed to (`--yes-remove`).
    var remarks: Page {
        var answer = self
        for index in diagnostics.indices { answer.diagnostics[index].severity = .warning }
        for index in findings.indices { answer.findings[index].severity = .warning }
        return answer.objections(refused: "")
    }

    /// Everything that is wrong or odd: at its place in the file, or at the argument; of a rollback there is neither.
    ///
    /// - Parameter consequence: of errors.
    func objections(refused consequence: String) -> Page {
        guard let edit else {
            return diagnostics.isEmpty ? findings.page(refused: consequence) : diagnostics.page(refused: consequence)
        }
        var page = edit.page(findings)
        for diagnostic in diagnostics {
            page.append(
                edit.page(
                    diagnostic.severity, path: diagnostic.path, reason: withoutLines(diagnostic.reason), remedy: diagnostic.remedy))
        }
        let errors = findings.count { $0.severity == .error } + diagnostics.count { $0.severity == .error }
        if errors > 0 { page.line(StyledText("\(count(errors, "error")); \(consequence)", .heading)) }
        return page
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
    @RFC3339 var deadline: Int64
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
