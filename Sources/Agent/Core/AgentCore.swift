import EVPN
import FederationAPI
import FederationModel
import NetworkTypes
import OVN

/// All that the agent thinks. Facts and the time go in, decisions come out; it knows no socket and no clock, so that the
/// same facts at the same times always give the same decisions.
package struct AgentCore: Sendable {
    package private(set) var keeper: IntentKeeper
    package private(set) var indexes: LocalIndexes
    package private(set) var host = ObservedHost()
    package private(set) var selection = Selection()
    /// What names mean in this cloud.
    package private(set) var pins: Pins
    package private(set) var journal = DriftJournal()
    package private(set) var acknowledgements: [ResourceName: Acknowledgement] = [:]
    package private(set) var problems: [VPNName: [Problem]] = [:]
    package private(set) var baseProblems: [Problem] = []
    package private(set) var cloud: CloudView?
    package private(set) var node: LocalNode?
    /// Destinations that were last steered to, by VPN and router.
    package private(set) var steered: [VPNName: [String: Set<IPPrefix>]] = [:]
    private var destinations = Destinations()
    private var hasSeededDestinations = false
    private var attempts = Attempts()
    private var watch = TunnelWatch()
    private var instance = InstanceWatch()
    /// The step of the base, or of VPNs that go, that last failed, and why.
    private var commonFailure: (step: Step, reason: String)?
    /// What each VPN advertises within its limits; nil until bgpd was seen.
    private var admitted: [VPNName: Set<IPPrefix>]?
    /// The designs that were last found in force: what differs from them later was changed by somebody else.
    private var inForce: [VPNInstance: VPNDesign] = [:]
    /// Since when VPNs with two VNIs send in this one only.
    private var sentAlone: [VPNName: (encapsulation: Encapsulation, since: Int64)] = [:]

    /// Milliseconds from the last flow’s change until a VNI counts as left.
    package static let drain: Int64 = 1_000

    package init(stored: GatewayIntent?, indexes: LocalIndexes, pins: Pins = Pins(), acceptsNewEpoch: Bool = false) {
        self.pins = pins
        keeper = IntentKeeper(stored: stored, acceptsNewEpoch: acceptsNewEpoch)
        self.indexes = indexes
    }

    // MARK: - Facts

    /// - Returns: whether the intent in force changed and wants storing, or what names mean.
    package mutating func receive(_ message: CoordinatorMessage) throws(IntentKeeper.Refusal) -> Bool {
        if case .pins(let offered) = message { return pins.adopt(offered) }
        return try keeper.receive(message)
    }

    /// A southbound database in which this node's own chassis is not registered was made anew or is still being filled: it says
    /// nothing about what is bound here, and the view before it stands.
    package mutating func see(cloud view: CloudView) {
        if let node, cloud != nil, !view.chassis.contains(where: { $0.name == node.chassis }) { return }
        cloud = view
    }
    package mutating func see(node view: LocalNode) { node = view }
    package mutating func see(switching view: ObservedSwitch) { host.switching = view }
    package mutating func see(kernel view: ObservedKernel) { host.kernel = view }
    package mutating func see(flows view: [String: Set<Flow>]) { host.flows = view }
    /// Nil: bgpd or zebra cannot be asked, so nothing is planned until they can.
    package mutating func see(routing view: ObservedRouting?) { host.routing = view }

    /// A step was carried out: until the next look at the node, that is how it is.
    package mutating func carriedOut(_ step: Step) {
        switch step {
        case .addPort(let port):
            let ofport = host.switching?.ports[port.name]?.ofport
            host.switching?.ports[port.name] = ObservedSwitchPort(bridge: port.bridge, tag: SwitchPort.isolationVLAN, ofport: ofport)
        case .removePort(let port): host.switching?.ports[port.name] = nil
        case .changeFlows(let bridge, let add, let remove):
            let replaced = Set(add.map(\.matchOnly))
            let kept = (host.flows?[bridge] ?? []).subtracting(remove).filter { !replaced.contains($0.matchOnly) }
            host.flows?[bridge] = kept.union(add)
        case .configureVRF(let from, let to):
            host.routing?.vrfs[to.vrf] = to
            if from?.importTargets != to.importTargets || from?.exportTargets != to.exportTargets,
                let vni = host.routing?.vniBindings[to.vrf]
            {
                // What is in force now, only bgpd can tell.
                host.routing?.vnis[vni] = nil
            }
        case .restateTargets(_, let vni): host.routing?.vnis[vni.vni] = nil
        case .removeVRF(let instance): host.routing?.vrfs[instance.vrf] = nil
        case .bindVNI(let vrf, let vni): host.routing?.vniBindings[vrf] = vni
        case .unbindVNI(let vrf, _): host.routing?.vniBindings[vrf] = nil
        case .configureBase(let from, let to): host.routing?.base = to.applied(to: from)
        default: break  // The kernel is read again after every change to it.
        }
    }

    /// Steps of a VPN could not be carried out: it is tried again later, and the others go on.
    package mutating func failed(_ design: VPNDesign, step: Step, reason: String, at now: Int64) {
        attempts.failed(design, step: step, reason: reason, at: now)
    }

    /// A step of the base, or of VPNs that go, could not be carried out. It stands until the step is carried out, or is to be done no more.
    package mutating func commonFailed(_ step: Step, reason: String) { commonFailure = (step, reason) }

    /// Nothing of what is to be done to the base, or for VPNs that go, has failed.
    package var commonHasNotFailed: Bool { commonFailure == nil }

    // MARK: - Decisions

    /// What to do now.
    package struct Decision: Sendable {
        /// Steps of the base and of VPNs that go, in order.
        package var common: [Step] = []
        package var vpns: [(design: VPNDesign, steps: [Step])] = []
        /// What the NAT of each router hosted here shall leave alone, by its OpenStack id. Nil: not known, so leave it be.
        package var exemptions: [String: RouterExemption]?
        /// Something must come about by itself first: look again soon.
        package var isWaiting = false
        /// What it waits for, for the log.
        package var waits: [String] = []

        /// It takes a VNI off.
        package var unbinds: Bool {
            (common + vpns.flatMap(\.steps)).contains { if case .unbindVNI = $0 { true } else { false } }
        }

        package var isEmpty: Bool { common.isEmpty && vpns.allSatisfy(\.steps.isEmpty) }
    }

    /// - Parameter now: milliseconds since 1970.
    package mutating func decide(at now: Int64) -> Decision {
        // Without intent, without the node or without the cloud nothing is known to be wrong, so nothing is touched.
        guard let intent = keeper.intent, let cloud, let node else { return Decision() }
        // While the intent is still coming, what selects a name may not be known yet.
        if keeper.isComplete { pins.keep(Set(intent.vpns.values.lazy.flatMap(\.attachments).map(\.selector))) }
        selection = Selection.select(intent.vpns, in: cloud, at: node, pins: pins)
        pins = selection.pins
        let design = Designer.design(
            .init(
                intent: intent, routers: selection.routers, standby: selection.standby, destinations: steered(intent, at: now),
                forwarded: forwarded(intent), advertised: advertised(intent), switching: host.switching), indexes: &indexes)
        let sent = intent.vpns.compactMapValues { vpn in vpn.instances.first.flatMap { design.vpns[$0] } }
        steered = sent.mapValues(\.exemptions)
        if host.routing != nil { admitted = sent.mapValues(\.routing.networks) }
        var decision = Decision()

        let base = Planner.plan(
            base: design.base, asn: intent.base.asn, mayMakeInstance: instance.mayMake(host.routing, at: now), on: host)
        let teardown = keeper.isComplete ? Teardown.plan(keeping: design.vpns.values, on: host) : NodePlan()
        decision.common = Planner.plan(guards: design.guards, on: host).steps + base.steps + teardown.steps
        decision.waits = base.waits + teardown.waits
        baseProblems = base.problems
        // Before the node was looked at, no step is planned, and that heals nothing.
        if let failure = commonFailure, host.isSeen, !decision.common.contains(where: failure.step.leadsWhere) { commonFailure = nil }
        if let commonFailure { baseProblems.append(Self.stepFailed(commonFailure.reason)) }
        acknowledge(.base, intent.base.version, base, refusal: base.refusal ?? commonFailure?.reason)
        if keeper.isComplete { forget(except: design, teardown) }

        for vpn in intent.vpns.values.sorted(by: { $0.name < $1.name }) { decide(on: vpn, design, base, &decision, at: now) }
        for (name, refused) in keeper.unreadable { acknowledgements[.vpn(name)] = .rejected(refused.version, reason: refused.reason) }
        // Before the node was looked at, or while the intent is still coming, an absent destination means nothing.
        if keeper.isComplete, host.kernel != nil, hasSeededDestinations {
            decision.exemptions = Dictionary(
                selection.routers.map { router in
                    (router.id, RouterExemption(subnets: router.subnets, prefixes: steered[router.vpn]?[router.id] ?? []))
                }, uniquingKeysWith: { RouterExemption(subnets: $0.subnets.union($1.subnets), prefixes: $0.prefixes.union($1.prefixes)) })
        }
        decision.isWaiting = !decision.waits.isEmpty
        return decision
    }

    private mutating func steered(_ intent: GatewayIntent, at now: Int64) -> [VPNName: Set<IPPrefix>] {
        for (vpn, instance) in intent.vpns.values.sorted(by: { $0.name < $1.name }).flatMap({ vpn in vpn.instances.map { (vpn, $0) } }) {
            let index = indexes.index(of: instance)
            let (admittance, tunnels) = (Admittance(vpn), tunnels(of: index))
            // What leads elsewhere does not begin to be steered to. What was admitted before has its hold: traffic that is no longer
            // steered would leave by the provider network.
            destinations.see(tunnels.values.filter(admittance.admits).map(\.prefix).sorted(), of: instance.vpn, at: now)
            if !hasSeededDestinations, let flows = host.flows {
                let steering = flows.values.joined().filter {
                    $0.index == index && $0.sourceMAC != nil && $0.priority != Designer.refusePriority
                }
                let found = steering.compactMap(\.destination).filter { tunnels[$0].map(admittance.admits) ?? true }
                destinations.see(found, of: instance.vpn, at: now)
            }
        }
        if host.flows != nil { hasSeededDestinations = true }
        return destinations.steered(at: now)
    }

    /// What zebra installed for the VPN with this number.
    private func tunnels(of index: Int) -> [IPPrefix: TunnelRoute] { host.kernel?.tunnels[LocalNames(index: index).table] ?? [:] }

    private func forwarded(_ intent: GatewayIntent) -> [VPNInstance: Set<IPPrefix>] {
        // With one VNI there is nothing to choose.
        intent.vpns.values.filter { $0.secondary != nil }.reduce(into: [:]) { found, vpn in
            let admittance = Admittance(vpn)
            for instance in vpn.instances {
                found[instance] = indexes.instances[instance].map { index in
                    Set(tunnels(of: index).values.filter { $0.isReady && admittance.admits($0) }.map(\.prefix))
                }
            }
        }
    }

    /// What no limit withdraws: what was last let out, or, when the agent has just started, what bgpd is found to advertise.
    private func advertised(_ intent: GatewayIntent) -> [VPNName: Set<IPPrefix>] {
        if let admitted { return admitted }
        guard let routing = host.routing else { return [:] }
        return intent.vpns.mapValues { vpn in
            vpn.instances.compactMap { indexes.instances[$0] }.reduce(into: []) { found, index in
                found.formUnion(routing.vrfs[LocalNames(index: index).vrf]?.networks ?? [])
            }
        }
    }

    /// A VPN is one resource, with however many VNIs: its acknowledgement and its problems are those of all together.
    private mutating func decide(
        on vpn: VPNIntent, _ design: HostDesign, _ base: NodePlan, _ decision: inout Decision, at now: Int64
    ) {
        let designs = vpn.instances.compactMap { design.vpns[$0] }
        var whole = NodePlan(problems: selection.problems[vpn.name] ?? [])
        var refusals: [String] = []
        for one in designs {
            let plan = Planner.plan(
                one, beside: designs.filter { $0.index != one.index }, isBaseInForce: base.isSettled, on: host)
            judge(one, plan, &decision, at: now)
            whole.steps += plan.steps
            whole.waits += plan.waits
            whole.problems += plan.problems.filter { !whole.problems.contains($0) }
            if let reason = attempts.reason(one.instance, among: plan.steps) {
                refusals.append(reason)
                whole.problems.append(Self.stepFailed(reason))
            } else {
                refusals += [plan.refusal].compactMap(\.self)
            }
        }
        if let wait = handover(of: vpn, design, whole, at: now) {
            whole.waits.append(wait)
            decision.waits.append(wait)
        }
        problems[vpn.name] = whole.problems
        acknowledge(.vpn(vpn.name), vpn.version, whole, refusal: refusals.first)
    }

    /// What the secondary VNI is still needed for; were the VPN acknowledged, the coordinator would take it away. Nil: nothing.
    private mutating func handover(of vpn: VPNIntent, _ design: HostDesign, _ plan: NodePlan, at now: Int64) -> String? {
        if vpn.secondary == nil || !plan.steps.isEmpty { sentAlone[vpn.name] = nil }
        if let late = design.sentInSecondary[vpn.name]?.min() { return "\(vpn.encapsulation) to learn \(late)" }
        guard let other = vpn.secondary?.encapsulation, plan.isSettled else { return nil }
        // Open vSwitch goes on as before for a moment after a flow was replaced.
        let since = sentAlone[vpn.name].flatMap { $0.encapsulation == vpn.encapsulation ? $0.since : nil } ?? now
        sentAlone[vpn.name] = (vpn.encapsulation, since)
        return (0..<Self.drain).contains(now - since) ? "packets on their way in \(other)" : nil
    }

    private mutating func judge(_ vpn: VPNDesign, _ plan: NodePlan, _ decision: inout Decision, at now: Int64) {
        if plan.isSettled {
            inForce[vpn.instance] = vpn
            attempts.succeeded(vpn.instance)
        } else if inForce[vpn.instance] == vpn, !plan.steps.isEmpty, attempts.mayTry(vpn, at: now) {
            journal.record(plan.steps, of: vpn.vpn, at: now)
        }
        let known = tunnels(of: vpn.index).values
        // Entries that are missing are no matter of the plan, but whoever waits looks again soon.
        if known.contains(where: { !$0.isReady }) { decision.waits.append("tunnel entries of \(vpn.names.vrf)") }
        if plan.isSettled, let vni = host.routing?.vniBindings[vpn.names.vrf], let remedy = watch.judge(vpn.instance, known, at: now) {
            let anew = remedy == .announce ? Step.announceRoutes(vpn.routing) : .unbindVNI(vrf: vpn.names.vrf, vni: vni)
            journal.record([anew], of: vpn.vpn, at: now)
            decision.vpns.append((vpn, [anew]))
            if remedy == .rebind { decision.waits.append("zebra to forget VNI \(vni)") }
        } else if attempts.mayTry(vpn, at: now) {
            decision.vpns.append((vpn, plan.steps))
            decision.waits += plan.waits
        }
    }

    private static func stepFailed(_ reason: String) -> Problem {
        Problem(code: .stepFailed, message: reason, remedy: "it is tried again by itself; if it stays: `journalctl -u fed-agent -n 50`")
    }

    private mutating func acknowledge(_ name: ResourceName, _ version: ResourceVersion, _ plan: NodePlan, refusal: String?) {
        if let refusal {
            acknowledgements[name] = .rejected(version, reason: refusal)
        } else if plan.isSettled {
            acknowledgements[name] = .applied(version)
        } else if acknowledgements[name] != .applied(version) {
            // A repair does not take back what was acknowledged.
            acknowledgements[name] = .pending
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
