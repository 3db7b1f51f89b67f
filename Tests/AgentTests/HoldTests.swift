import Agent
import EVPN
import FederationModel
import NetworkTypes
import OVN
import SimulatedGateway
import Testing

@Suite("A node whose cloud lost half of itself", .timeLimit(.minutes(3)))
struct HoldTests {
    private let blue = VPNName(unchecked: "blue")
    private let everything = Samples.prefixes("10.1.0.11/32", "fd10:1::11/128")

    private func world() -> World {
        var world = World()
        for index in world.routers.indices { world.routers[index].isTranslated = true }
        world.routers.append(.init(name: "third", chassis: "gw2", number: 3, hosts: [], hostChassis: "gw2"))
        world.host.kernel.tunnels[10001] = [
            IPPrefix("10.2.0.11/32")!: TunnelRoute(prefix: IPPrefix("10.2.0.11/32")!, nextHop: IPAddress("10.255.2.1")!, isReady: true)
        ]
        world.run()
        return world
    }

    /// The agent of this node starts anew.
    private func restarted(_ world: World) -> World {
        var next = World(indexes: world.core.indexes, remembered: world.remembered)
        (next.host, next.northbound, next.now) = (world.host, world.northbound, world.now)
        (next.routers, next.cloud) = (world.routers, world.cloud)
        next.remembered = world.remembered
        return next
    }

    private func codes(_ world: World) -> Set<ProblemCode?> {
        Set((world.core.problems.values.joined() + world.core.baseProblems).map(\.code))
    }

    @Test("ovn-controller leaves, and another node has the gateway port: its routes go at once")
    func moved() {
        var world = world()
        world.cloud.chassis = ["gw2"]
        world.routers[0].chassis = "gw2"
        world.run()
        #expect(world.host.routing.vrfs["fed1"]?.networks == [])
        #expect(world.host.routing.vrfs["fed2"]?.networks.isEmpty == false, "red’s port is bound nowhere")
        #expect(codes(world) == [.chassisNotRegistered])
    }

    @Test("ovn-controller leaves, and no node has the gateway port: nothing is done until the time is over, and then its routes go")
    func bare() {
        var world = world()
        world.cloud.chassis = ["gw2"]
        #expect(world.run() == [])
        world.now += 3_000
        #expect(world.run() == [])
        #expect(codes(world) == [.chassisNotRegistered])
        #expect(world.core.problems[blue]?.first?.message.contains("120 s") == true)
        world.now += 120_000
        world.run()
        #expect(world.host.routing.vrfs["fed1"]?.networks == [])
        world.cloud.chassis = ["gw1", "gw2"]
        world.run()
        #expect(world.host.routing.vrfs["fed1"]?.networks == everything)
        #expect(codes(world) == [])
    }

    @Test("databases that are emptied and filled again cost no step: no route, no hand-off, no address set")
    func emptied() {
        var world = world()
        let sound = (routers: world.routers, cloud: world.cloud)
        let transactions = world.northbound.transactions
        // Both emptied; networks first, routers without ports, ports bound nowhere, bound.
        world.routers = []
        (world.cloud.hasProvider, world.cloud.chassis) = (false, [])
        #expect(world.run() == [])
        (world.cloud.hasProvider, world.cloud.chassis, world.cloud.generation) = (true, ["gw1", "gw2"], 1)
        #expect(world.run() == [])
        world.routers = sound.routers
        for index in world.routers.indices { world.routers[index].hasPorts = false }
        #expect(world.run() == [])
        world.routers = sound.routers
        for index in world.routers.indices { (world.routers[index].chassis, world.routers[index].hostChassis) = (nil, "") }
        world.now += 30_000
        #expect(world.run() == [])
        #expect(codes(world) == [.southboundIncomplete])
        world.routers = sound.routers
        #expect(world.run() == [])
        #expect(codes(world) == [])
        #expect(world.northbound.transactions == transactions)
    }

    @Test("an agent that starts while they are empty holds too")
    func start() {
        let world = world()
        var restarted = restarted(world)
        for index in restarted.routers.indices { restarted.routers[index].isInSouthbound = false }
        #expect(restarted.run() == [])
        restarted.now += 5_000
        #expect(restarted.run() == [])
        #expect(codes(restarted).contains(.southboundIncomplete))
    }

    @Test("a hold ends when its time is over, however often the agent starts meanwhile")
    func restarts() {
        var world = world()
        world.cloud.chassis = ["gw2"]
        world.run()
        for _ in 0..<5 {
            world.now += 20_000
            world.run()
            world = restarted(world)
            #expect(world.run() == [])
        }
        #expect(codes(world) == [.chassisNotRegistered])
        world.now += 20_000
        world.run()
        #expect(world.host.routing.vrfs["fed1"]?.networks == [])
    }

    @Test("an agent that comes back after days believes what the databases say, whatever it knew")
    func days() {
        var world = restarted(world())
        world.now += 3 * 86_400_000
        world.routers.removeAll()
        world.cloud.hasProvider = false
        world.run()
        #expect(world.host.routing.vrfs["fed1"]?.networks == [])
        #expect(codes(world) == [.attachmentNotFound])
    }

    @Test(
        "what is stored is stored once more when a minute is over, as long as the southbound database is heard, and its age is that of then"
    )
    func renewed() throws {
        var world = world()
        world.tell(.source(.southbound, .followed))
        let first = try #require(world.remembered)
        for _ in 0..<5 {
            world.now += 11_000
            world.run()
        }
        #expect(world.remembered == first)
        world.now += 11_000
        world.run()
        let second = try #require(world.remembered)
        #expect(second.view == first.view && second.believedAt - first.believedAt >= 60_000)
        // It is not heard any more.
        world.now += 40_000
        let lost = world.now
        world.tell(.source(.southbound, .lost(for: 0, reason: "connection refused")))
        for _ in 0..<20 {
            world.now += 11_000
            world.run(cloud: false)
        }
        #expect(world.remembered == second)
        // What changes all the same is stored with the age that it has.
        world.routers[0].isTranslated.toggle()
        world.now += 11_000
        world.run()
        let third = try #require(world.remembered)
        #expect(third.view != second.view && third.believedAt == lost)
        world = restarted(world)
        for _ in 0..<20 {
            world.now += 11_000
            world.run(cloud: false)
        }
        #expect(world.remembered == third)
    }

    @Test("a tenant's deletion is believed in the same turn", arguments: [true, false])
    func honest(router: Bool) {
        var world = world()
        if router { world.routers.remove(at: 0) } else { world.routers[0].hosts = [] }
        world.run()
        #expect(world.host.routing.vrfs["fed1"]?.networks == [])
        #expect(codes(world).isSubset(of: [.attachmentNotFound]))
    }

    @Test("what is stored for the next start is what is attached, and not oftener than every ten seconds")
    func stored() throws {
        var world = world()
        let first = try #require(world.remembered)
        #expect(Set(first.view.routers.map(\.name)) == ["blue-router", "red-router"])
        world.routers[0].hosts.append("10.1.0.12")
        world.run()
        #expect(world.remembered == first)
        world.now += 10_000
        world.run()
        #expect(world.remembered != first && world.remembered != nil)
    }

    /// Blue by its router's name, red by a label, and both stand; the agent starts, remembers nothing, and cannot read the northbound.
    private func deaf(and third: VPNIntent? = nil) -> World {
        var red = Samples.vpn("red", vni: 10002, index: 2)
        red.attachments = [AttachmentIntent(selector: AttachmentSelector(kind: .router, key: .label, value: "tier=one"))]
        var world = World(stored: Samples.intent(vpns: [Samples.vpn("blue"), red]))
        world.routers[1].labels = ["tier": "one"]
        world.run()
        let vpns = [Samples.vpn("blue"), red] + [third].compactMap(\.self)
        var next = World(stored: Samples.intent(vpns: vpns), indexes: world.core.indexes)
        (next.host, next.northbound, next.routers, next.now) = (world.host, world.northbound, world.routers, world.now)
        next.cloud.hasNorthbound = false
        return next
    }

    @Test("an agent that never read the northbound leaves VPNs by label as they are, takes nothing down, and serves the others")
    func neverRead() throws {
        var world = deaf()
        let (red, flows) = (world.host.routing.vrfs["fed2"], world.host.flows)
        #expect(red?.networks == everything && world.run() == [])
        world.now += CloudTrust.patience
        #expect(world.run() == [])
        #expect(world.core.acknowledgements[.vpn(blue)] == .applied("v1") && world.core.problems[blue] == [])
        let name = VPNName(unchecked: "red")
        #expect(world.core.acknowledgements[.vpn(name)] == nil)
        #expect(world.core.problems[name]?.map(\.code) == [.northboundIncomplete])
        // Both lose their machine.
        for index in world.routers.indices { world.routers[index].hosts = [] }
        world.run()
        #expect(world.host.routing.vrfs["fed1"]?.networks == [])
        #expect(world.host.routing.vrfs["fed2"] == red && world.host.flows == flows)
        try world.receive(.vpnRemoved(blue))
        world.run()
        #expect(world.host.routing.vrfs["fed1"] != nil && world.host.kernel.links["fedbr1"] != nil, "nothing is taken down")
        world.cloud.hasNorthbound = true
        world.run()
        #expect(world.host.routing.vrfs["fed1"] == nil)
        #expect(world.host.routing.vrfs["fed2"]?.networks == [])
        // The label stands on the router's own row.
        #expect(world.core.problems[name]?.map(\.code) == [.labelNotKept] && world.core.acknowledgements[.vpn(name)] == .applied("v1"))
        #expect(world.host.violations == [])
    }

    @Test("no other VPN gets a router that one has which waits for its labels")
    func taken() {
        var aqua = Samples.vpn("aqua", vni: 10003, index: 3)
        aqua.attachments = [AttachmentIntent(selector: AttachmentSelector(kind: .router, key: .name, value: "red-router"))]
        var world = deaf(and: aqua)
        world.run()
        world.now += CloudTrust.patience
        world.run()
        #expect(world.core.problems[aqua.name]?.map(\.code) == [.attachmentTaken])
        #expect(world.host.routing.vrfs["fed3"]?.networks == [])
    }

    @Test("nor when the flows went, where an agent found before whose it is; when labels are known, it is the first one's by name")
    func takenWithoutFlows() throws {
        var aqua = Samples.vpn("aqua", vni: 10003, index: 3)
        aqua.attachments = [AttachmentIntent(selector: AttachmentSelector(kind: .router, key: .name, value: "red-router"))]
        var red = Samples.vpn("red", vni: 10002, index: 2)
        red.attachments = [AttachmentIntent(selector: AttachmentSelector(kind: .router, key: .label, value: "tier=one"))]
        var before = World(stored: Samples.intent(vpns: [Samples.vpn("blue"), red]))
        before.routers[1].labels = ["tier": "one"]
        before.run()
        let known = before.host.routing.vrfs["fed2"]
        // Once by what the first agent left, once by what the second one did.
        for _ in 0..<2 {
            var world = World(
                stored: Samples.intent(vpns: [Samples.vpn("blue"), red, aqua]), indexes: before.core.indexes, remembered: before.remembered)
            (world.host, world.northbound, world.routers) = (before.host, before.northbound, before.routers)
            world.remembered = before.remembered
            world.now = before.now + 3 * 86_400_000
            world.cloud.hasNorthbound = false
            world.host.flows = [:]
            world.run()
            world.now += CloudTrust.patience
            world.run()
            #expect(world.core.problems[aqua.name]?.map(\.code) == [.attachmentTaken])
            #expect(world.host.routing.vrfs["fed3"]?.networks == [])
            #expect(world.host.routing.vrfs["fed2"] == known)
            world.now += 20_000
            world.run()
            before = world
        }
        before.cloud.hasNorthbound = true
        before.run()
        #expect(before.core.problems[red.name]?.map(\.code) == [.labelNotKept, .attachmentTaken])
        #expect(before.host.routing.vrfs["fed2"]?.networks == [])
    }

    @Test("a router that another VPN had, when its flows went, stays that VPN's")
    func keptWithoutFlows() throws {
        var aqua = Samples.vpn("aqua", vni: 10003, index: 3)
        aqua.attachments = [AttachmentIntent(selector: AttachmentSelector(kind: .router, key: .name, value: "red-router"))]
        var red = Samples.vpn("red", vni: 10002, index: 2)
        red.attachments = [AttachmentIntent(selector: AttachmentSelector(kind: .router, key: .label, value: "tier=one"))]
        let intent = Samples.intent(vpns: [red, aqua])
        var before = World(stored: intent)
        before.run()
        #expect(before.host.routing.vrfs["fed3"]?.networks == everything || before.host.routing.vrfs["fed1"]?.networks == everything)
        let stands = before.host.routing.vrfs
        var world = World(stored: intent, indexes: before.core.indexes, remembered: before.remembered)
        (world.host, world.northbound, world.routers, world.now) = (
            before.host, before.northbound, before.routers, before.now + 3 * 86_400_000
        )
        world.cloud.hasNorthbound = false
        world.host.flows = [:]
        world.run()
        world.now += CloudTrust.patience
        world.run()
        #expect(world.host.routing.vrfs == stands)
    }

    /// Blue has a machine, an extra route, a load balancer, a port that is taken down, and a machine with a distributed floating IP.
    private func rich() -> World {
        var blue = Samples.vpn("blue")
        blue.attachments[0].advertise = [.hosts, .extraRoutes]
        var world = World(stored: Samples.intent(vpns: [blue]))
        world.routers[0].hosts = ["10.1.0.11", "10.1.0.12", "10.1.0.13"]
        world.routers[0].distributed = ["10.1.0.12"]
        world.routers[0].disabled = [2]
        world.routers[0].balanced = ["10.1.0.100"]
        world.routers[0].staticRoutes = ["0.0.0.0/0 172.24.1.1", "10.7.0.0/24 10.1.0.11"]
        world.run()
        return world
    }

    /// The agent starts after three days, and never hears the northbound database.
    private func deafAfterDays(_ world: World) -> World {
        var next = World(stored: world.core.keeper.intent, indexes: world.core.indexes, remembered: world.remembered)
        (next.host, next.northbound, next.routers, next.now) = (world.host, world.northbound, world.routers, world.now + 3 * 86_400_000)
        next.remembered = world.remembered
        next.cloud.hasNorthbound = false
        return next
    }

    @Test(
        "an agent that comes back after days and does not hear the northbound keeps what only that tells as it stands, for as long as it takes"
    )
    func untold() {
        let before = rich()
        let stands = Samples.prefixes("10.1.0.11/32", "10.1.0.100/32", "10.7.0.0/24")
        #expect(before.host.routing.vrfs["fed1"]?.networks == stands)
        var world = deafAfterDays(before)
        for _ in 0..<20 {
            #expect(world.run() == [])
            world.now += 5_000
        }
        #expect(world.host.routing.vrfs["fed1"]?.networks == stands)
        // Once more, by what that agent left.
        world = deafAfterDays(world)
        world.run()
        world.now += CloudTrust.patience
        #expect(world.run() == [])
        // What the southbound tells counts.
        world.routers[0].hosts.append("10.1.0.14")
        world.routers[0].down = [0]
        world.run()
        world.now += 10_000
        world.run()
        #expect(world.host.routing.vrfs["fed1"]?.networks == Samples.prefixes("10.1.0.14/32", "10.1.0.100/32"))
        // And so does the northbound when it speaks.
        world.routers[0].down = []
        world.routers[0].balanced = []
        world.routers[0].disabled = []
        world.cloud.hasNorthbound = true
        world.run()
        #expect(
            world.host.routing.vrfs["fed1"]?.networks
                == Samples.prefixes("10.1.0.11/32", "10.1.0.13/32", "10.1.0.14/32", "10.7.0.0/24"))
        #expect(world.host.violations == [])
    }

    @Test("what only the northbound tells, and told days ago, is not advertised where it does not stand")
    func untoldAndGone() {
        var before = rich()
        before.host.routing.vrfs["fed1"]?.networks = []
        var world = deafAfterDays(before)
        world.run()
        world.now += CloudTrust.patience
        world.run()
        #expect(world.host.routing.vrfs["fed1"]?.networks == Samples.prefixes("10.1.0.11/32"))
    }
}
