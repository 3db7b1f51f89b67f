import FRR
import FederationModel
import NetworkTypes

/// Compares what a VPN needs with what the node holds, and plans what to change now.
///
/// It never waits and never assumes that a step worked: a step that depends on another is planned once the result of the other has been
/// observed. The orders below are forced by FRR 8.4.4:
/// - A VNI that is bound before the BGP instance of its VRF exists gets routes but no router MACs (traffic is lost one way).
///   So: devices, then zebra knows them, then `router bgp … vrf`, and `vrf … / vni` last.
/// - A bgpd that hears of a bound VNI whose VRF has no instance makes one by itself, with the wildcard import target: a leak.
///   So after a restart of bgpd the binding goes first and comes back last; nothing is lost by it, bgpd has no routes then.
/// - Two VRFs with one route distinguisher have one set of routes, and it goes with the first of them. So while another VRF that has the
///   same one is bound, a VNI is not bound.
/// - `no router bgp … vrf` right after `no vni` is refused, and interleaving them crashes bgpd (double free in
///   `bgp_evpn_local_vni_del`). So: all `no vni`, then bgpd has lost the VNIs, then the instances go.
package enum Planner {
    /// The plan for a VPN that is intended.
    /// - Parameters:
    ///   - others: the designs of the same VPN with other VNIs.
    ///   - isBaseInForce: BGP without VRFs is as designed, or managed by the operator.
    package static func plan(
        _ design: VPNDesign, beside others: [VPNDesign] = [], isBaseInForce: Bool, on host: ObservedHost
    ) -> NodePlan {
        var plan = NodePlan(problems: design.problems)
        guard let kernel = host.kernel, let switching = host.switching, let routing = host.routing, let flows = host.flows else {
            plan.waits.append("the first reading of the node")
            return plan
        }
        plan.problems += obstacles(to: design, kernel)
        if let bound = routing.vniBindings[design.names.vrf], bound != design.vni {
            plan.steps.append(.unbindVNI(vrf: design.names.vrf, vni: bound))
            plan.waits.append("bgpd to release VNI \(bound)")
            return plan
        }
        if let bound = routing.vniBindings[design.names.vrf], routing.vrfs[design.names.vrf] == nil {
            plan.steps.append(.unbindVNI(vrf: design.names.vrf, vni: bound))
            plan.waits.append("bgpd to forget VNI \(bound), bound without a BGP instance")
            return plan
        }
        let running = planWithdrawals(design, routing, &plan)
        guard planLinks(design, kernel, &plan) else { return plan }
        planAdditions(design, kernel, &plan)
        planPorts(design, switching, &plan)
        planRouting(design, isBaseInForce, routing, running, &plan)
        plan.steps += changes(from: flows, to: design.flows, index: design.index, beside: others)
        planRemovals(design, kernel, switching, &plan)
        return plan
    }

    /// The flows of the node as a whole.
    package static func plan(guards: [String: Set<Flow>], on host: ObservedHost) -> NodePlan {
        NodePlan(steps: host.flows.map { changes(from: $0, to: guards, index: Flow.nodeIndex) } ?? [])
    }

    /// BGP without VRFs. bgpd's default instance is created where there is none; one with another AS is the operator's and stays.
    /// - Parameters:
    ///   - design: nil where the operator manages BGP.
    ///   - asn: of the cloud.
    ///   - mayMakeInstance: false while the operator may be about to configure the instance.
    package static func plan(base design: EVPNBaseStanza?, asn: ASN, mayMakeInstance: Bool = true, on host: ObservedHost) -> NodePlan {
        guard let routing = host.routing else { return NodePlan(waits: design == nil ? [] : ["bgpd and zebra to answer"]) }
        if let running = routing.asn, running != asn { return NodePlan(problems: [conflict(running, with: asn)]) }
        guard let design else { return NodePlan(problems: routing.asn == nil ? [instanceMissing(asn)] : []) }
        guard routing.asn != nil || mayMakeInstance else {
            return NodePlan(waits: ["the operator to configure `router bgp`; the agent does after 10 s"])
        }
        var problems = complaints(about: design, routing)
        if case .unreadable? = routing.passwords { return NodePlan(problems: problems) }
        problems += design.taken(beside: routing.base).map { address in
            Problem(
                code: .peerTaken,
                message: "neighbor \(address) is configured by hand in bgpd: the federation has no session with it",
                remedy: "remove it: `vtysh -c 'configure terminal' -c 'router bgp \(asn)' -c 'no neighbor \(address)'`; "
                    + "or set “bgp: {management: external}” for the cloud")
        }
        guard !design.isInForce(in: routing.base) else { return NodePlan(problems: problems) }
        // `advertise-all-vni` makes bgpd take up every bound VNI, those without an instance too (see above).
        let dangling = routing.vniBindings.keys.filter { LocalNames.index(ofVRF: $0) != nil && routing.vrfs[$0] == nil }.sorted()
        guard dangling.isEmpty else { return NodePlan(waits: dangling.map { "zebra to unbind the VNI of \($0)" }) }
        return NodePlan(steps: [.configureBase(from: routing.base, to: design)], problems: problems)
    }

    /// What sessions lack on this node. Without the passwords nothing is changed: peers that expect one would be lost.
    private static func complaints(about design: EVPNBaseStanza, _ routing: ObservedRouting) -> [Problem] {
        var problems: [Problem] = []
        if case .unreadable(let reason)? = routing.passwords {
            problems.append(
                Problem(
                    code: .bgpPasswordsUnreadable,
                    message: "BGP sessions stay as they are, because their passwords cannot be read: \(reason)",
                    remedy: "write lines of “ADDRESS PASSWORD” or “* PASSWORD” to the file, and let only root read it (mode 600)"))
        }
        if design.failureDetection == .bfd, routing.detection != .bfd {
            problems.append(
                Problem(
                    code: .bfdNotRunning, message: "bfdd does not run: a dead peer is noticed by the hold time, \(design.timers.hold) s",
                    remedy:
                        "write “bfdd=yes” in /etc/frr/daemons, and let FRR start it: `systemctl restart frr`, which loses packets for some seconds; "
                        + "or remove “bfd” of the cloud from the federation file"))
        }
        return problems
    }

    private static func instanceMissing(_ asn: ASN) -> Problem {
        Problem(
            code: .bgpInstanceMissing,
            message: "bgpd has no `router bgp \(asn)`; this cloud’s BGP is managed by the operator (bgp: management: external)",
            remedy: "configure it: `vtysh -c 'configure terminal' -c 'router bgp \(asn)'`; or set “bgp: {management: agent}” for the cloud")
    }

    private static func conflict(_ running: ASN, with wanted: ASN) -> Problem {
        Problem(
            code: .asConflict, message: "bgpd already runs `router bgp \(running)`; the federation has AS \(wanted) for this cloud",
            remedy: "set “as: \(running)” for the cloud in the federation file, or reconfigure bgpd")
    }

    // MARK: - What is no longer advertised

    /// It goes before anything is mended: whoever carries out the plan stops at the first failure, and what is to be mended may fail for ever.
    /// - Returns: the VPN's BGP instance as it is then; nil: there is none.
    private static func planWithdrawals(_ design: VPNDesign, _ routing: ObservedRouting, _ plan: inout NodePlan) -> VRFStanza? {
        guard let running = routing.vrfs[design.names.vrf] else { return nil }
        var left = running
        left.networks.formIntersection(design.routing.networks)
        guard left != running, running.asn == design.routing.asn else { return running }
        plan.steps.append(.configureVRF(from: running, to: left))
        return left
    }

    // MARK: - What is to be added

    /// Devices. False where planning must stop: a foreign device has a name that we need.
    private static func planLinks(_ design: VPNDesign, _ kernel: ObservedKernel, _ plan: inout NodePlan) -> Bool {
        for link in design.links {
            guard let observed = kernel.links[link.name] else {
                plan.steps.append(.createLink(link))
                if case .vrf = link.kind {
                    // Before any port joins: what the table does not know must not fall through to the node's own routes.
                    plan.steps += design.routes.filter(\.isUnreachable).sorted { $0.order < $1.order }.map(Step.addRoute)
                }
                continue
            }
            guard let kind = observed.kind else {
                plan.problems.append(
                    Problem(
                        code: .deviceNameTaken, message: "device name \(link.name) is taken by a device of another kind",
                        remedy: "delete it: `ip link delete \(link.name)`; or rename it"))
                return false
            }
            if kind != link.kind {
                plan.steps += [.deleteLink(link.name), .createLink(link)]
            } else if differs(observed, from: link) || hasPeerDown(link, kernel) {
                plan.steps.append(.adjustLink(link))
            }
        }
        return true
    }

    /// The other end of a hand-off is down: nothing passes, although our end is up.
    private static func hasPeerDown(_ link: Link, _ kernel: ObservedKernel) -> Bool {
        if case .veth(let peer) = link.kind { kernel.links[peer]?.isUp == false } else { false }
    }

    private static func differs(_ observed: ObservedLink, from link: Link) -> Bool {
        if observed.master != link.master || !observed.isUp { return true }
        if let mac = link.mac, observed.mac != mac { return true }
        if let mtu = link.mtu, observed.mtu != mtu { return true }
        if case .vxlan = link.kind { return observed.learns || !observed.suppressesNeighbours }
        return false
    }

    private static func planAdditions(_ design: VPNDesign, _ kernel: ObservedKernel, _ plan: inout NodePlan) {
        // A device that is made or moved in this plan has lost what it had.
        let renewed = Set(
            plan.steps.compactMap { step -> String? in
                switch step {
                case .createLink(let link), .adjustLink(let link): link.name
                default: nil
                }
            })
        for link in design.links where renewed.contains(link.name) || kernel.notForwarding.contains(link.name) {
            plan.steps.append(.enableForwarding(link: link.name))
        }
        func isMissing<Value: Hashable>(_ value: Value, in present: Set<Value>, on link: String?) -> Bool {
            !present.contains(value) || link.map(renewed.contains) ?? false
        }
        for address in design.addresses.sorted(by: { ($0.link, $0.address) < ($1.link, $1.address) })
        where isMissing(address, in: kernel.addresses, on: address.link) {
            plan.steps.append(.addAddress(address))
        }
        let routes = design.routes.sorted { $0.order < $1.order }
        for route in routes where isMissing(route, in: kernel.routes, on: route.link ?? design.names.vrf) {
            plan.steps.append(.addRoute(route))
        }
        for neighbour in design.neighbours.sorted(by: { ($0.link, $0.address) < ($1.link, $1.address) })
        where isMissing(neighbour, in: kernel.neighbours, on: neighbour.link) {
            plan.steps.append(.setNeighbour(neighbour))
        }
    }

    private static func planPorts(_ design: VPNDesign, _ switching: ObservedSwitch, _ plan: inout NodePlan) {
        for port in design.ports.sorted(by: { $0.name < $1.name }) {
            guard switching.bridges.contains(port.bridge) else {
                plan.problems.append(
                    Problem(
                        code: .providerBridgeMissing, message: "Open vSwitch has no bridge \(port.bridge)",
                        remedy: "create it: `ovs-vsctl add-br \(port.bridge)`; or correct the bridge mappings of this node: "
                            + "`ovs-vsctl --if-exists get Open_vSwitch . external_ids:ovn-bridge-mappings`"))
                continue
            }
            let observed = switching.ports[port.name]
            if observed?.bridge != port.bridge || observed?.tag != SwitchPort.isolationVLAN {
                plan.steps.append(.addPort(port))
            } else if observed?.ofport == nil {
                plan.waits.append("ovs-vswitchd to number port \(port.name)")
            }
        }
    }

    /// - Parameter current: the VPN's BGP instance when what is planned so far is done.
    private static func planRouting(
        _ design: VPNDesign, _ isBaseInForce: Bool, _ routing: ObservedRouting, _ current: VRFStanza?, _ plan: inout NodePlan
    ) {
        let names = design.names
        if let running = routing.asn, running != design.routing.asn {
            plan.problems.append(conflict(running, with: design.routing.asn))
            return
        }
        guard isBaseInForce else {
            plan.waits.append("the BGP base")
            return
        }
        // bgpd 8.4.4 would take a VRF's instance without a default one, and then imports nothing into it.
        guard routing.asn != nil else {
            plan.problems.append(instanceMissing(design.routing.asn))
            return
        }
        let known = [names.bridge, names.vxlan].allSatisfy { routing.devices[$0] != nil }
        guard known, routing.devices[names.bridge] == names.vrf else {
            plan.waits.append("zebra to know \(names.vrf), \(names.bridge) and \(names.vxlan)")
            return
        }
        if current != design.routing {
            plan.steps.append(.configureVRF(from: current, to: design.routing))
        }
        guard current?.importTargets == design.routing.importTargets, current?.exportTargets == design.routing.exportTargets,
            current?.distinguisher == design.routing.distinguisher
        else {
            plan.waits.append("the BGP instance of \(names.vrf)")
            return
        }
        guard routing.vniBindings[names.vrf] != nil else {
            let others = routing.vrfs.values.filter { $0.vrf != names.vrf && $0.distinguisher == design.routing.distinguisher }
            if let other = others.map(\.vrf).sorted().first(where: { routing.vniBindings[$0] != nil }) {
                plan.waits.append("\(other) to release its VNI: it has the same route distinguisher")
                return
            }
            plan.steps.append(.bindVNI(vrf: names.vrf, vni: design.vni))
            return
        }
        guard let effective = routing.vnis[design.vni] else {
            plan.waits.append("bgpd to learn VNI \(design.vni)")
            return
        }
        if !design.routing.hasTargetsInForce(effective) { plan.steps.append(.restateTargets(design.routing, of: effective)) }
    }

    /// The changes from the flows present, by bridge, to those wanted, of one index.
    private static func changes(
        from present: [String: Set<Flow>], to wanted: [String: Set<Flow>], index: Int, beside others: [VPNDesign] = []
    ) -> [Step] {
        Set(wanted.keys).union(present.keys).sorted().compactMap { bridge in
            let wanted = wanted[bridge] ?? []
            let present = (present[bridge] ?? []).filter { $0.index == index }
            guard wanted != present else { return nil }
            let missing = wanted.subtracting(present)
            let stale = Flow.gone(present.subtracting(wanted), beside: others, on: bridge)
            return missing.isEmpty && stale.isEmpty ? nil : .changeFlows(bridge: bridge, add: missing, remove: stale)
        }
    }

    // MARK: - What is no longer wanted

    private static func planRemovals(_ design: VPNDesign, _ kernel: ObservedKernel, _ switching: ObservedSwitch, _ plan: inout NodePlan) {
        let wanted = Set(design.links.map(\.name))
        let ours = kernel.links.filter { $0.value.master == design.names.vrf && LocalNames.index(in: $0.key, stem: "fedin") != nil }.keys
        let stale = Set(ours).subtracting(wanted)
        let routes = kernel.routes.filter { $0.table == design.names.table && !design.routes.contains($0) }
        for route in routes.sorted(by: { $0.order > $1.order }) {
            // One to the same prefix with the same metric that is added in this plan replaces this one.
            guard !design.routes.contains(where: { $0.prefix == route.prefix && $0.metric == route.metric }) else { continue }
            plan.steps.append(.removeRoute(route))
        }
        for neighbour in kernel.neighbours.subtracting(design.neighbours).sorted(by: { ($0.link, $0.address) < ($1.link, $1.address) })
        where wanted.contains(neighbour.link)
            && !design.neighbours.contains(where: { $0.link == neighbour.link && $0.address == neighbour.address })
        {
            plan.steps.append(.removeNeighbour(neighbour))
        }
        for address in kernel.addresses.subtracting(design.addresses).sorted(by: { ($0.link, $0.address) < ($1.link, $1.address) })
        where wanted.contains(address.link) {
            plan.steps.append(.removeAddress(address))
        }
        for name in stale.sorted() {
            let outside = "fedov" + name.dropFirst("fedin".count)
            if let port = switching.ports[outside] { plan.steps.append(.removePort(SwitchPort(bridge: port.bridge, name: outside))) }
            plan.steps.append(.deleteLink(name))
        }
    }
}

extension VRFRoute {
    var isUnreachable: Bool { target == .unreachable }

    /// The outgoing device; nil for an unreachable route.
    var link: String? {
        switch target {
        case .link(let link), .via(_, let link): link
        case .unreachable: nil
        }
    }

    /// On-link routes before routes through them.
    var order: (Int, IPPrefix) {
        switch target {
        case .unreachable: (0, prefix)
        case .link: (1, prefix)
        case .via: (2, prefix)
        }
    }
}
