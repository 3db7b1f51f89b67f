import Federation

/// What became of a file or a rollback, or would become of it.
package struct ChangeResult: Hashable, Sendable {
    /// In force afterwards.
    package var revision: UInt64
    /// Nothing was in the way.
    package var accepted: Bool
    /// Nil where the file has errors, and of what was applied: that is what was planned.
    package var plan: Plan?
    /// Of the file.
    package var diagnostics: [Diagnostic]
    /// What awaits confirmation afterwards.
    package var pendingCommit: PendingCommit?
    /// The revision that it is a change of; `.none` before the first apply, and of what was applied.
    package var base: RevisionSummary

    package init(
        revision: UInt64, accepted: Bool, plan: Plan? = nil, diagnostics: [Diagnostic] = [], pendingCommit: PendingCommit? = nil,
        base: RevisionSummary = .none
    ) {
        self.revision = revision
        self.accepted = accepted
        self.plan = plan
        self.diagnostics = diagnostics
        self.pendingCommit = pendingCommit
        self.base = base
    }

    /// Of the plan.
    package var findings: [Finding] { plan?.findings ?? [] }

    /// What is said to an order: without the plan, which was said before; of one that was refused, why.
    package var outcome: ChangeResult {
        var outcome = self
        outcome.base = .none
        outcome.plan =
            accepted ? nil : plan.map { Plan(federation: $0.federation, base: $0.base, findings: Array($0.findings.prefix(1000))) }
        return outcome
    }
}
