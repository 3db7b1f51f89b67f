import EVPN
import FRR
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("The plan of a gateway node")
struct PlannerTests {
    private let blue = VPNName(unchecked: "blue")

    @Test("an empty node becomes as designed, in an order that FRR survives")
    func fromNothing() {
        var host = SimulatedHost()
        let remote = Samples.prefixes("10.2.0.11/32", "fd10:2::11/128")
        let make = designer(Samples.intent(), [Samples.router()], [blue: remote])
        _ = converge(&host, to: make)
        #expect(host.violations == [])
        #expect(host.routing.vniBindings == ["fed1": VNI(value: 10001)!])
        #expect(host.routing.vrfs["fed1"]?.networks == Samples.prefixes("10.1.0.11/32", "fd10:1::11/128"))
        #expect(
            host.kernel.routes.contains(
                VRFRoute(table: 10001, prefix: IPPrefix("10.1.0.0/24")!, target: .via(IPAddress("172.24.1.10")!, link: "fedin1"))))
        #expect(host.switching.ports["fedov1"]?.tag == 4095)
        #expect(host.flows["br-ex"]?.count == 6, "two ways in, two ways out, one drop, and one guard against the reserved VLAN")
    }

    @Test("a second plan on the result changes nothing")
    func secondPlanIsEmpty() {
        var host = SimulatedHost()
        let make = designer(Samples.intent(), [Samples.router()], [blue: Samples.prefixes("10.2.0.11/32")])
        _ = converge(&host, to: make)
        #expect(converge(&host, to: make) == [])
    }

    @Test("a bound VM is one change to bgpd and nothing else")
    func newHost() {
        var host = SimulatedHost()
        _ = converge(&host, to: designer(Samples.intent(), [Samples.router()]))
        let steps = converge(
            &host, to: designer(Samples.intent(), [Samples.router(hosts: ["10.1.0.11/32", "fd10:1::11/128", "10.1.0.12/32"])]))
        #expect(steps.count == 1)
        guard case .configureVRF(let from?, let to)? = steps.first else { return #expect(Bool(false), "\(steps)") }
        #expect(to.networks.subtracting(from.networks) == Samples.prefixes("10.1.0.12/32"))
    }

    @Test("a gateway port that moved away takes routes, steering and hand-off with it, but leaves the VRF to learn on")
    func gatewayMoves() {
        var host = SimulatedHost()
        _ = converge(&host, to: designer(Samples.intent(), [Samples.router()], [blue: Samples.prefixes("10.2.0.11/32")]))
        _ = converge(&host, to: designer(Samples.intent(), [], [blue: Samples.prefixes("10.2.0.11/32")]))
        #expect(host.violations == [])
        #expect(host.routing.vrfs["fed1"]?.networks == [])
        #expect(host.flows["br-ex"]?.filter { $0.index != Flow.nodeIndex } == [])
        #expect(host.kernel.links["fedin1"] == nil)
        #expect(host.routing.vniBindings["fed1"] != nil)
    }

    @Test("traffic is withdrawn from BGP before its way into the cloud is taken down")
    func withdrawalOrder() throws {
        var host = SimulatedHost()
        _ = converge(&host, to: designer(Samples.intent(), [Samples.router()]))
        let steps = converge(&host, to: designer(Samples.intent(), []))
        let withdrawn = try #require(steps.firstIndex { if case .configureVRF = $0 { true } else { false } })
        let removed = try #require(steps.firstIndex { if case .removeRoute = $0 { true } else { false } })
        #expect(withdrawn < removed)
    }

    @Test("what is no longer advertised is withdrawn before anything is mended, and also where nothing can be")
    func withdrawalFirst() throws {
        var host = SimulatedHost()
        _ = converge(&host, to: designer(Samples.intent(), [Samples.router()]))
        let make = designer(Samples.intent(), [Samples.router(hosts: ["10.1.0.11/32", "10.1.0.12/32"])])
        func plan(_ host: ObservedHost) throws -> NodePlan {
            Planner.plan(try #require(make(host).vpns.values.first), isBaseInForce: true, on: host)
        }
        // There is something to mend, too.
        host.apply(.deleteLink("fedvx1"))
        guard case .configureVRF(let from?, let to)? = try plan(host.observed).steps.first else { return #expect(Bool(false)) }
        #expect(to.networks == Samples.prefixes("10.1.0.11/32") && from.networks.count == 2)
        // Somebody has made another device of that name.
        host.kernel.links["fedvx1"] = ObservedLink(kind: nil, master: nil, mac: nil, mtu: 1500, isUp: true)
        let stuck = try plan(host.observed)
        #expect(stuck.problems.map(\.code) == [.deviceNameTaken])
        #expect(stuck.steps == [.configureVRF(from: from, to: to)])
        for step in stuck.steps { host.apply(step) }
        #expect(host.routing.vrfs["fed1"]?.networks == Samples.prefixes("10.1.0.11/32") && host.violations == [])
        #expect(try plan(host.observed).steps == [], "a second run changes nothing")
        host.kernel.links["fedvx1"] = nil
        host.settle()
        _ = converge(&host, to: make)
        #expect(host.routing.vrfs["fed1"]?.networks == Samples.prefixes("10.1.0.11/32", "10.1.0.12/32") && host.violations == [])
    }

    @Test("a VPN that is no longer intended leaves nothing, and bgpd lives")
    func vpnRemoved() {
        var host = SimulatedHost()
        let both = Samples.intent(vpns: [Samples.vpn("blue"), Samples.vpn("red", vni: 10002, index: 2)])
        let routers = [Samples.router("blue"), Samples.router("red", mac: "fa:16:3e:00:01:21")]
        _ = converge(&host, to: designer(both, routers))
        _ = converge(&host, to: designer(Samples.intent(vpns: []), []))
        #expect(host.violations == [])
        #expect(host.kernel.links.keys.filter(LocalNames.isOurs) == [])
        #expect(host.routing.vrfs.isEmpty && host.routing.vniBindings.isEmpty)
        #expect(host.flows["br-ex"] == [])
        #expect(host.switching.ports.isEmpty)
    }

    @Test("a VNI that changes at once lets go of the old one before it takes the new one: both have one route distinguisher")
    func changedVNI() {
        var host = SimulatedHost()
        var indexes = LocalIndexes()
        _ = converge(&host, to: designer(Samples.intent(), [Samples.router()], indexes: &indexes))
        _ = converge(&host, to: designer(Samples.intent(vpns: [Samples.vpn("blue", vni: 20002)]), [Samples.router()], indexes: &indexes))
        #expect(host.violations == [])
        #expect(host.routing.vniBindings == ["fed2": VNI(value: 20002)!])
        #expect(host.kernel.links["fedvx2"]?.kind == .vxlan(vni: VNI(value: 20002)!, local: IPv4Address("10.255.1.1")!))
        #expect(host.kernel.links["fed1"] == nil && host.routing.vrfs["fed1"] == nil)
    }

    @Test(
        "whatever is removed by hand comes back",
        arguments: [
            "vxlan", "vrf", "route", "neighbour", "flow", "import target", "effective target", "wildcard in force", "instance", "bgpd",
            "binding", "port tag",
            "foreign line", "address", "learning", "import filter", "graceful shutdown", "originated",
        ])
    func drift(what: String) throws {
        var host = SimulatedHost()
        var vpn = Samples.vpn("blue")
        vpn.importFilter = [PrefixRule(.deny, IPPrefix("10.9.0.0/16")!, le: 32), PrefixRule(.permit, IPPrefix("0.0.0.0/0")!, le: 32)]
        let make = designer(Samples.intent(vpns: [vpn]), [Samples.router()], [blue: Samples.prefixes("10.2.0.11/32")])
        _ = converge(&host, to: make)
        let good = host.observed
        let target = RouteTarget(.as2(64900, 10001))
        switch what {
        case "vxlan": host.apply(.deleteLink("fedvx1"))
        case "vrf":
            // The kernel releases the ports of a VRF that goes.
            host.apply(.deleteLink("fed1"))
            for name in ["fedbr1", "fedin1"] { host.kernel.links[name]?.master = nil }
            host.routing.vniBindings = [:]
        case "route":
            let route = try #require(host.kernel.routes.first { $0.prefix == IPPrefix("10.1.0.0/24")! })
            host.kernel.routes.remove(route)
        case "neighbour": host.kernel.neighbours = []
        case "flow":
            let flow = try #require(host.flows["br-ex"]?.first)
            host.flows["br-ex"]?.remove(flow)
        case "import target": host.routing.vrfs["fed1"]?.importTargets = []
        case "effective target": host.routing.vnis[VNI(value: 10001)!]?.importTargets.targets.remove(target)
        case "wildcard in force": host.routing.vnis[VNI(value: 10001)!]?.importTargets.others = ["*:10001"]
        case "instance":
            host.routing = ObservedRouting(devices: host.routing.devices)
        case "bgpd":
            // Restarted with the operator's configuration; zebra still binds the VNI.
            host.asn = ASN("4200000001")
            host.routing.vrfs = [:]
            host.routing.vnis = [:]
        case "binding": host.routing.vniBindings = [:]
        case "port tag": host.switching.ports["fedov1"]?.tag = nil
        case "foreign line": host.write("address-family ipv4 unicast\n  redistribute kernel", inVRF: "fed1")
        case "import filter": host.routing.vrfs["fed1"]?.installed = [:]
        case "graceful shutdown": host.routing.vrfs["fed1"]?.isDraining.toggle()
        case "originated": host.routing.vrfs["fed1"]?.advertisedPrefixes = Samples.prefixes("10.0.0.0/8")
        case "address": host.kernel.addresses = []
        case "learning": host.kernel.links["fedvx1"]?.learns = true
        default: Issue.record("unknown case \(what)")
        }
        #expect(host.observed != good)
        let steps = converge(&host, to: make)
        #expect(!steps.isEmpty)
        #expect(host.violations == [])
        host.settle()
        #expect(host.observed.routing == good.routing)
        #expect(host.observed.flows == good.flows)
        #expect(host.observed.kernel?.routes == good.kernel?.routes)
        #expect(host.observed.kernel?.neighbours == good.kernel?.neighbours)
        #expect(host.observed.kernel?.addresses == good.kernel?.addresses)
    }

    @Test("a foreign device on a name of ours stops that VPN only, with a reason")
    func foreignDevice() {
        var host = SimulatedHost()
        host.kernel.links["fedbr1"] = ObservedLink(kind: nil, master: nil, mac: nil, mtu: 1500, isUp: true)
        let both = Samples.intent(vpns: [Samples.vpn("blue"), Samples.vpn("red", vni: 10002, index: 2)])
        var indexes = LocalIndexes()
        let design = Designer.design(.init(intent: both, routers: [], destinations: [:], switching: host.switching), indexes: &indexes)
        #expect(Planner.plan(design[blue]!, isBaseInForce: true, on: host.observed).problems.map(\.code) == [.deviceNameTaken])
        #expect(Planner.plan(design[VPNName(unchecked: "red")]!, isBaseInForce: true, on: host.observed).problems == [])
    }

    @Test("nothing is planned before the node has been looked at")
    func blind() {
        var indexes = LocalIndexes()
        let design = Designer.design(.init(intent: Samples.intent(), routers: [], destinations: [:], switching: nil), indexes: &indexes)
        let plan = Planner.plan(design[blue]!, isBaseInForce: true, on: ObservedHost())
        #expect(plan.steps.isEmpty && !plan.isSettled)
        #expect(Teardown.plan(keeping: [], on: ObservedHost()).steps.isEmpty)
    }

    @Test("with `bgp: external` the base is the operator's")
    func externalBase() {
        var indexes = LocalIndexes()
        let design = Designer.design(
            .init(intent: Samples.intent(management: .external), routers: [], destinations: [:], switching: nil), indexes: &indexes)
        #expect(design.base == nil)
    }

    @Test("a peer that the operator configured himself is left to him, and said")
    func takenPeer() {
        var host = SimulatedHost()
        host.routing.base = SimulatedHost.base("router bgp 4200000001\n neighbor 10.255.0.254 remote-as 65009")
        var indexes = LocalIndexes()
        let design = Designer.design(
            .init(intent: Samples.intent(), routers: [], destinations: [:], switching: host.switching), indexes: &indexes)
        #expect(Planner.plan(base: design.base, asn: Samples.intent().base.asn, on: host.observed).problems.map(\.code) == [.peerTaken])
    }

    @Test("an AS that bgpd runs already under another number is refused, and nothing is configured")
    func conflictingAS() {
        var host = SimulatedHost()
        host.asn = ASN("65001")
        var indexes = LocalIndexes()
        let design = Designer.design(
            .init(intent: Samples.intent(), routers: [], destinations: [:], switching: host.switching), indexes: &indexes)
        let plan = Planner.plan(base: design.base, asn: Samples.intent().base.asn, on: host.observed)
        #expect(plan.steps.isEmpty && plan.problems.map(\.code) == [.asConflict])
        // Who keeps BGP makes no difference.
        let external = Planner.plan(base: nil, asn: Samples.intent().base.asn, on: host.observed)
        #expect(external.steps.isEmpty && external.problems.map(\.code) == [.asConflict])
    }

    @Test("where bgpd has no instance the agent makes it, unless somebody else may be about to, or the operator keeps BGP")
    func noInstance() throws {
        var host = SimulatedHost()
        host.asn = nil
        let intent = Samples.intent()
        var indexes = LocalIndexes()
        let design = Designer.design(.init(intent: intent, routers: [], destinations: [:], switching: host.switching), indexes: &indexes)
        let base = try #require(design.base)
        #expect(
            Planner.plan(base: base, asn: intent.base.asn, on: host.observed).steps == [.configureBase(from: nil, to: base)])
        let waiting = Planner.plan(base: base, asn: intent.base.asn, mayMakeInstance: false, on: host.observed)
        #expect(waiting.steps.isEmpty && waiting.waits.count == 1 && waiting.problems.isEmpty)
        let external = Planner.plan(base: nil, asn: intent.base.asn, on: host.observed)
        #expect(external.steps.isEmpty && external.problems.map(\.code) == [.bgpInstanceMissing])
        #expect(external.refusal?.contains("bgpd has no `router bgp 4200000001`") == true)
        // And no VRF is configured beside an instance that is not there.
        let plan = Planner.plan(try #require(design.vpns.values.first), isBaseInForce: true, on: host.observed)
        #expect(!plan.steps.contains { $0.surface == .bgpd })
        // A VNI that is bound already is taken off before `advertise-all-vni` finds it.
        host.routing.vniBindings = ["fed7": VNI(value: 10001)!]
        #expect(Planner.plan(base: base, asn: intent.base.asn, on: host.observed).steps.isEmpty)
    }
}

@Suite("The design of a VPN on a node")
struct DesignerTests {
    private let blue = VPNName(unchecked: "blue")

    private func flows(_ router: HostedRouter, to destinations: Set<IPPrefix>) -> Set<Flow> {
        var indexes = LocalIndexes()
        let switching = ObservedSwitch(
            ports: ["fedov1": ObservedSwitchPort(bridge: "br-ex", tag: 4095, ofport: 7)], patchPorts: ["patch-provnet-1-to-br-int": 2],
            bridges: ["br-ex"])
        let design = Designer.design(
            .init(intent: Samples.intent(), routers: [router], destinations: [blue: destinations], switching: switching), indexes: &indexes)
        return design[blue]?.flows["br-ex"] ?? []
    }

    @Test("only federated destinations are steered, and only from the tenant's own subnets")
    func steering() {
        let found = flows(Samples.router(subnets: ["10.1.0.0/24"]), to: Samples.prefixes("10.2.0.11/32"))
        let steering = found.filter { $0.inPort == 2 }
        #expect(steering.count == 1)
        #expect(steering.first?.source == IPPrefix("10.1.0.0/24"))
        #expect(steering.first?.destination == IPPrefix("10.2.0.11/32"))
        #expect(steering.first?.sourceMAC == MACAddress("fa:16:3e:00:01:01"))
    }

    @Test("what comes from the VRF may go to the router's subnets and nowhere else")
    func injection() {
        let found = flows(Samples.router(subnets: ["10.1.0.0/24"]), to: []).filter { $0.inPort == 7 }
        #expect(found.contains { $0.action == .drop && $0.priority == 990 && $0.destination == nil })
        #expect(found.filter { $0.action != .drop }.allSatisfy { $0.destination == IPPrefix("10.1.0.0/24") && $0.priority == 1000 })
    }

    @Test("a destination inside the router's own subnets is never steered away")
    func ownSubnet() {
        let found = flows(Samples.router(subnets: ["10.1.0.0/24"]), to: Samples.prefixes("10.1.0.99/32"))
        #expect(found.filter { $0.inPort == 2 }.isEmpty)
    }

    @Test("a default route is never steered: the tenant's Internet stays where it was")
    func defaultRoute() {
        let found = flows(Samples.router(subnets: ["10.1.0.0/24"]), to: Samples.prefixes("0.0.0.0/0"))
        #expect(found.filter { $0.inPort == 2 }.isEmpty)
    }

    @Test("on a VLAN provider network the tag is taken off towards the VRF and put on towards OVN")
    func vlan() {
        let found = flows(Samples.router(subnets: ["10.1.0.0/24"], vlan: 200), to: Samples.prefixes("10.2.0.11/32"))
        #expect(found.contains { $0.vlan == 200 && $0.action == .deliver(mac: MACAddress("02:fe:d0:00:00:01")!, stripVLAN: true, port: 7) })
        #expect(found.contains { $0.action == .inject(vlan: 200, port: 2) })
    }

    @Test("a subnet of a family that the gateway port has no address in is a problem, not a crash")
    func missingFamily() {
        var router = Samples.router()
        router.gatewayAddresses = [IPAddress("172.24.1.10")!]
        var indexes = LocalIndexes()
        let design = Designer.design(
            .init(intent: Samples.intent(), routers: [router], destinations: [:], switching: nil), indexes: &indexes)
        #expect(design[blue]?.problems.map(\.code) == [.gatewayLacksFamily])
    }

    @Test("the tunnel leaves room for its own headers")
    func mtu() {
        var indexes = LocalIndexes()
        let design = Designer.design(.init(intent: Samples.intent(), routers: [], destinations: [:], switching: nil), indexes: &indexes)
        #expect(design[blue]?.links.first { $0.name == "fedvx1" }?.mtu == 1450)
    }
}

@Suite("Local numbers")
struct LocalIndexesTests {
    @Test("a VPN keeps its number for each VNI, and a released one is the next to be given")
    func stable() throws {
        var indexes = LocalIndexes()
        let instances = ["a/10", "a/11", "b/10"].compactMap { VPNInstance($0) }
        #expect(instances.map { indexes.index(of: $0) } == [1, 2, 3])
        #expect(indexes.index(of: instances[1]) == 2)
        let handoffs = instances.map { LocalIndexes.Handoff(instance: $0, network: ProviderNetwork(bridge: "br-ex", vlan: nil)) }
        #expect(handoffs.map { indexes.index(of: $0) } == [1, 2, 3])
        indexes.release(instances[1])
        #expect(indexes.index(of: try #require(VPNInstance("d/1"))) == 2)
        #expect(indexes.handoffs.values.sorted() == [1, 3])
    }

    @Test(
        "only names of our form are ours",
        arguments: [("fed1", true), ("fedbr12", true), ("fedora", false), ("fed", false), ("fed01", false), ("br-ex", false)])
    func names(name: String, ours: Bool) {
        #expect(LocalNames.isOurs(name) == ours)
    }

    @Test("names stay within the kernel's 15 characters up to a million VPNs")
    func length() {
        #expect(LocalNames.handoffOutside(1_000_000).utf8.count <= 15)
    }
}
