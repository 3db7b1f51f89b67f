import EVPN
import OVN

/// What the core is in the middle of: looks first, then rounds of deciding and doing until nothing more can be done now.
struct Turn: Hashable, Sendable, Codable {
    enum Look: String, Hashable, Sendable, Codable {
        case kernel, routing
    }

    /// Steps that are given out at once, and answered at once. (What is written to the northbound database is not waited for.)
    struct Work: Hashable, Sendable, Codable {
        var steps: [Step]
        /// Nil: of the base, and of VPNs that go.
        var design: VPNDesign?

        var changesFlows: Bool { steps.contains { $0.surface == .openflow } }
        var action: Action { .carryOut(steps, of: design?.instance) }
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
                actions.append(.lookAtFlows(bridges: bridges(of: node, switching)))
            }
        }
        let offering = dueOffers(at: now)
        if !offering.isEmpty {
            isLookingAtOffers = true
            actions.append(.lookAtOffers(indexes: offering))
        }
        let ports = nextHops.due(at: now)
        if !ports.isEmpty { actions.append(.lookAtNextHops(ports: ports)) }
        self.turn = turn
        return actions + goOn(at: now)
    }

    /// Where flows of ours may be: on bridges that are mapped, and on those that were, until nothing of ours is left there.
    private func bridges(of node: LocalNode, _ switching: ObservedSwitch) -> [String] {
        var found = Set(node.bridgeMappings.values)
        found.formUnion(switching.ports.values.map(\.bridge))
        found.formUnion(indexes.handoffs.keys.map(\.network.bridge))
        found.formUnion((host.flows ?? [:]).filter { !$0.value.isEmpty }.keys)
        return switching.bridges.intersection(found).sorted()
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
        turn?.unbinds = decision.unbinds
        turn?.isRoundOpen = true
        // Behind the steps: what steers is in force before NAT leaves it alone.
        return actions + works.map(\.action) + decision.exemptions.map(Action.exempt) + goOn(at: now)
    }

    private func works(of decision: Decision, at now: Int64) -> [Turn.Work] {
        var works: [Turn.Work] = []
        if !decision.common.isEmpty, commonFailure?.pause.isOver(at: now) ?? true { works.append(.init(steps: decision.common)) }
        return works + decision.vpns.filter { !$0.steps.isEmpty }.map { .init(steps: $0.steps, design: $0.design) }
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
        self.turn = turn
        return actions + goOn(at: now)
    }

    private mutating func end(at now: Int64) -> [Action] {
        turn = nil
        var actions: [Action] = []
        // Of half an intent, members would be missing whose packets are dropped.
        if keeper.isComplete, let intent = keeper.intent { actions += [.filterTunnels(VXLANFilter(intent))] + probe(intent) }
        let heardAt = now - (sources.silence(of: .southbound, at: now) ?? 0)
        if let cloud = memory.renew(trust, routers: selection.attachedRouters, owners: owners, heardAt: heardAt, at: now) {
            actions.append(.saveCloud(cloud))
        }
        return actions + [.report, .wait(until: max(now, min(schedule.next(after: now), deadline ?? .max)))]
    }
}
