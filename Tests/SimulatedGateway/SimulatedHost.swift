import EVPN
import FRR
import FederationModel
import NetworkTypes

/// A node that keeps to the rules of Linux, Open vSwitch and FRR 8.4.4, and refuses what they refuse.
///
/// zebra and ovs-vswitchd take notice of changes only when `settle()` is called, as the real ones do some time later.
package struct SimulatedHost {
    package var kernel = ObservedKernel()
    package var switching = ObservedSwitch(patchPorts: ["patch-provnet-1-to-br-int": 2], bridges: ["br-ex"])
    package var flows: [String: Set<Flow>] = ["br-ex": []]
    /// bgpd with the operator's `router bgp` for his underlay.
    package var routing = ObservedRouting(base: SimulatedHost.base("router bgp 4200000001"))
    /// What a real node would have refused or suffered from.
    package var violations: [String] = []
    /// zebra does not program router MACs, however often it is told of the routes.
    package var losesRouterMACs = false
    /// bgpd keeps this import target in force, whatever is configured.
    package var keepsTarget: RouteTarget?
    private var nextPort: UInt32 = 10

    package init() {}

    /// bgpd's default instance and our route-maps as bgpd would print them.
    package static func base(_ configuration: String) -> EVPNBaseStanza? {
        EVPNBaseStanza.parse(RunningConfiguration(parsing: configuration))
    }

    /// The AS of the operator's `router bgp`; nil: there is none.
    package var asn: ASN? {
        get { routing.asn }
        set { routing.base = newValue.flatMap { Self.base("router bgp \($0)") } }
    }

    /// Somebody types lines into our instance.
    package mutating func write(_ lines: String, inVRF vrf: String) {
        guard let stanza = routing.vrfs[vrf] else { return violate("no instance \(vrf)") }
        let header = "router bgp \(stanza.asn) vrf \(vrf)"
        let text = stanza.render.joined(separator: "\n").replacing(header, with: "\(header)\n \(lines)")
        routing.vrfs[vrf] = VRFStanza.parse(RunningConfiguration(parsing: text), vrf: vrf, asn: stanza.asn)
    }

    package var observed: ObservedHost { ObservedHost(kernel: kernel, switching: switching, flows: flows, routing: routing) }

    package mutating func settle() {
        for (name, link) in kernel.links where link.isUp { routing.devices[name] = vrf(of: name) ?? "default" }
        routing.devices = routing.devices.filter { kernel.links[$0.key] != nil }
        for name in switching.ports.keys.sorted() where switching.ports[name]?.ofport == nil {
            switching.ports[name]?.ofport = nextPort
            nextPort += 1
        }
        // bgpd has a VNI as L3 while it is bound and its instance is there.
        routing.vnis = [:]
        for (vrf, vni) in routing.vniBindings {
            guard let instance = routing.vrfs[vrf] else { continue }
            routing.vnis[vni] = BGPVNI(
                vni: vni, kind: .l3, distinguisher: instance.distinguisher,
                importTargets: Self.shown(instance.importTargets.union(keepsTarget.map { [$0] } ?? []), VRFStanza.importsNothing),
                exportTargets: Self.shown(instance.exportTargets, VRFStanza.exportsNothing))
        }
        routing.vnisUp = Set(routing.vnis.keys)
    }

    private static func shown(_ targets: Set<RouteTarget>, _ placeholder: RouteTarget) -> ShownRouteTargets {
        ShownRouteTargets(targets: targets.isEmpty ? [placeholder] : targets)
    }

    private func vrf(of link: String) -> String? {
        guard let master = kernel.links[link]?.master else { return nil }
        if case .vrf? = kernel.links[master]?.kind { return master }
        return vrf(of: master)
    }

    package mutating func apply(_ step: Step) {
        switch step {
        case .createLink(let link): create(link)
        case .adjustLink(let link):
            guard kernel.links[link.name] != nil else { return violate("adjust of absent \(link.name)") }
            set(link)
        case .deleteLink(let name): delete(name)
        case .enableForwarding(let name):
            if kernel.links[name] == nil { violate("sysctl of absent \(name)") }
            kernel.notForwarding.remove(name)
        case .addAddress(let address):
            guard kernel.links[address.link] != nil else { return violate("address on absent \(address.link)") }
            kernel.addresses.insert(address)
        case .removeAddress(let address): kernel.addresses.remove(address)
        case .addRoute(let route): add(route)
        case .removeRoute(let route): kernel.routes.remove(route)
        case .setNeighbour(let neighbour):
            guard kernel.links[neighbour.link] != nil else { return violate("neighbour on absent \(neighbour.link)") }
            kernel.neighbours = kernel.neighbours.filter { $0.link != neighbour.link || $0.address != neighbour.address }
            kernel.neighbours.insert(neighbour)
        case .removeNeighbour(let neighbour): kernel.neighbours.remove(neighbour)
        case .addPort(let port):
            guard kernel.links[port.name] != nil else { return violate("port without device \(port.name)") }
            let number = switching.ports[port.name]?.ofport
            switching.ports[port.name] = ObservedSwitchPort(bridge: port.bridge, tag: SwitchPort.isolationVLAN, ofport: number)
        case .removePort(let port): switching.ports[port.name] = nil
        case .changeFlows(let bridge, let add, let remove):
            for flow in add {
                flows[bridge] = (flows[bridge] ?? []).filter { $0.matchOnly != flow.matchOnly }
                flows[bridge, default: []].insert(flow)
            }
            flows[bridge, default: []].subtract(remove)
        case .configureVRF(_, let to):
            if routing.asn == nil { violate("instance of \(to.vrf) without a default one: nothing is imported") }
            if routing.vniBindings[to.vrf] != nil, routing.vrfs[to.vrf] == nil {
                violate("instance \(to.vrf) after its VNI: router MACs are lost")
            }
            if to.isDraining, to.advertisedSubnets.isEmpty, to.advertisedPrefixes.isEmpty {
                violate("\(to.vrf) drains and has no export filter to say it in")
            }
            for prefix in to.advertisedPrefixes where prefix.isHost { violate("bgpd would read \(prefix) back as a subnet") }
            let printed = VRFStanza.parse(RunningConfiguration(parsing: to.render.joined(separator: "\n")), vrf: to.vrf, asn: to.asn)
            if printed != to { violate("bgpd would print the instance of \(to.vrf) in other words") }
            if Set(to.installed.keys) != Set(AddressFamily.allCases) { violate("\(to.vrf) installs whatever bears its targets") }
            routing.vrfs[to.vrf] = to
        case .restateTargets(let stanza, _):
            if routing.vrfs[stanza.vrf] != stanza { violate("targets of \(stanza.vrf) set anew that are not configured") }
        case .removeVRF(let instance):
            if routing.vniBindings[instance.vrf] != nil { violate("“Please unconfigure l3vni”: \(instance.vrf)") }
            if !routing.vnis.isEmpty,
                routing.vnis.keys.contains(where: { vni in kernel.links.values.contains { $0.isVXLAN(vni, below: instance.vrf, kernel) } })
            {
                violate("instance \(instance.vrf) removed before bgpd lost the VNI: bgpd crashes")
            }
            routing.vrfs[instance.vrf] = nil
        case .bindVNI(let vrf, let vni):
            if routing.vrfs[vrf] == nil { violate("VNI \(vni) bound before the instance of \(vrf): router MACs are lost") }
            if routing.vniBindings.contains(where: { $0.key != vrf && $0.value == vni }) { violate("VNI \(vni) is another VRF's") }
            let distinguisher = routing.vrfs[vrf]?.distinguisher
            if routing.vrfs.values.contains(where: {
                $0.vrf != vrf && routing.vniBindings[$0.vrf] != nil && $0.distinguisher == distinguisher
            }) {
                violate("\(vrf) and another VRF have one route distinguisher: each takes the other's routes away")
            }
            if !routing.devices.values.contains(vrf) { violate("VNI \(vni) bound before zebra knows a device in \(vrf)") }
            routing.vniBindings[vrf] = vni
        case .announceRoutes(let stanza):
            guard let index = LocalNames.index(ofVRF: stanza.vrf), routing.vrfs[stanza.vrf] == stanza else {
                return violate("no such instance \(stanza.vrf) to announce routes of")
            }
            let table = LocalNames(index: index).table
            for prefix in (kernel.tunnels[table] ?? [:]).keys where !losesRouterMACs { kernel.tunnels[table]?[prefix]?.isReady = true }
        case .unbindVNI(let vrf, _): routing.vniBindings[vrf] = nil
        case .configureBase(let from, let to):
            if let running = routing.asn, running != to.asn { return violate("“BGP is already running; AS is \(running)”") }
            if from != routing.base { violate("the base is changed from what does not run") }
            routing.base = to.applied(to: routing.base)
        case .removeBase(let running):
            if running != routing.base { violate("the base is removed from what does not run") }
            routing.base = nil
        }
    }

    private mutating func violate(_ what: String) { violations.append(what) }

    private mutating func create(_ link: Link) {
        if kernel.links[link.name] != nil { return violate("File exists: \(link.name)") }
        if link.name.utf8.count > 15 { violate("name too long: \(link.name)") }
        if case .vxlan = link.kind, kernel.links.values.contains(where: { $0.kind == link.kind }) {
            violate("a VXLAN device with the VNI of \(link.name) exists")
        }
        set(link)
        kernel.notForwarding.insert(link.name)
        if case .veth(let peer) = link.kind {
            kernel.links[peer] = ObservedLink(kind: .veth(peer: link.name), master: nil, mac: nil, mtu: link.mtu ?? 1500, isUp: true)
        }
    }

    private mutating func set(_ link: Link) {
        if let master = link.master, kernel.links[master] == nil { violate("master of \(link.name) is absent: \(master)") }
        kernel.links[link.name] = ObservedLink(kind: link.kind, master: link.master, mac: link.mac, mtu: link.mtu ?? 1500, isUp: true)
    }

    private mutating func delete(_ name: String) {
        guard let link = kernel.links.removeValue(forKey: name) else { return violate("delete of absent \(name)") }
        kernel.addresses = kernel.addresses.filter { $0.link != name }
        kernel.neighbours = kernel.neighbours.filter { $0.link != name }
        kernel.routes = kernel.routes.filter { route in
            switch route.target {
            case .link(name), .via(_, name): false
            default: true
            }
        }
        switch link.kind {
        case .veth(let peer): kernel.links[peer] = nil
        case .vrf(let table): kernel.routes = kernel.routes.filter { $0.table != table }
        default: break
        }
    }

    private mutating func add(_ route: VRFRoute) {
        switch route.target {
        case .link(let link), .via(_, let link):
            guard kernel.links[link] != nil else { return violate("route by absent \(link)") }
        case .unreachable: break
        }
        // Behind a tunnel, zebra's entries are what finds it.
        if case .via(let gateway, let link) = route.target, LocalNames.index(in: link, stem: "fedbr") == nil,
            !kernel.routes.contains(VRFRoute(table: route.table, prefix: IPPrefix(host: gateway), target: .link(link)))
        {
            violate("next hop \(gateway) has no route yet")
        }
        kernel.routes = kernel.routes.filter {
            $0.table != route.table || $0.prefix != route.prefix || $0.metric != route.metric
        }
        kernel.routes.insert(route)
    }
}

extension ObservedLink {
    func isVXLAN(_ vni: VNI, below vrf: String, _ kernel: ObservedKernel) -> Bool {
        guard case .vxlan(vni, _)? = kind, let bridge = master else { return false }
        return kernel.links[bridge]?.master == vrf
    }
}
