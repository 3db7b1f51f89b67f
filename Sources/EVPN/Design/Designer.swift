import FRR
import FederationModel
import NetworkTypes

/// Turns intent and the routers hosted here into what the node needs. Pure: equal input gives an equal design.
package struct Designer: Sendable {
    /// What the design is made from.
    package struct Input: Sendable {
        package var intent: GatewayIntent
        package var routers: [HostedRouter]
        /// Hand-offs that are kept ready although no router uses them now. A gateway port that moves here then needs flows and routes only,
        /// and Open vSwitch does not reconfigure itself.
        package var standby: [VPNName: Set<ProviderNetwork>]
        /// Destinations in other clouds to steer traffic to, by VPN.
        package var destinations: [VPNName: Set<IPPrefix>]
        /// Those that the kernel forwards to now: the route is installed and its tunnel entries exist.
        package var forwarded: [VPNInstance: Set<IPPrefix>]
        /// What is advertised now, by VPN. No limit withdraws it.
        package var advertised: [VPNName: Set<IPPrefix>]
        /// For the OpenFlow port numbers. Nil before the switch has been read: no flows are designed then.
        package var switching: ObservedSwitch?
        /// What of learned routes is not installed though its origin may export it, by VPN.
        package var restrictions: [VPNName: [LearnedRestriction]]
        /// Of BGP sessions; nil: none has one.
        package var passwords: KnownPasswords?
        /// Of this node, outside of VRFs.
        package var localAddresses: Set<IPAddress>

        package init(
            intent: GatewayIntent, routers: [HostedRouter], standby: [VPNName: Set<ProviderNetwork>] = [:],
            destinations: [VPNName: Set<IPPrefix>], forwarded: [VPNInstance: Set<IPPrefix>] = [:],
            advertised: [VPNName: Set<IPPrefix>] = [:], switching: ObservedSwitch?,
            restrictions: [VPNName: [LearnedRestriction]] = [:], passwords: KnownPasswords? = nil,
            localAddresses: Set<IPAddress> = []
        ) {
            self.intent = intent
            self.routers = routers
            self.standby = standby
            self.destinations = destinations
            self.forwarded = forwarded
            self.advertised = advertised
            self.switching = switching
            self.restrictions = restrictions
            self.passwords = passwords
            self.localAddresses = localAddresses
        }
    }

    /// Large enough for any packet: the VRF answers packets that are too big for the tunnel (ICMP).
    static let handoffMTU = 9000
    static let guardPriority: UInt16 = 2000
    /// Of flows that drop refused traffic. Their prefixes are not destinations.
    package static let refusePriority: UInt16 = 1010
    static let steerPriority: UInt16 = 1000
    static let dropPriority: UInt16 = 990
    /// Of entries of others that may take what ours are for, the least: equal ones are either's.
    package static let leastPriority = steerPriority
    /// Of flows for what is exempted from NAT and not steered.
    static let unsteeredPriority: UInt16 = 980

    package static func design(_ input: Input, indexes: inout LocalIndexes) -> HostDesign {
        let intent = input.intent
        var design = HostDesign(base: nil, vpns: [:])
        // Its own routers first: where what is shared into the VPN has addresses of theirs, it stays out.
        let routers = Dictionary(grouping: input.routers, by: \.vpn).mapValues { routers in
            routers.sorted { ($0.isShared ? 1 : 0, $0.id) < ($1.isShared ? 1 : 0, $1.id) }
        }
        let reserved = ReservedAddresses(intent, local: input.localAddresses)
        let portions = Dictionary(grouping: input.routers, by: \.id).mapValues { sharers in
            SharedDestinations.divide(sharers, reserved: reserved) {
                (input.destinations[$0.vpn] ?? []).union(local(to: $0, among: routers[$0.vpn] ?? []))
            }
        }
        for vpn in intent.vpns.values.sorted(by: { $0.name < $1.name }) {
            let sentInSecondary = sentInSecondary(vpn, input.forwarded)
            if !sentInSecondary.isEmpty { design.sentInSecondary[vpn.name] = sentInSecondary }
            let hosted = (routers[vpn.name] ?? []).map { ($0, portions[$0.id]?[vpn.name] ?? .init()) }
            for binding in vpn.bindings {
                // Equal matches in two flows are one flow to Open vSwitch: each destination is of one VNI only.
                let made = Self.design(vpn, binding, hosted, input, &indexes) {
                    sentInSecondary.contains($0) == (binding.encapsulation != vpn.encapsulation)
                }
                design.vpns[made.instance] = made
            }
        }
        limit(&design.vpns, input)
        for bridge in Set(design.vpns.values.flatMap(\.ports).map(\.bridge)) {
            design.guards[bridge] = [
                Flow(index: Flow.nodeIndex, priority: guardPriority, inPort: nil, vlan: SwitchPort.isolationVLAN, action: .drop)
            ]
        }
        if intent.base.management == .agent { design.base = EVPNBaseStanza(intent, indexes, input.passwords) }
        return design
    }

    /// Destinations to which traffic is sent in the secondary VNI: those that only it leads to.
    private static func sentInSecondary(_ vpn: VPNIntent, _ forwarded: [VPNInstance: Set<IPPrefix>]) -> Set<IPPrefix> {
        let known = vpn.instances.map { forwarded[$0] ?? [] }
        return known.count > 1 ? known[1].subtracting(known[0]) : []
    }

    /// Destinations behind other routers of this node. Prefixes shared into a VPN are for its routers here as well as in other clouds.
    private static func local(to router: HostedRouter, among routers: [HostedRouter]) -> Set<IPPrefix> {
        guard routers.contains(where: \.isShared) else { return [] }
        return routers.reduce(into: []) { found, other in
            if other.isShared != router.isShared { found.formUnion(other.advertised) }
        }
    }

    /// Removes prefixes that exceed the limits from what is advertised. A prefix advertised in two VNIs counts once.
    private static func limit(_ designs: inout [VPNInstance: VPNDesign], _ input: Input) {
        let limits = PrefixLimits(
            wanted: Dictionary(designs.values.map { ($0.vpn, $0.routing.networks) }, uniquingKeysWith: { $0.union($1) }),
            limits: input.intent.vpns.compactMapValues(\.maximumPrefixes), total: input.intent.base.maximumPrefixes,
            standing: input.advertised)
        let outcome = limits.outcome()
        for (vpn, problems) in outcome.problems {
            for instance in input.intent.vpns[vpn]?.instances ?? [] {
                designs[instance]?.routing.networks = outcome.admitted[vpn] ?? []
                designs[instance]?.problems += problems
            }
        }
    }

    private static func design(
        _ vpn: VPNIntent, _ binding: Binding, _ routers: [(HostedRouter, SharedDestinations.Portion)], _ input: Input,
        _ indexes: inout LocalIndexes, sends: (IPPrefix) -> Bool
    ) -> VPNDesign {
        let base = input.intent.base
        // Each kind and each encapsulation has devices of its own.
        let vni: VNI
        switch (vpn.kind, binding.encapsulation) {
        case (.l3, .vxlan(let given)): vni = given
        }
        let instance = VPNInstance(vpn: vpn.name, vni: vni)
        let names = LocalNames(index: indexes.index(of: instance))
        let ways = ProbeWays(input.intent)
        let mtu = input.intent.mtu(of: vpn)
        var design = VPNDesign(
            instance: instance, index: names.index,
            links: [
                Link(name: names.vrf, kind: .vrf(table: names.table), master: nil, mac: nil, mtu: nil),
                Link(name: names.bridge, kind: .bridge, master: names.vrf, mac: base.routerMAC, mtu: mtu),
                Link(name: names.vxlan, kind: .vxlan(vni: vni, local: base.vtep), master: names.bridge, mac: nil, mtu: mtu),
            ],
            addresses: Set(
                AddressFamily.allCases.map { InterfaceHost(link: names.vrf, address: ProbeWays.address(base.probeAddress, $0)) }),
            routes: [
                VRFRoute(table: names.table, prefix: .everything(.ipv4), target: .unreachable),
                VRFRoute(table: names.table, prefix: .everything(.ipv6), target: .unreachable),
            ],
            neighbours: [], ports: [], flows: [:],
            routing: VRFStanza(
                asn: base.asn, vrf: names.vrf, routerID: base.vtep, distinguisher: binding.routeDistinguisher,
                importTargets: Set(binding.importTargets), exportTargets: Set(binding.exportTargets),
                installed: InstallContent.of(vpn, own: base.vtep, input.restrictions[vpn.name] ?? [])),
            offers: [], originated: [], exemptions: [:], problems: [])
        design.routes.formUnion(ways.routes(of: vpn, names))
        for (router, portion) in routers {
            guard let inside = attach(router, portion, sends, base, input, to: &design, &indexes), design.probedRouter == nil else {
                continue
            }
            guard let probes = RouterProbes(router, of: vpn, ways.origins(of: vpn), base, by: inside) else { continue }
            answer(probes, input, &design, &indexes)
        }
        originate(vpn, base, in: &design)
        let standby = (input.standby[vpn.name] ?? []).sorted { ($0.bridge, $0.vlan ?? 0) < ($1.bridge, $1.vlan ?? 0) }
        for network in standby { provide(network, base, in: &design, &indexes) }
        for port in design.ports {
            // Whatever else is missing: what leaves the VRF by itself goes nowhere.
            guard let ofport = input.switching?.ports[port.name]?.ofport else { continue }
            design.flows[port.bridge, default: []].insert(Flow(index: design.index, priority: dropPriority, inPort: ofport, action: .drop))
        }
        return design
    }

    /// Adds the prefixes that the intent itself originates, and graceful shutdown.
    private static func originate(_ vpn: VPNIntent, _ base: BaseIntent, in design: inout VPNDesign) {
        if vpn.exportTargets.isEmpty {
            // Nobody could import it.
            design.routing.networks = []
            design.offers = []
        } else {
            design.routing.networks.formUnion(vpn.originated)
            design.originated = Set(vpn.originated)
            let own = PrefixCover(design.routing.advertisedSubnets)
            for prefix in vpn.originated where !own.contains(prefix) {
                if prefix.isHost {
                    design.routing.advertisedSubnets.insert(prefix)
                } else {
                    design.routing.advertisedPrefixes.insert(prefix)
                }
            }
        }
        design.routing.isDraining =
            base.isDraining && !(design.routing.advertisedSubnets.isEmpty && design.routing.advertisedPrefixes.isEmpty)
        if vpn.localPreference != nil, base.management == .external {
            design.problems.append(
                Problem(
                    code: .localPreferenceNeedsSessions,
                    message:
                        "VPN \(vpn.name) has a local preference, but the operator manages the sessions that would set it (bgp: management: external)",
                    remedy:
                        "set it in an inbound route-map of your own that matches the VPN’s route targets; or set “bgp: {management: agent}” for the cloud"
                ))
        }
    }

    /// Attaches a router to its VPN's VRF: hand-off to the provider bridge, routes to its subnets, steering flows.
    /// - Returns: the hand-off's end in the VRF; nil: it is not attached.
    private static func attach(
        _ router: HostedRouter, _ portion: SharedDestinations.Portion, _ sends: (IPPrefix) -> Bool, _ base: BaseIntent, _ input: Input,
        to design: inout VPNDesign, _ indexes: inout LocalIndexes
    ) -> String? {
        let (inside, outside) = provide(router.provider.network, base, in: &design, &indexes)
        var handoffs = [router.provider.network: outside]
        for network in router.further.map(\.provider.network) where handoffs[network] == nil {
            handoffs[network] = provide(network, base, in: &design, &indexes).outside
        }
        let taken = Set(design.routes.map(\.prefix))
        // Another tenant's router must not take a part of what somebody else has, as the longer prefix would.
        let others = OverlapSearch(router.isShared ? design.routing.advertisedSubnets : [])
        for prefix in router.subnets.union(router.gatewayAddresses.map(IPPrefix.init(host:))).sorted()
        where taken.contains(prefix) || others.overlapping(prefix) != nil {
            design.problems.append(
                Problem(
                    code: .prefixAmbiguous, message: "\(prefix) of router \(router.id) overlaps another router of VPN \(router.vpn)",
                    remedy: "attach one of the routers only, or change its addresses"))
            return nil
        }
        for address in router.gatewayAddresses {
            design.routes.insert(VRFRoute(table: design.names.table, prefix: IPPrefix(host: address), target: .link(inside)))
            design.neighbours.insert(StaticNeighbour(link: inside, address: address, mac: router.gatewayMAC))
        }
        for subnet in router.subnets.sorted() {
            guard let nextHop = router.nextHop(subnet.family) else {
                design.problems.append(
                    Problem(
                        code: .gatewayLacksFamily,
                        message:
                            "router \(router.id) has subnet \(subnet), but its gateway port has no \(subnet.family.rawValue) address",
                        remedy: "add an \(subnet.family.rawValue) subnet to the external network and give the router an address in it",
                        prefixes: [subnet]))
                continue
            }
            design.routes.insert(VRFRoute(table: design.names.table, prefix: subnet, target: .via(nextHop, link: inside)))
        }
        design.routing.networks.formUnion(router.advertised)
        design.offers += offers(of: router, by: inside, outside, input.switching, design)
        design.routing.advertisedSubnets.formUnion(router.subnets)
        design.problems += portion.problems
        design.exemptions[router.id] = portion.steered
        var sent = portion
        sent.steered = portion.steered.filter(sends)
        // Each hole is of one VNI only, too: that of the widest destination that it is in.
        sent.holes = portion.holes.filter { hole in
            portion.steered.filter { $0.contains(hole) }.min { $0.length < $1.length }.map(sends) ?? false
        }
        steer(router, sent, { handoffs[$0] }, base, input, &design)
        return inside
    }

    /// Lets the router turn probes of others.
    private static func answer(_ probes: RouterProbes, _ input: Input, _ design: inout VPNDesign, _ indexes: inout LocalIndexes) {
        func port(_ network: ProviderNetwork) -> UInt32? {
            let outside = LocalNames.handoffOutside(indexes.index(of: LocalIndexes.Handoff(instance: design.instance, network: network)))
            return input.switching?.ports[outside]?.ofport
        }
        let exits = probes.router.exits.map { ($0, input.switching?.patchPorts[$0.provider.patchPort], port($0.provider.network)) }
        for (number, (exit, patch, port)) in exits.enumerated() {
            // Where one way out is not whole, so is not the answer.
            guard let patch, let port else { return }
            if number == 0 {
                design.routes.formUnion(probes.routes(design.names.table))
                design.flows[exit.provider.bridge, default: []].formUnion(probes.into(from: port, to: patch, design.index))
            }
            design.flows[exit.provider.bridge, default: []].formUnion(probes.out(by: exit, patch, to: port, design.index))
        }
        design.probedRouter = probes.statement
    }

    /// The veth pair of a hand-off: its end in the VRF and its end on the provider bridge.
    @discardableResult
    private static func provide(
        _ network: ProviderNetwork, _ base: BaseIntent, in design: inout VPNDesign, _ indexes: inout LocalIndexes
    ) -> (inside: String, outside: String) {
        let index = indexes.index(of: LocalIndexes.Handoff(instance: design.instance, network: network))
        let (inside, outside) = (LocalNames.handoffInside(index), LocalNames.handoffOutside(index))
        if design.ports.insert(SwitchPort(bridge: network.bridge, name: outside)).inserted {
            design.links.append(
                Link(name: inside, kind: .veth(peer: outside), master: design.names.vrf, mac: base.routerMAC, mtu: handoffMTU))
        }
        return (inside, outside)
    }
}
