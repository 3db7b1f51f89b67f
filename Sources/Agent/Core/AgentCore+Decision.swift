import EVPN
import FederationModel
import NetworkTypes
import OVN

/// From what is seen and what is wanted to what to do now.
extension AgentCore {
    /// Milliseconds from the last flow’s change until a VNI counts as left.
    package static let drain: Int64 = 1_000

    struct Decision {
        /// Steps of the base and of VPNs that go, in order.
        var common: [Step] = []
        var vpns: [(design: VPNDesign, steps: [Step])] = []
        /// In the northbound database.
        var exemptions: [ExemptionTransaction] = []

        /// It takes a VNI off.
        var unbinds: Bool {
            (common + vpns.flatMap(\.steps)).contains { if case .unbindVNI = $0 { true } else { false } }
        }
    }

    mutating func decide(at now: Int64) -> Decision {
        waits = []
        guard let basis = basis(at: now) else { return Decision() }
        let (intent, node, cloud) = (basis.intent, basis.node, basis.cloud)
        // While the intent is still coming, what selects a name may not be known yet.
        if keeper.isComplete { pins.keep(Set(intent.vpns.values.lazy.flatMap(\.attachments).map(\.selector))) }
        selection = Selection.select(intent.vpns, in: cloud, at: node, pins: pins, taken: basis.taken)
        // What it sees may be over: others say what a name that is looked for anew means.
        if basis.isRemembered || [.southbound, .northbound].contains(where: { sources.silence(of: $0, at: now) != nil }) {
            selection.leaveOpen(of: pins)
        }
        pins = selection.pins
        selection.leave(basis.waiting)
        if keeper.isComplete, !basis.isRemembered {
            owners = selection.owners(by: intent.vpns, keeping: (owners ?? [:]).filter { basis.waiting.contains($0.value) })
        }
        limitLearned(intent, at: now)
        if basis.loss == .withdraw { selection.withdraw() }
        let standing = advertised(intent)
        if basis.isRemembered { selection.advertise(only: standing) }
        if cloud.northbound == nil { selection.advertiseUntold(of: cloud, only: standing) }
        let held = lapses.keep(&selection.routers, standing: standing, at: now)
        let damped = damping.settle(&selection.routers, at: now)
        selection.sayDown()
        var design = Self.dataPlane.design(
            .init(
                intent: basis.loss == .drain ? intent.drained : intent, routers: selection.routers, standby: selection.standby,
                destinations: steered(intent, at: now), forwarded: forwarded(intent), advertised: standing,
                switching: host.switching, restrictions: restrictions(intent), passwords: host.routing?.passwords,
                localAddresses: host.kernel?.localAddresses ?? []),
            indexes: &indexes)
        design.vpns = design.vpns.filter { !basis.waiting.contains($0.key.vpn) }
        // What a limit admits is the same whether it can be delivered now or not.
        if host.routing != nil {
            admitted = intent.vpns.compactMapValues { $0.instances.first.flatMap { design.vpns[$0]?.routing.networks } }
        }
        deadline = [held, damped, delivery.hold(&design, on: host, at: now)].compactMap(\.self).min()
        design.guards.merge(unsteered(design, basis)) { $0.union($1) }
        self.design = design
        steered = intent.vpns.compactMapValues { $0.instances.first.flatMap { design.vpns[$0]?.exemptions } }
        nextHops.want(nextHops(in: cloud, at: node))
        var decision = Decision()

        let base = Planner.plan(
            base: design.base, asn: intent.base.asn, mayMakeInstance: instance.mayMake(host.routing, at: now), on: host)
        let teardown = basis.isWhole ? Self.dataPlane.teardown(keeping: Array(design.vpns.values), on: host) : NodePlan()
        // What guards ports of VPNs that are not known yet stays.
        let shared = Self.dataPlane.plan(design, on: host).steps.compactMap { basis.isWhole ? $0 : $0.withoutRemovals }
        decision.common = shared + base.steps + teardown.steps
        waits = base.waits + teardown.waits
        baseProblems = base.problems
        // Before the node was looked at, no step is planned, and that heals nothing.
        if let failure = commonFailure, host.isSeen, !decision.common.contains(where: failure.step.leadsWhere) { commonFailure = nil }
        baseProblems += trust.problems(of: node) + Selection.unreadable(in: cloud)
        if let commonFailure { baseProblems.append(Self.stepFailed(commonFailure.reason)) }
        acknowledge(.base, intent.base.version, base, refusal: base.refusal ?? commonFailure?.reason)
        if basis.isWhole { forget(except: design, teardown) }

        for vpn in intent.vpns.values.sorted(by: { $0.name < $1.name }) {
            if basis.waiting.contains(vpn.name) {
                problems[vpn.name] = selection.problems[vpn.name]
            } else {
                decide(on: vpn, design, base, &decision, at: now)
            }
        }
        for (name, refused) in keeper.unreadable { acknowledgements[.vpn(name)] = .rejected(refused.version, reason: refused.reason) }
        decision.exemptions = exempt(basis, now)
        return decision
    }

    static func stepFailed(_ reason: String) -> Problem {
        Problem(code: .stepFailed, message: reason, remedy: "the agent tries again; if it persists: `journalctl -u fed-agent -n 50`")
    }

    mutating func acknowledge(_ name: ResourceName, _ version: ResourceVersion, _ plan: NodePlan, refusal: String?) {
        if let refusal {
            acknowledgements[name] = .rejected(version, reason: refusal)
        } else if plan.isSettled {
            acknowledgements[name] = .applied(version)
        } else if acknowledgements[name] != .applied(version) {
            // A repair does not take back what was acknowledged.
            acknowledgements[name] = nil
        }
    }

    /// Numbers go back only when nothing on the node bears them any more.
    private mutating func forget(except design: HostDesign, _ teardown: NodePlan) {
        let intended = Set(design.vpns.keys.map(\.vpn))
        acknowledgements = acknowledgements.filter { name, _ in
            if case .vpn(let vpn) = name { intended.contains(vpn) } else { true }
        }
        for instance in Array(indexes.instances.keys) where design.vpns[instance] == nil {
            inForce[instance] = nil
            restated[instance] = nil
            attempts.succeeded(instance)
            watch.forget(instance)
            if !intended.contains(instance.vpn) {
                problems[instance.vpn] = nil
                journal.forget(instance.vpn)
                destinations.forget(instance.vpn)
            }
            if teardown.isSettled, host.kernel != nil, host.routing != nil, host.flows != nil { indexes.release(instance) }
        }
    }
}

extension Step {
    /// The same step, but for flows that it takes away; nil if nothing is left of it.
    fileprivate var withoutRemovals: Step? {
        guard case .changeFlows(let bridge, let add, _) = self else { return self }
        return add.isEmpty ? nil : .changeFlows(bridge: bridge, add: add, remove: [])
    }
}
