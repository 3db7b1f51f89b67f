import Federation
import FederationAPI
import FederationViews
import Terminal

/// What every command does that changes the federation: look at the plan, show it, make it, say what became of it.
struct ChangeWorkflow {
    let coordinator: AdminClient
    let console: Console
    let output: OutputOptions
    let change: ChangeOptions
    /// When somebody is asked at a terminal whether to go on.
    var asking = Asking.never

    enum Asking {
        /// The plan was looked at before.
        case never
        /// The admin typed the one thing that changes; nobody should lose anything by it unasked.
        case ifTakesAway
        /// What changes was not seen before.
        case always
        /// Nothing comes back by itself: asked even where the answer is for programs.
        case forPrograms
    }

    /// Shows the plan of a file and applies it on the revision that the plan was made of.
    ///
    /// - Parameters:
    ///   - base: the revision that the admin has seen; nil: the plan's.
    ///   - saved: a plan that this must still be; nil: any.
    func apply(_ file: FederationText, base: UInt64? = nil, saved: SavedPlan? = nil) async throws {
        let answer = try await plan(file)
        try await check(answer, base: base, saved: saved)
        try await make(answer) { base in
            let order = ApplyOrder(text: file.text, fileName: file.fileName, terms: change.conditions(on: base))
            return ChangeReply(try await coordinator.apply(order), of: file)
        }
    }

    func rollback(to number: UInt64, base: UInt64?) async throws {
        let answer = try await plan(rollbackTo: number)
        try await check(answer, base: base)
        try await make(answer) { base in
            ChangeReply(try await coordinator.rollback(RollbackOrder(to: number, terms: change.conditions(on: base))), of: nil)
        }
    }

    /// Says what a file would change, as `apply` would say it.
    func rehearse(_ file: FederationText, base: UInt64? = nil, saved: SavedPlan? = nil) async throws {
        let answer = try await plan(file)
        try await check(answer, base: base, saved: saved)
        try rehearsed(answer)
    }

    /// Says what a rollback would change.
    func rehearse(rollbackTo number: UInt64, base: UInt64?) async throws {
        let answer = try await plan(rollbackTo: number)
        try await check(answer, base: base)
        try rehearsed(answer)
    }

    private func plan(_ file: FederationText) async throws -> ChangeReply {
        ChangeReply(
            try await coordinator.plan(.file(text: file.text, fileName: file.fileName, yesRemove: change.agreedLosses)), of: file)
    }

    private func plan(rollbackTo number: UInt64) async throws -> ChangeReply {
        ChangeReply(try await coordinator.plan(.rollback(to: number, yesRemove: change.agreedLosses)), of: nil)
    }

    /// Ends where the answer is not about what the admin has seen; before anything is shown.
    private func check(_ answer: ChangeReply, base: UInt64?, saved: SavedPlan? = nil) async throws {
        guard let plan = answer.plan else { return }
        if let objection = saved?.objection(to: plan) { try await object(objection, saved) }
        if let base, base != plan.base { try await conflict(base: base, reason: "revision \(plan.base) is in force, not \(base)") }
    }

    /// Shows what was planned and has it made.
    ///
    /// - Parameter order: has it made on this base.
    private func make(_ answer: ChangeReply, _ order: (UInt64) async throws -> ChangeReply) async throws {
        guard let plan = answer.plan else { return try refuse(answer) }
        if answer.accepted {
            show(plan, of: answer)
            console.complain(answer.remarks)
            if asks(plan), !agrees(to: plan) {
                console.complain(CommandError("nothing was applied", remedy: "answer y to apply, or use --yes to skip the question").page)
                return try ExitStatus.error.end()
            }
        }
        do {
            // What the plan refuses is ordered too: the coordinator decides, and writes down who wanted it.
            let made = try await order(plan.base)
            if !answer.accepted, !made.accepted { return try refuse(answer) }
            try await finish(made, plan)
        } catch let failure as CallFailure where failure.exitStatus == .conflict {
            try await conflict(base: plan.base, reason: failure.commandError.reason)
        }
    }

    private func asks(_ plan: Plan) -> Bool {
        guard !change.yes, console.canAsk, !plan.changesNothing else { return false }
        return switch asking {
        case .never: false
        case .ifTakesAway: output.isForPeople && plan.takesAway
        case .always: output.isForPeople
        case .forPrograms: true
        }
    }

    /// What is lost and what is odd stands right above the question, however long the plan is.
    private func agrees(to plan: Plan) -> Bool {
        console.complain(plan.lastLine)
        return console.asks("Apply to \(plan.federation)?")
    }

    private func rehearsed(_ answer: ChangeReply) throws {
        guard answer.accepted, let plan = answer.plan else { return try refuse(answer) }
        try output.show(plan, answer.page(plan, wide: output.isWide, now: now()), on: console)
        console.complain(answer.remarks)
        if output.isForPeople { console.show(plan.lastLine) }
        try (plan.changesNothing ? ExitStatus.ok : .changesPending).end()
    }

    /// - Parameter plan: what was shown. The base is the same, so that this is what was made.
    private func finish(_ answer: ChangeReply, _ plan: Plan) async throws {
        guard answer.accepted else { return try refuse(answer) }
        var outcome = ChangeOutcome(
            revision: answer.result.revision, isNew: answer.result.revision != plan.base, plan: plan,
            pendingCommit: answer.result.pendingCommit)
        // Programs get one document, with what the agents did.
        if output.isForPeople || change.wait == nil { try output.show(outcome, outcome.page(now: now()), on: console) }
        guard let wait = change.wait else { return }
        let rollout = try await RolloutWatch.follow(
            answer.result.revision, plan, for: wait, by: coordinator, on: console, isTold: output.isForPeople)
        let verdict = rollout.verdict(after: wait, base: plan.base)
        if output.isForPeople {
            var page = console.showsProgress ? rollout.summary(wide: output.isWide) : Page()
            if let good = verdict.good { page.line(good) }
            console.show(page)
        } else {
            outcome.wait = rollout
            try output.show(outcome, Page(), on: console)
        }
        console.complain(verdict.bad)
        try rollout.exitStatus.end()
    }

    private func show(_ plan: Plan, of answer: ChangeReply) {
        if output.isForPeople, !plan.changesNothing { console.show(answer.page(plan, wide: output.isWide, now: now())) }
    }

    /// Says everything that is in the way, and ends.
    func refuse(_ answer: ChangeReply) throws {
        if let plan = answer.plan { show(plan, of: answer) }
        console.complain(answer.objections(refused: "nothing was applied"))
        try answer.exitStatus.end()
    }

    /// Says what others changed since the base, and ends.
    private func conflict(base: UInt64, reason: String) async throws {
        var page = CommandError(
            String(reason.prefix { $0 != "\n" }), remedy: "merge the others’ changes into yours (fedctl export), then plan and apply again"
        ).page
        if let history = try? await coordinator.history(.init(limit: 20)) {
            page.append(history.since(base).page(now: now(), title: "SINCE REVISION \(base)"))
        }
        if let difference = try? await coordinator.comparison(from: base) {
            page.append(RevisionDifference(difference).page(wide: false, withText: false))
        }
        console.complain(page)
        try ExitStatus.conflict.end()
    }

    private func object(_ objection: SavedPlan.Objection, _ saved: SavedPlan?) async throws {
        switch objection {
        case .baseMoved(let saved, _): try await conflict(base: saved, reason: "\(objection)")
        case .otherFederation, .otherOutcome:
            console.complain(CommandError(objection.reason, remedy: objection.remedy).page)
            try (objection == .otherOutcome ? ExitStatus.conflict : .error).end()
        }
    }
}
