import EVPN
import OVN

/// What the core is in the middle of: looks first, then rounds of deciding and doing until nothing more can be done now.
struct Turn: Hashable, Sendable, Codable {
    enum Look: String, Hashable, Sendable, Codable {
        case kernel, routing, northbound
    }

    /// What is given out at once, and answered at once.
    enum Work: Hashable, Sendable, Codable {
        /// Of this VPN; nil: of the base, and of VPNs that go.
        case steps([Step], of: VPNDesign?)
        case exemption(ExemptionTransaction)

        var changesFlows: Bool {
            guard case .steps(let steps, _) = self else { return false }
            return steps.contains { $0.surface == .openflow }
        }

        var action: Action {
            switch self {
            case .steps(let steps, let design): .carryOut(steps, of: design?.instance)
            case .exemption(let transaction): .exempt(transaction)
            }
        }
    }

    /// A bound, so that two that undo each other's work cannot keep the agent from hearing news.
    static let mostRounds = 8

    /// Those that were asked for and not answered yet. The flows are looked at beside the turn.
    var looks: Set<Look> = []
    /// Not answered yet, in order.
    var works: [Work] = []
    var rounds = 0
    /// What was written to in this round.
    var touched: Set<Step.Surface> = []
    var hasExempted = false
    /// bgpd must be seen to have let go of a VNI before anything is built on that.
    var unbinds = false
    /// Of this round, what comes after its works is not decided yet.
    var isRoundOpen = false
    var isOver = false
}

extension AgentCore {
    /// Looks at what is due to be looked at.
    mutating func begin(at now: Int64) -> [Action] {
        guard keeper.intent != nil else { return [.wait(until: schedule.next(after: now))] }
        var turn = Turn()
        var actions: [Action] = []
        if schedule.isDue(.kernel, at: now) {
            turn.looks.insert(.kernel)
            actions.append(lookAtKernel)
        }
        if schedule.isDue(.routing, at: now) {
            turn.looks.insert(.routing)
            actions.append(.lookAtRouting)
        }
        if schedule.isDue(.flows, at: now), let switching = host.switching, let node {
            schedule.looked(.flows, at: now, succeeded: true)
            if flowLook == nil {
                flowLook = .current
                actions.append(.lookAtFlows(bridges: switching.bridges.intersection(node.bridgeMappings.values).sorted()))
            }
        }
        self.turn = turn
        return actions + goOn(at: now)
    }

    private var lookAtKernel: Action { .lookAtKernel(indexes: indexes.instances.values.sorted()) }

    /// The next part of a turn, where nothing is waited for.
    mutating func goOn(at now: Int64) -> [Action] {
        guard let turn, turn.looks.isEmpty, turn.works.isEmpty else { return [] }
        if turn.isRoundOpen { return closeRound(turn, at: now) }
        return turn.isOver ? end(at: now) : round(at: now)
    }

    private mutating func round(at now: Int64) -> [Action] {
        let before = (indexes: indexes, pins: pins)
        let decision = decide(at: now)
        var actions: [Action] = []
        if indexes != before.indexes { actions.append(.saveIndexes(indexes)) }
        if pins != before.pins { actions.append(.savePins(pins.all)) }
        // While the daemons cannot be asked, the look that failed has its own pace.
        schedule.waiting(!waits.isEmpty && host.routing != nil, at: now)
        let works = works(of: decision, at: now)
        // What is only planned, while its surface rests after a failure, makes no look old.
        if flowLook != nil, works.contains(where: \.changesFlows) { flowLook = .outdated }
        turn?.rounds += 1
        turn?.works = works
        turn?.touched = []
        turn?.hasExempted = false
        turn?.unbinds = decision.unbinds
        turn?.isRoundOpen = true
        return actions + works.map(\.action) + goOn(at: now)
    }

    private func works(of decision: Decision, at now: Int64) -> [Turn.Work] {
        var works: [Turn.Work] = []
        if !decision.common.isEmpty, commonFailure?.pause.isOver(at: now) ?? true { works.append(.steps(decision.common, of: nil)) }
        works += decision.vpns.filter { !$0.steps.isEmpty }.map { .steps($0.steps, of: $0.design) }
        return works + decision.exemptions.map(Turn.Work.exemption)
    }

    private mutating func closeRound(_ done: Turn, at now: Int64) -> [Action] {
        if done.touched.contains(.bgpd) || done.touched.contains(.zebra) { schedule.soon(.routing, now) }
        if done.touched.contains(.openflow) { schedule.soon(.flows, now) }
        var turn = done
        turn.isRoundOpen = false
        turn.isOver = done.touched.isEmpty || done.unbinds || done.rounds >= Turn.mostRounds
        var actions: [Action] = []
        if done.touched.contains(.kernel) {
            turn.looks.insert(.kernel)
            actions.append(lookAtKernel)
        }
        if done.hasExempted {
            turn.looks.insert(.northbound)
            actions.append(.lookAtNorthbound)
        }
        self.turn = turn
        return actions + goOn(at: now)
    }

    private mutating func end(at now: Int64) -> [Action] {
        turn = nil
        var actions: [Action] = []
        // Of half an intent, members would be missing whose packets are dropped.
        if keeper.isComplete, let intent = keeper.intent { actions.append(.filterTunnels(VXLANFilter(intent))) }
        if trust.isSound, let view = remembered.renew(cloud, routers: selection.attachedRouters, at: now) {
            actions.append(.saveCloud(view))
        }
        return actions + [.report, .wait(until: schedule.next(after: now))]
    }
}
