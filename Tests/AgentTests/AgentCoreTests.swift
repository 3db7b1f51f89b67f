import Agent
import EVPN
import FRR
import FederationAPI
import FederationModel
import NetworkTypes
import OVN
import SimulatedGateway
import Testing

@Suite("The agent's core")
struct AgentCoreTests {
    private let blue = VPNName(unchecked: "blue")
    private let red = VPNName(unchecked: "red")

    @Test("from the stored intent alone a node comes to forward, without any coordinator")
    func alone() {
        var world = World()
        world.run()
        #expect(world.host.violations == [])
        #expect(world.host.routing.vniBindings.count == 2)
        #expect(world.host.routing.vrfs["fed1"]?.networks == Samples.prefixes("10.1.0.11/32", "fd10:1::11/128"))
        #expect(world.core.acknowledgements[.vpn(blue)] == .applied("v1"))
        #expect(world.core.acknowledgements[.base] == .applied("b1"))
    }

    @Test("a second run does nothing")
    func idle() {
        var world = World()
        world.run()
        #expect(world.run() == [])
    }

    @Test("before the cloud's databases have been read, nothing is touched")
    func withoutCloud() {
        var world = World()
        world.run()
        var restarted = World(indexes: world.core.indexes)
        restarted.host = world.host
        #expect(restarted.run(cloud: false) == [])
    }

    @Test("an agent that restarts takes over what is there, and changes nothing")
    func restart() {
        var world = World()
        world.run()
        var restarted = World(indexes: world.core.indexes)
        restarted.host = world.host
        #expect(restarted.run() == [])
    }

    @Test("an agent without intent touches nothing, whatever it finds")
    func withoutIntent() {
        var world = World()
        world.run()
        var empty = World(stored: nil)
        empty.host = world.host
        #expect(empty.run() == [])
    }

    @Test("while the first intent is still coming, what it does not name yet is not taken down")
    func incompleteIntent() throws {
        var world = World()
        world.run()
        var fresh = World(stored: nil, indexes: world.core.indexes)
        fresh.host = world.host
        let both = World.both
        try fresh.receive(.welcome(Welcome(federation: both.federation, epoch: both.epoch, revision: 1, gateway: both.gateway)))
        try fresh.receive(.base(both.base))
        try fresh.receive(.vpn(Samples.vpn("blue")))
        #expect(fresh.run() == [])
        try fresh.receive(.complete(revision: 1))
        fresh.run()
        #expect(fresh.host.routing.vniBindings.count == 1)
        #expect(fresh.host.violations == [])
    }

    @Test("a VM that is bound is advertised, and withdrawn when it goes")
    func hosts() {
        var world = World()
        world.run()
        world.routers[0].hosts.append("10.1.0.12")
        world.run()
        #expect(world.host.routing.vrfs["fed1"]?.networks.contains(IPPrefix("10.1.0.12/32")!) == true)
        world.routers[0].hosts = ["10.1.0.12"]
        world.run()
        #expect(world.host.routing.vrfs["fed1"]?.networks == Samples.prefixes("10.1.0.12/32"))
    }

    @Test("an address that changes on a live port moves the route")
    func changedAddress() {
        var world = World()
        world.run()
        world.routers[0].hosts = ["10.1.0.77"]
        world.run()
        #expect(world.host.routing.vrfs["fed1"]?.networks == Samples.prefixes("10.1.0.77/32"))
    }

    @Test("the NAT of a router that is in two VPNs leaves the destinations of both alone")
    func exemptionsOfBoth() {
        var red = Samples.vpn("red", vni: 10002, index: 2)
        red.attachments = [
            AttachmentIntent(selector: .init(kind: .router, key: .name, value: "blue-router"), only: [IPPrefix("10.1.0.11/32")!])
        ]
        var world = World(stored: Samples.intent(vpns: [Samples.vpn("blue"), red]))
        world.run()
        func learn(_ prefix: String, _ index: Int) {
            let table = LocalNames(index: index).table
            world.host.kernel.tunnels[table] = [
                IPPrefix(prefix)!: TunnelRoute(prefix: IPPrefix(prefix)!, nextHop: IPAddress("10.255.2.1")!, isReady: true)
            ]
        }
        learn("10.2.0.11/32", 1)
        learn("10.3.0.11/32", 2)
        world.run()
        let exemption = world.core.exemptions.wanted[CloudBuilder.id(router: 1)]
        #expect(exemption?.prefixes == Samples.prefixes("10.2.0.11/32", "10.3.0.11/32"))
        #expect(exemption?.subnets == Samples.prefixes("10.1.0.0/24", "fd10:1::/64", "10.1.0.11/32"))
        #expect(world.host.violations == [])
    }

    @Test("a limit never withdraws what bgpd advertised before the agent started")
    func limitAfterRestart() {
        var world = World()
        world.routers[0].hosts = ["10.1.0.50", "10.1.0.60"]
        world.run()
        var limited = World.both
        limited.vpns[blue]?.maximumPrefixes = 2
        var restarted = World(stored: limited, indexes: world.core.indexes)
        restarted.host = world.host
        restarted.routers[0].hosts = ["10.1.0.50", "10.1.0.60", "10.1.0.10"]
        restarted.run()
        #expect(restarted.host.routing.vrfs["fed1"]?.networks == Samples.prefixes("10.1.0.50/32", "10.1.0.60/32"))
        #expect(restarted.core.problems[blue]?.map(\.code) == [.prefixLimit])
        #expect(restarted.core.acknowledgements[.vpn(blue)] == .applied("v1"))
        // bgpd loses everything and is configured anew: what was admitted stays admitted.
        restarted.host.routing.vrfs = [:]
        restarted.host.routing.vniBindings = [:]
        restarted.run()
        #expect(restarted.host.routing.vrfs["fed1"]?.networks == Samples.prefixes("10.1.0.50/32", "10.1.0.60/32"))
    }

    @Test("a gateway port that moves away in one update takes its routes along, and back again")
    func failover() {
        var world = World()
        world.run()
        world.routers[0].chassis = "gw2"
        world.run()
        #expect(world.host.routing.vrfs["fed1"]?.networks == [])
        #expect(world.host.routing.vrfs["fed2"]?.networks != [])
        #expect(world.host.kernel.links["fedin1"] != nil, "the hand-off stays, ready for its return")
        world.routers[0].chassis = "gw1"
        let back = world.run()
        #expect(world.host.routing.vrfs["fed1"]?.networks == Samples.prefixes("10.1.0.11/32", "fd10:1::11/128"))
        #expect(!back.contains { if case .createLink = $0 { true } else { false } })
        #expect(world.host.violations == [])
    }

    @Test("what the kernel learned is steered, and stays steered for a while when it goes")
    func hold() {
        var world = World()
        world.run()
        let prefix = IPPrefix("10.2.0.11/32")!
        world.host.kernel.tunnels[10001] = [prefix: TunnelRoute(prefix: prefix, nextHop: IPAddress("10.255.2.1")!, isReady: true)]
        world.run()
        func isSteered() -> Bool { world.host.flows["br-ex"]?.contains { $0.destination == prefix && $0.sourceMAC != nil } ?? false }
        #expect(isSteered())
        world.host.kernel.tunnels = [:]
        world.run()
        #expect(isSteered())
        world.now += Destinations.hold + 1000
        world.run()
        #expect(!isSteered())
    }

    @Test("a route of a gateway that may not export, or that has one for its second way, is not steered to, whatever the kernel has")
    func stranger() {
        var world = World()
        world.run()
        func learn(_ prefix: String, _ nextHop: String, _ further: String...) -> TunnelRoute {
            TunnelRoute(prefix: IPPrefix(prefix)!, nextHop: IPAddress(nextHop)!, further: further.map { IPAddress($0)! }, isReady: true)
        }
        let routes = [
            learn("10.2.0.11/32", "10.255.2.1"), learn("10.2.0.12/32", "10.255.2.1", "10.255.3.1"), learn("10.99.0.0/24", "10.255.66.1"),
            learn("10.2.0.13/32", "10.255.2.1", "10.255.66.1"), learn("0.0.0.0/0", "10.255.2.1"),
        ]
        world.host.kernel.tunnels[10001] = Dictionary(uniqueKeysWithValues: routes.map { ($0.prefix, $0) })
        world.run()
        func steered(_ world: World) -> Set<IPPrefix> {
            Set((world.host.flows["br-ex"] ?? []).filter { $0.sourceMAC != nil }.compactMap(\.destination))
        }
        let admitted = Samples.prefixes("10.2.0.11/32", "10.2.0.12/32")
        #expect(steered(world) == admitted)
        #expect(world.core.exemptions.wanted[CloudBuilder.id(router: 1)]?.prefixes == admitted)
        // An agent that knows better than the one before it takes back what that one steered.
        var restarted = World(indexes: world.core.indexes)
        restarted.host = world.host
        let flow = restarted.host.flows["br-ex"]?.first { $0.destination == IPPrefix("10.2.0.11/32") && $0.sourceMAC != nil }
        if var flow {
            flow.destination = IPPrefix("10.99.0.0/24")
            restarted.host.flows["br-ex"]?.insert(flow)
        }
        #expect(steered(restarted).count == 3)
        restarted.run()
        #expect(steered(restarted) == admitted)
    }

    @Test("a member that left keeps its hold: what went to it does not go to the Internet instead")
    func memberLeft() {
        var world = World()
        world.run()
        let prefix = IPPrefix("10.3.0.11/32")!
        world.host.kernel.tunnels[10001] = [prefix: TunnelRoute(prefix: prefix, nextHop: IPAddress("10.255.3.1")!, isReady: true)]
        world.run()
        var fewer = World.both
        fewer.vpns[blue]?.origins.removeLast()
        fewer.vpns[blue]?.version = "v2"
        var later = World(stored: fewer, indexes: world.core.indexes)
        later.host = world.host
        later.host.kernel.tunnels = [:]
        later.run()
        #expect(later.host.flows["br-ex"]?.contains { $0.destination == prefix && $0.sourceMAC != nil } == true)
        #expect(later.host.routing.vrfs["fed1"]?.installed[.ipv4]?.nextHops == [IPv4Address("10.255.2.1")!])
        #expect(later.host.violations == [])
    }

    private func withMissingTunnel(forever: Bool) -> World {
        var world = World()
        world.run()
        world.host.losesRouterMACs = forever
        let prefix = IPPrefix("10.2.0.11/32")!
        world.host.kernel.tunnels[10001] = [prefix: TunnelRoute(prefix: prefix, nextHop: IPAddress("10.255.2.1")!, isReady: false)]
        return world
    }

    @Test("a next hop whose tunnel entries went is announced anew, not at once and only once, and no route goes for it")
    func missingTunnel() {
        var world = withMissingTunnel(forever: false)
        #expect(!world.run(rounds: 1).contains(world.announcement))
        world.now += TunnelWatch.patience
        #expect(world.run() == [world.announcement])
        #expect(world.core.journal[blue].map(\.object) == ["tunnel entries of vrf fed1"])
        world.now += TunnelWatch.pause
        #expect(world.run() == [])
        #expect(world.host.violations == [])
    }

    @Test("entries that had been there are announced anew sooner, because traffic is lost already, and each time that they go")
    func lostEntries() {
        var world = World()
        world.run()
        let prefix = IPPrefix("10.2.0.11/32")!
        func set(_ isReady: Bool) {
            world.host.kernel.tunnels[10001] = [prefix: TunnelRoute(prefix: prefix, nextHop: IPAddress("10.255.2.1")!, isReady: isReady)]
        }
        for _ in 0..<2 {
            set(true)
            world.run()
            set(false)
            #expect(!world.run(rounds: 1).contains(world.announcement), "its routes may be about to go too")
            world.now += TunnelWatch.patienceAfterLoss
            #expect(world.run() == [world.announcement])
            world.now += TunnelWatch.pauseAfterLoss
        }
    }

    @Test("entries that go while others are waited for are not kept waiting")
    func oneAfterTheOther() {
        var world = World()
        world.run()
        let (four, six) = (IPPrefix("10.2.0.11/32")!, IPPrefix("fd10:2::11/128")!)
        func set(_ ready: [IPPrefix: Bool]) {
            for (prefix, isReady) in ready {
                let route = TunnelRoute(prefix: prefix, nextHop: IPAddress("10.255.2.1")!, isReady: isReady)
                world.host.kernel.tunnels[10001, default: [:]][prefix] = route
            }
        }
        set([four: true, six: true])
        world.run()
        world.host.losesRouterMACs = true
        set([six: false])
        world.run(rounds: 1)
        world.now += TunnelWatch.patienceAfterLoss
        #expect(world.run(rounds: 1) == [world.announcement])
        set([four: false, six: true])
        #expect(!world.run(rounds: 1).contains(world.announcement))
        world.now += TunnelWatch.pauseAfterLoss
        #expect(world.run(rounds: 1) == [world.announcement])
    }

    @Test("where that does not help, the VNI is set anew, ever less often")
    func lostTunnel() {
        var world = withMissingTunnel(forever: true)
        let vni = VNI(value: 10001)!
        func rebindings(for time: Int64) -> Int {
            let end = world.now + time
            var count = 0
            while world.now < end {
                count += world.run(rounds: 1).filter { $0 == .unbindVNI(vrf: "fed1", vni: vni) }.count
                world.now += 200
            }
            return count
        }
        #expect(rebindings(for: TunnelWatch.pause) == 0)
        #expect(rebindings(for: TunnelWatch.longPause) == 1)
        // A minute, two and four after the second: what never helps is tried ever less.
        #expect(rebindings(for: 20 * TunnelWatch.longPause) == 4)
        #expect(world.host.violations == [])
        #expect(world.host.routing.vniBindings["fed1"] == vni)
    }

    @Test("a restarted agent goes on steering what it finds steered while bgpd is away")
    func holdOverRestart() {
        var world = World()
        world.run()
        let prefix = IPPrefix("10.2.0.11/32")!
        world.host.kernel.tunnels[10001] = [prefix: TunnelRoute(prefix: prefix, nextHop: IPAddress("10.255.2.1")!, isReady: true)]
        world.run()
        var restarted = World(indexes: world.core.indexes)
        restarted.host = world.host
        restarted.host.kernel.tunnels = [:]
        #expect(restarted.run() == [])
    }

    @Test("while bgpd cannot be asked nothing is planned, and afterwards all is put back")
    func bgpdRestart() {
        var world = World()
        world.run()
        world.look()
        world.tell(.routing(nil, took: 0))
        #expect(world.turn() == [])
        // With the operator's configuration.
        world.host.asn = ASN("4200000001")
        world.host.routing.vrfs = [:]
        world.run()
        #expect(world.host.violations == [])
        #expect(world.host.routing.vrfs.count == 2 && world.host.routing.vniBindings.count == 2)
    }

    @Test("one VPN's failure stays that VPN's, is said, and is tried again")
    func failure() {
        var world = World()
        world.refuses = red
        world.run()
        #expect(world.host.routing.vniBindings.keys.sorted() == ["fed1"])
        #expect(world.core.acknowledgements[.vpn(blue)] == .applied("v1"))
        #expect(world.core.acknowledgements[.vpn(red)] == .rejected("v1", reason: "refused by the test"))
        #expect(world.core.problems[red]?.contains { $0.code == .stepFailed } == true)
        world.refuses = nil
        world.now += Attempts.pauses.longest
        world.run()
        #expect(world.core.acknowledgements[.vpn(red)] == .applied("v1"))
    }

    @Test("what somebody changes is repaired and reported as drift; what we change is not")
    func drift() throws {
        var world = World()
        world.run()
        #expect(world.core.journal[blue] == [])
        world.host.routing.vrfs["fed1"]?.importTargets = []
        world.run()
        #expect(world.core.journal[blue].map(\.object) == ["import route target 64900:10001 of vrf fed1"])
        #expect(world.core.journal[blue].map(\.change) == ["removed"])
        #expect(world.core.journal[red] == [])
    }

    @Test("a VPN that leaves the intent leaves the node, and its number is given back")
    func removal() throws {
        var world = World()
        world.run()
        try world.receive(.vpnRemoved(red))
        world.run()
        #expect(world.host.violations == [])
        #expect(world.host.kernel.links.keys.filter { $0.hasSuffix("2") && LocalNames.isOurs($0) } == [])
        #expect(world.core.indexes.instances == [VPNInstance(vpn: blue, vni: VNI(value: 10001)!): 1])
    }

    @Test("equal facts at equal times give equal decisions")
    func deterministic() {
        var first = World()
        var second = World()
        #expect(first.run() == second.run())
    }
}

@Suite("The intent in force")
struct IntentKeeperTests {
    private let gateway = Samples.intent().gateway
    private func welcome(epoch: String = "e", revision: UInt64 = 1) -> CoordinatorMessage {
        .welcome(Welcome(federation: FederationID(unchecked: "demo"), epoch: epoch, revision: revision, gateway: gateway))
    }

    @Test("nothing is in force before the base is known")
    func assembling() throws {
        var keeper = IntentKeeper(stored: nil)
        _ = try keeper.receive(welcome())
        _ = try keeper.receive(.vpn(Samples.vpn("blue")))
        #expect(keeper.intent == nil)
        #expect(try keeper.receive(.base(Samples.intent().base)))
        #expect(keeper.intent?.vpns.count == 1)
    }

    @Test("a coordinator of another epoch is refused, and the intent stays")
    func otherEpoch() {
        var keeper = IntentKeeper(stored: Samples.intent())
        #expect(throws: IntentKeeper.Refusal.otherEpoch(held: "e", offered: "new")) { try keeper.receive(welcome(epoch: "new")) }
        #expect(keeper.intent == Samples.intent())
    }

    @Test("a coordinator restored from an old backup is refused")
    func olderRevision() {
        var stored = Samples.intent()
        stored.revision = 9
        var keeper = IntentKeeper(stored: stored)
        #expect(throws: IntentKeeper.Refusal.olderRevision(held: 9, offered: 3)) { try keeper.receive(welcome(revision: 3)) }
    }

    @Test("told so, the agent takes another epoch, once")
    func accepted() throws {
        var keeper = IntentKeeper(stored: Samples.intent(), acceptsNewEpoch: true)
        _ = try keeper.receive(welcome(epoch: "new"))
        #expect(keeper.intent?.epoch == "new")
        // A session that breaks before the intent is whole may be had again, whatever its revision.
        _ = try keeper.receive(welcome(epoch: "new", revision: 0))
        _ = try keeper.receive(.complete(revision: 1))
        #expect(throws: IntentKeeper.Refusal.otherEpoch(held: "new", offered: "third")) { try keeper.receive(welcome(epoch: "third")) }
    }

    @Test("it says what it holds, by version")
    func hello() {
        let hello = IntentKeeper(stored: Samples.intent()).hello(software: "x")
        #expect(hello.epoch == "e")
        #expect(hello.held == [.base: "b1", .vpn(VPNName(unchecked: "blue")): "v1"])
    }

    @Test("the stored intent of another gateway is not taken for ours")
    func otherGateway() {
        var stored = Samples.intent()
        stored.gateway = GatewayID(cloud: CloudName(unchecked: "tokyo"), node: NodeName(unchecked: "gw1"))
        var keeper = IntentKeeper(stored: stored)
        #expect(throws: IntentKeeper.Refusal.self) { try keeper.receive(welcome()) }
    }
}
