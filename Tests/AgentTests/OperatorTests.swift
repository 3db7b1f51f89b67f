import Agent
import EVPN
import FRR
import FederationAPI
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

extension World {
    /// What an apply of another intent comes to: everything of it is sent again.
    fileprivate mutating func take(_ intent: GatewayIntent) throws {
        try receive(.base(intent.base))
        for name in core.keeper.intent?.vpns.keys.sorted() ?? [] where intent.vpns[name] == nil { try receive(.vpnRemoved(name)) }
        for vpn in intent.vpns.values.sorted(by: { $0.name < $1.name }) { try receive(.vpn(vpn)) }
        try receive(.complete(revision: intent.revision))
    }
}

@Suite("The agent beside the operator of its node")
struct OperatorTests {
    private let blue = VPNName(unchecked: "blue")
    private let other = ASN("65009")!

    /// The intent with another AS, VPNs or way to run BGP.
    private func intent(_ revision: UInt64, asn: ASN? = nil, vpns: [String] = ["blue"], _ management: BGPManagement = .agent)
        -> GatewayIntent
    {
        let numbers: [String: (UInt32, UInt16)] = ["blue": (10001, 1), "red": (10002, 2)]
        var intent = Samples.intent(
            vpns: vpns.map { Samples.vpn($0, vni: numbers[$0]?.0 ?? 10001, index: numbers[$0]?.1 ?? 1) }, management: management)
        intent.base.version = "b\(revision)"
        intent.revision = revision
        if let asn { intent.base.asn = asn }
        return intent
    }

    private func connected(_ world: inout World, revision: UInt64 = 1) throws {
        let stored = Samples.intent()
        let welcome = Welcome(federation: stored.federation, epoch: stored.epoch, revision: revision, gateway: stored.gateway)
        try world.receive(.welcome(welcome))
    }

    @Test("another AS, told between a look at bgpd and the decision, changes nothing in bgpd", arguments: [[String](), ["blue"]])
    func staleLook(vpns: [String]) throws {
        var world = World(stored: intent(1, vpns: vpns))
        try connected(&world)
        world.run()
        #expect(world.core.acknowledgements[.base] == .applied("b1"))
        try world.take(intent(2, asn: other, vpns: vpns))
        #expect(!world.turn().contains { $0.surface == .bgpd || $0.surface == .zebra })
        guard case .rejected("b2", let reason)? = world.core.acknowledgements[.base] else {
            Issue.record("\(String(describing: world.core.acknowledgements[.base]))")
            return
        }
        #expect(reason.contains("bgpd already runs `router bgp 4200000001`"))
        // And back: nothing was changed, so there is nothing to do.
        try world.take(intent(3, vpns: vpns))
        #expect(world.run() == [])
        #expect(world.core.acknowledgements[.base] == .applied("b3"))
    }

    @Test(
        "no sequence of edits, refusals, rollbacks and restarts touches an object that is not ours, or bgpd’s AS", arguments: 1...12)
    func edits(_ seed: UInt64) throws {
        var chance = SeededGenerator(state: seed)
        let running = Bool.random(using: &chance) ? ASN("4200000001") : nil
        var world = World(stored: intent(1))
        try connected(&world)
        world.host.asn = running
        for name in ["eth0", "vrf-ops", "fedora", "br-ex"] {
            world.host.kernel.links[name] = ObservedLink(kind: nil, master: nil, mac: nil, mtu: 1500, isUp: true)
        }
        let theirs = world.host.kernel.links
        var former: [GatewayIntent] = []
        for revision in 2...20 as ClosedRange<UInt64> {
            var wanted = intent(
                revision, asn: Int.random(in: 0..<3, using: &chance) == 0 ? other : nil,
                vpns: [[], ["blue"], ["red"], ["blue", "red"]].randomElement(using: &chance) ?? [],
                Int.random(in: 0..<4, using: &chance) == 0 ? .external : .agent)
            if let old = former.randomElement(using: &chance), Bool.random(using: &chance) {
                wanted = old
                wanted.revision = revision
                wanted.base.version = "b\(revision)"
            }
            former.append(wanted)
            world.refusesBase = Int.random(in: 0..<4, using: &chance) == 0
            world.refuses = Int.random(in: 0..<4, using: &chance) == 0 ? blue : nil
            // What is looked at and what is wanted may be of different times.
            if Bool.random(using: &chance) { world.look() }
            try world.take(wanted)
            let done = world.run(rounds: 8)
            world.now += InstanceWatch.grace
            for step in done + world.run(rounds: 8) { #expect(isOurs(step), "\(step)") }
            if Int.random(in: 0..<3, using: &chance) == 0 {
                world.core = AgentCore(stored: world.core.keeper.intent, indexes: world.core.indexes)
                try connected(&world, revision: revision)
            }
            if let running { #expect(world.host.routing.asn == running) }
            for (name, link) in theirs { #expect(world.host.kernel.links[name] == link) }
        }
        #expect(world.host.violations == [])
    }

    private func isOurs(_ step: Step) -> Bool {
        switch step {
        case .createLink(let link), .adjustLink(let link): LocalNames.isOurs(link.name)
        case .deleteLink(let name), .enableForwarding(let name): LocalNames.isOurs(name)
        case .addAddress(let address), .removeAddress(let address): LocalNames.isOurs(address.link)
        case .setNeighbour(let neighbour), .removeNeighbour(let neighbour): LocalNames.isOurs(neighbour.link)
        case .addRoute(let route), .removeRoute(let route): route.table >= LocalNames.firstTable
        case .addPort(let port), .removePort(let port): LocalNames.isOurs(port.name)
        case .configureVRF(_, let routing), .removeVRF(let routing), .restateTargets(let routing, _), .announceRoutes(let routing):
            LocalNames.index(ofVRF: routing.vrf) != nil
        case .bindVNI(let vrf, _), .unbindVNI(let vrf, _): LocalNames.index(ofVRF: vrf) != nil
        // Flows bear our cookie by construction; the base is compared with the AS that runs by the simulated node.
        case .changeFlows, .configureBase, .removeBase: true
        }
    }

    @Test("a bgpd without instance gets one when nobody else has made one for a while, and again after somebody took it away")
    func bare() {
        var world = World()
        world.host.asn = nil
        world.run()
        #expect(world.host.routing.asn == nil && world.host.routing.base == nil)
        #expect(world.core.acknowledgements[.base] == nil)
        world.now += InstanceWatch.grace
        world.run()
        #expect(world.host.violations == [])
        #expect(world.host.routing.asn == ASN("4200000001") && world.host.routing.vniBindings.count == 2)
        #expect(world.core.acknowledgements[.base] == .applied("b1"))
        // By hand, with all that hangs on it.
        world.host.routing = ObservedRouting(vniBindings: world.host.routing.vniBindings)
        world.run()
        #expect(world.host.routing.asn == nil)
        world.now += InstanceWatch.grace
        world.run()
        #expect(world.host.violations == [])
        #expect(world.host.routing.asn == ASN("4200000001") && world.host.routing.vniBindings.count == 2)
    }

    @Test("a bgpd that starts is not taken before its start script has configured it")
    func startScript() {
        var world = World()
        world.run()
        world.look()
        world.tell(.routing(nil, took: 0))
        world.turn()
        // It listens, and has no configuration yet.
        world.host.routing = ObservedRouting()
        #expect(!world.run(rounds: 20).contains { $0.surface == .bgpd })
        world.host.asn = ASN("4200000001")
        world.run()
        #expect(world.host.violations == [])
        #expect(world.host.routing.base != nil)
    }

    @Test("where the operator keeps BGP and has no instance, that is refused and said, and ends when he makes it")
    func external() throws {
        var world = World(stored: intent(1, .external))
        world.host.asn = nil
        world.run()
        #expect(world.core.baseProblems.map(\.code) == [.bgpInstanceMissing])
        #expect(world.core.problems[blue]?.map(\.code) == [.bgpInstanceMissing])
        guard case .rejected? = world.core.acknowledgements[.base], case .rejected? = world.core.acknowledgements[.vpn(blue)] else {
            Issue.record("\(world.core.acknowledgements)")
            return
        }
        world.host.asn = ASN("4200000001")
        world.run()
        #expect(world.core.acknowledgements[.base] == .applied("b1") && world.core.acknowledgements[.vpn(blue)] == .applied("v1"))
        #expect(world.core.baseProblems == [] && world.core.problems[blue] == [])
    }

    @Test("a refusal ends when what was refused is wanted no more, or came about otherwise")
    func healed() throws {
        var world = World(stored: intent(1))
        try connected(&world)
        world.run()
        var changed = intent(2)
        changed.base.peers[0].asn = ASN("4200008888")!
        world.refusesBase = true
        try world.take(changed)
        world.run()
        #expect(world.core.acknowledgements[.base] == .rejected("b2", reason: "refused by the test"))
        #expect(world.core.baseProblems.map(\.code) == [.stepFailed])
        // A look that fails heals nothing.
        world.tell(.routing(nil, took: 0))
        world.turn()
        #expect(world.core.baseProblems.map(\.code) == [.stepFailed])
        // The way back: bgpd runs what is wanted.
        try world.take(intent(3))
        #expect(world.run() == [])
        #expect(world.core.baseProblems == [])
        #expect(world.core.acknowledgements[.base] == .applied("b3"))
    }

    @Test("a VPN’s refusal ends when somebody else did what it could not")
    func healedVPN() {
        var world = World(stored: intent(1))
        world.run()
        world.host.routing.vrfs["fed1"]?.importTargets = []
        world.refuses = blue
        world.run()
        #expect(world.core.problems[blue]?.map(\.code) == [.stepFailed])
        world.host.routing.vrfs["fed1"]?.importTargets = [RouteTarget(.as2(64900, 10001))]
        // bgpd takes the VNI away for a moment: the plan waits, and what failed is not in it any more.
        world.look()
        world.host.routing.vnis = [:]
        world.tell(.routing(world.host.routing, took: 0))
        world.turn()
        #expect(world.core.problems[blue] == [])
    }
}
