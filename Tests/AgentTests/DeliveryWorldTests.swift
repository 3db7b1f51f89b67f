import Agent
import EVPN
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("The agent advertises what can be delivered")
struct DeliveryWorldTests {
    private let blue = VPNName(unchecked: "blue")
    private let both = Samples.prefixes("10.1.0.11/32", "fd10:1::11/128")

    private func networks(_ world: World) -> Set<IPPrefix>? { world.host.routing.vrfs["fed1"]?.networks }

    private func report(_ world: World) throws -> VPNReport {
        world.core.report(of: try #require(world.core.keeper.intent?.vpns[blue]), RoutingTables())
    }

    /// Turns for so long, two a second.
    private func pass(_ time: Int64, _ world: inout World) {
        for _ in 0..<(time / 500) {
            world.now += 500
            world.look()
            world.turn()
        }
    }

    @Test("a patch port that is gone for good takes the prefixes with it, and they are back when it is; the agent wakes up for both")
    func patchPort() throws {
        var world = World()
        world.run()
        world.host.switching.patchPorts = [:]
        pass(10_000, &world)
        #expect(networks(world) == both)
        #expect(world.core.problems[blue]?.map(\.code) == [.patchPortMissing])
        pass(6_000, &world)
        #expect(networks(world) == [])
        #expect(try report(world).expected == both.sorted())
        world.host.switching.patchPorts = ["patch-provnet-1-to-br-int": 2]
        pass(1_000, &world)
        #expect(networks(world) == [])
        pass(3_000, &world)
        #expect(networks(world) == both && world.core.problems[blue] == [])
        #expect(world.host.violations == [])
    }

    @Test("flows that are gone for a second, as Open vSwitch starts anew, withdraw nothing")
    func restartOfTheSwitch() {
        var world = World()
        world.run()
        world.host.flows["br-ex"] = []
        let steps = world.run()
        #expect(steps.contains { if case .changeFlows = $0 { true } else { false } })
        #expect(!steps.contains { if case .configureVRF = $0 { true } else { false } })
        #expect(world.core.journal[blue].map(\.change) == ["removed"], "what somebody took away is drift all the same")
    }

    @Test("a gateway port that is claimed and not up yet is waited for")
    func claimed() throws {
        var world = World()
        world.routers[0].isGatewayUp = false
        world.run()
        #expect(networks(world) == [] && networks(world) != nil)
        #expect(world.core.problems[blue]?.map(\.code) == [.gatewayPortDown])
        world.routers[0].isGatewayUp = true
        world.run()
        #expect(networks(world) == both)
    }

    @Test("a port that unbinds and binds again within seconds withdraws nothing; one that stays unbound is withdrawn; deleted, at once")
    func unbound() {
        var world = World()
        world.routers[0].hosts = ["10.1.0.11", "10.1.0.12"]
        world.run()
        let two = Samples.prefixes("10.1.0.11/32", "10.1.0.12/32")
        #expect(networks(world) == two)
        world.routers[0].unbound = [1]
        pass(3_000, &world)
        #expect(networks(world) == two)
        world.routers[0].unbound = []
        pass(1_000, &world)
        world.routers[0].unbound = [1]
        pass(4_000, &world)
        #expect(networks(world) == two)
        pass(2_000, &world)
        #expect(networks(world) == Samples.prefixes("10.1.0.11/32"))
        world.routers[0].unbound = []
        world.run()
        #expect(networks(world) == two)
        world.routers[0].hosts = ["10.1.0.11"]
        world.run()
        #expect(networks(world) == Samples.prefixes("10.1.0.11/32"))
    }

    @Test(
        "a port that is attached by itself has the same time, and its name means the same after it",
        arguments: [("vm-1-1", AttachmentSelector.Key.id), ("tenant=blue", .label)])
    func unboundByItself(_ value: String, _ key: AttachmentSelector.Key) {
        var vpn = Samples.vpn("blue")
        vpn.attachments = [AttachmentIntent(selector: AttachmentSelector(kind: .port, key: key, value: value))]
        var world = World(stored: Samples.intent(vpns: [vpn]))
        world.routers[0].hosts = ["10.1.0.11", "10.1.0.12"]
        world.routers[0].portLabels = ["vm-1-1": ["tenant": "blue"]]
        world.run()
        let one = Samples.prefixes("10.1.0.12/32")
        #expect(networks(world) == one)
        world.routers[0].unbound = [1]
        pass(4_000, &world)
        #expect(networks(world) == one && world.core.problems[blue] == [])
        #expect(world.host.kernel.routes.contains { $0.prefix == IPPrefix("10.1.0.12/32")! })
        pass(2_000, &world)
        #expect(networks(world) == [])
        world.routers[0].unbound = []
        world.run()
        #expect(networks(world) == one && world.host.violations == [])
    }

    @Test("an agent that restarts while a port is unbound holds it all the same")
    func restart() {
        var world = World()
        world.routers[0].hosts = ["10.1.0.11", "10.1.0.12"]
        world.run()
        var restarted = World(indexes: world.core.indexes)
        restarted.host = world.host
        restarted.routers = world.routers
        restarted.routers[0].unbound = [1]
        restarted.run()
        #expect(networks(restarted) == Samples.prefixes("10.1.0.11/32", "10.1.0.12/32"))
        pass(6_000, &restarted)
        #expect(networks(restarted) == Samples.prefixes("10.1.0.11/32"))
    }

    @Test("a port that is bound and down is expected, is not advertised, and is named")
    func down() throws {
        var world = World()
        world.routers[0].hosts = ["10.1.0.11", "10.1.0.12"]
        world.routers[0].down = [1]
        world.run()
        #expect(networks(world) == Samples.prefixes("10.1.0.11/32"))
        #expect(try report(world).expected.contains(IPPrefix("10.1.0.12/32")!))
        let problem = try #require(world.core.problems[blue]?.first)
        #expect(problem.code == .portDown && problem.prefixes == [IPPrefix("10.1.0.12/32")!] && problem.message.contains("10.1.0.12"))
        world.routers[0].down = []
        world.run()
        #expect(networks(world)?.count == 2 && world.core.problems[blue] == [])
        // While it was up, it is held for a moment.
        world.routers[0].down = [1]
        pass(4_000, &world)
        #expect(networks(world)?.count == 2)
        pass(2_000, &world)
        #expect(networks(world)?.count == 1)
    }

    @Test("a machine with a distributed floating IP is left out as a whole, by name, and the others are not touched by it")
    func distributed() throws {
        var world = World()
        world.routers[0].isTranslated = true
        world.routers[0].hosts = ["10.1.0.11", "10.1.0.12"]
        world.routers[0].distributed = ["10.1.0.11"]
        world.run()
        let learned = IPPrefix("10.2.0.11/32")!
        world.host.kernel.tunnels[10001] = [learned: TunnelRoute(prefix: learned, nextHop: IPAddress("10.255.2.1")!, isReady: true)]
        world.run()
        #expect(networks(world) == Samples.prefixes("10.1.0.12/32"))
        #expect(world.northbound.exempted.count == 1, "the router's own rule, not the machine's")
        let report = try report(world)
        #expect(report.expected == [IPPrefix("10.1.0.12/32")!] && report.exempted == [learned])
        let problem = try #require(report.problems.first)
        #expect(report.problems.count == 1 && problem.code == .distributedFloatingIP)
        #expect(problem.message.contains("10.1.0.11 (port vm-1-0, floating IP 172.24.1.200)"))
        #expect(world.host.flows["br-ex"]?.contains { $0.destination == IPPrefix("10.1.0.11/32")! && $0.action == .drop } == true)
    }

    @Test("an extra route to a machine that is not there is none")
    func deadNextHop() {
        var vpn = Samples.vpn("blue")
        vpn.attachments[0].advertise = [.hosts, .extraRoutes]
        var world = World(stored: Samples.intent(vpns: [vpn]))
        world.routers[0].hosts = ["10.1.0.11", "10.1.0.12"]
        world.routers[0].staticRoutes = ["0.0.0.0/0 172.24.1.1", "::/0 fd24:1::1", "192.168.5.0/24 10.1.0.12", "192.168.6.0/24 10.1.0.99"]
        world.run()
        #expect(networks(world)?.isSuperset(of: Samples.prefixes("192.168.5.0/24", "192.168.6.0/24")) == true)
        world.routers[0].down = [1]
        pass(3_000, &world)
        #expect(networks(world)?.contains(IPPrefix("192.168.5.0/24")!) == true)
        pass(3_000, &world)
        #expect(networks(world)?.contains(IPPrefix("192.168.5.0/24")!) == false)
        #expect(networks(world)?.contains(IPPrefix("192.168.6.0/24")!) == true)
    }

    @Test("route targets that stay as they are though they were set anew are said, and tried again with longer and longer pauses")
    func restatement() {
        var world = World(stored: Samples.intent())
        world.run()
        world.host.keepsTarget = RouteTarget(.as2(64900, 777))
        var attempts = 0
        for _ in 0..<120 {
            world.look()
            attempts += world.turn().count { if case .restateTargets = $0 { true } else { false } }
            world.now += 500
        }
        #expect((5...20).contains(attempts), "\(attempts) in a minute")
        #expect(world.core.problems[blue]?.map(\.code) == [.stepFailed])
        world.host.keepsTarget = nil
        pass(6_000, &world)
        #expect(world.core.problems[blue] == [] && world.core.waits.isEmpty)
        #expect(world.host.violations == [])
    }

    @Test("flows that are left on a bridge which is mapped no more are seen, and taken away with the hand-off")
    func remapped() {
        var world = World(stored: Samples.intent())
        world.run()
        world.host.kernel.tunnels[10001] = [
            IPPrefix("10.2.0.11/32")!: TunnelRoute(prefix: IPPrefix("10.2.0.11/32")!, nextHop: IPAddress("10.255.2.1")!, isReady: true)
        ]
        world.run()
        world.host.switching.bridges.insert("br-new")
        world.host.flows["br-new"] = []
        world.bridge = "br-new"
        // The agent starts anew after that, and remembers nothing but its numbers.
        var restarted = World(stored: Samples.intent(), indexes: world.core.indexes)
        (restarted.host, restarted.bridge) = (world.host, "br-new")
        restarted.looksAtMappedBridges = true
        restarted.run()
        pass(4_000, &restarted)
        #expect(restarted.host.flows["br-ex"] == [])
        #expect(restarted.host.switching.ports.values.allSatisfy { $0.bridge == "br-new" })
        #expect(restarted.host.flows["br-new"]?.contains { $0.destination == IPPrefix("10.1.0.0/24")! } == true)
        #expect(networks(restarted) == both && restarted.host.violations == [])
    }

    @Test("a router with two gateway ports here is steered by both, and entered by one that is up")
    func twoGateways() throws {
        var world = World(stored: Samples.intent())
        world.routers[0].secondGateway = true
        world.run()
        world.host.kernel.tunnels[10001] = [
            IPPrefix("10.2.0.11/32")!: TunnelRoute(prefix: IPPrefix("10.2.0.11/32")!, nextHop: IPAddress("10.255.2.1")!, isReady: true)
        ]
        world.run()
        let first = MACAddress("fa:16:3e:00:01:01")!, second = MACAddress("fa:16:3e:00:01:81")!
        func sources() -> Set<MACAddress> {
            Set((world.host.flows["br-ex"] ?? []).filter { $0.destination == IPPrefix("10.2.0.11/32")! }.compactMap(\.sourceMAC))
        }
        func entries() -> Set<MACAddress> {
            Set(
                (world.host.flows["br-ex"] ?? []).filter { if case .inject = $0.action { true } else { false } }.compactMap(
                    \.destinationMAC))
        }
        #expect(sources() == [first, second] && entries() == [first])
        #expect(try report(world).steered == [IPPrefix("10.2.0.11/32")!])
        // One of the two ways out is not led: not steered.
        let flow = try #require(world.host.flows["br-ex"]?.first { $0.sourceMAC == second && $0.source?.family == .ipv4 })
        var core = world.core
        _ = core.handle(.flows(["br-ex": (world.host.flows["br-ex"] ?? []).subtracting([flow])]), at: world.now)
        #expect(core.report(of: Samples.vpn("blue"), RoutingTables()).steered == [])
        world.routers[0].isGatewayUp = false
        world.run()
        #expect(sources() == [first, second] && entries() == [second])
        #expect(networks(world) == both && world.host.violations == [])
    }

    @Test("a gateway port that goes back and forth is withdrawn each time at once, and advertised when it has stayed")
    func flapping() {
        var world = World(stored: Samples.intent())
        world.run()
        func move(_ chassis: String) {
            world.routers[0].chassis = chassis
            pass(1_000, &world)
        }
        for _ in 0..<4 {
            move("gw2")
            #expect(networks(world) == [])
            move("gw1")
            #expect(networks(world) == both, "moves that are few are told at once")
        }
        move("gw2")
        #expect(networks(world) == [])
        move("gw1")
        #expect(networks(world) == [])
        #expect(world.core.problems[blue]?.map(\.code) == [.notDeliverable])
        pass(8_000, &world)
        #expect(networks(world) == [])
        pass(2_000, &world)
        #expect(networks(world) == both && world.core.problems[blue] == [])
        pass(60_000, &world)
        move("gw2")
        move("gw1")
        #expect(networks(world) == both)
    }
}
