import Federation
import Terminal

/// What every command does that changes the federation: look at the plan, show it, make it, say what became of it.
struct Making {
    let coordinator: Coordinator
    let console: Console
    let output: OutputOptions
    let change: ChangeOptions

    /// Shows the plan of a file and applies it on the revision that the plan was made of.
    ///
    /// - Parameters:
    ///   - base: the revision that the admin has seen; nil: the plan's.
    ///   - saved: a plan that this must still be; nil: any.
    func apply(_ file: FederationText, base: UInt64? = nil, saved: SavedPlan? = nil) async throws {
        let answer = try await coordinator.plan(file, yesRemove: change.terms.yesRemove)
        if let plan = answer.plan {
            if let objection = saved?.objection(to: plan) { try await object(objection, saved) }
            // Said before the plan is shown: it is not a plan of what the admin has seen.
            if let base, base != plan.base { try await conflict(base: base, reason: "revision \(plan.base) is in force, not \(base)") }
        }
        guard answer.accepted, let plan = answer.plan else { return try refuse(answer) }
        console.complain(answer.diagnostics.page)
        show(plan)
        do {
            try await finish(try await coordinator.apply(file, on: plan.base, change.terms), plan)
        } catch let failure as CallFailure where failure.exitStatus == .conflict {
            try await conflict(base: plan.base, reason: failure.complaint.reason)
        }
    }

    func rollback(to number: UInt64, base: UInt64?) async throws {
        let dry = try await coordinator.plan(rollbackTo: number, yesRemove: change.terms.yesRemove)
        guard dry.accepted, let plan = dry.plan else { return try refuse(dry) }
        if let base, base != plan.base { try await conflict(base: base, reason: "revision \(plan.base) is in force, not \(base)") }
        show(plan)
        do {
            try await finish(try await coordinator.rollback(to: number, on: plan.base, change.terms), plan)
        } catch let failure as CallFailure where failure.exitStatus == .conflict {
            try await conflict(base: plan.base, reason: failure.complaint.reason)
        }
    }

    /// Says what a file would change.
    func rehearse(_ file: FederationText) async throws {
        try rehearsed(try await coordinator.plan(file, yesRemove: change.terms.yesRemove))
    }

    /// Says what a rollback would change.
    func rehearse(rollbackTo number: UInt64) async throws {
        try rehearsed(try await coordinator.plan(rollbackTo: number, yesRemove: change.terms.yesRemove))
    }

    private func rehearsed(_ answer: Answer) throws {
        guard answer.accepted, let plan = answer.plan else { return try refuse(answer) }
        console.complain(answer.diagnostics.isEmpty ? answer.findings.page : answer.diagnostics.page)
        try output.show(plan, plan.page(wide: output.isWide), on: console)
        try (plan.isEmpty ? ExitStatus.ok : .changesPending).end()
    }

    /// - Parameter plan: what was shown. The base is the same, so that this is what was made.
    private func finish(_ answer: Answer, _ plan: Plan) async throws {
        guard answer.accepted else { return try refuse(answer) }
        let outcome = ChangeOutcome(revision: answer.revision, isNew: answer.revision != plan.base, plan: plan, probation: answer.probation)
        try output.show(outcome, outcome.page(now: now()), on: console)
        guard let wait = change.wait else { return }
        let settling = try await waiting(wait, on: console) {
            Settling(status: try await coordinator.status())
        } isDone: {
            $0.isDone
        } progress: {
            $0.progress
        }
        console.complain(settling.page)
        try settling.exitStatus.end()
    }

    private func show(_ plan: Plan) {
        if output.isForPeople, !plan.isEmpty { console.show(plan.page(wide: output.isWide)) }
    }

    /// Says everything that is in the way, and ends.
    func refuse(_ answer: Answer) throws {
        if let plan = answer.plan { show(plan) }
        console.complain(answer.diagnostics.page)
        // Of a rollback there is no file whose places could be shown.
        if answer.diagnostics.isEmpty { console.complain(answer.findings.page) }
        try answer.exitStatus.end()
    }

    /// Says what others changed since the base, and ends.
    private func conflict(base: UInt64, reason: String) async throws {
        var page = Complaint(
            String(reason.prefix { $0 != "\n" }), remedy: "put the others’ changes into yours (fedctl export), then plan and apply again"
        ).page
        if let history = try? await coordinator.history(limit: 20) {
            page.append(history.since(base).page(now: now(), title: "SINCE REVISION \(base)"))
        }
        if let difference = try? await coordinator.diff(from: base, to: nil) { page.append(difference.plan.page(wide: false)) }
        console.complain(page)
        try ExitStatus.conflict.end()
    }

    private func object(_ objection: SavedPlan.Objection, _ saved: SavedPlan?) async throws {
        switch objection {
        case .baseMoved(let saved, _): try await conflict(base: saved, reason: "\(objection)")
        case .otherFederation, .otherOutcome:
            let parts = "\(objection)".split(separator: "; ", maxSplits: 1).map(String.init)
            console.complain(Complaint(parts.first ?? "", remedy: parts.last ?? "").page)
            try (objection == .otherOutcome ? ExitStatus.conflict : .error).end()
        }
    }
}
