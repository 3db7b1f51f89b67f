import EVPN
import FederationModel
import NetworkTypes
import OVN
import SimulatedGateway
import Testing

@testable import Agent

@Suite("The northbound database is looked at, planned and repaired as the node is")
struct ExemptionSurfaceTests {
    private let blue = VPNName(unchecked: "blue")
    private let router = CloudBuilder.id(router: 1)
    private let learned = IPPrefix("10.2.0.11/32")!

    /// Two clouds, blue's route learned.
    private func federated() -> World {
        var world = World()
        world.routers[0].isTranslated = true
        world.run()
        learn(&world, learned)
        return world
    }

    private func learn(_ world: inout World, _ prefix: IPPrefix) {
        world.host.kernel.tunnels[10001, default: [:]][prefix] = TunnelRoute(
            prefix: prefix, nextHop: IPAddress("10.255.2.1")!, isReady: true)
    }

    private func report(_ world: World) throws -> VPNReport {
        world.core.report(of: try #require(world.core.keeper.intent?.vpns[blue]), RoutingTables())
    }

    @Test("what is learned is exempted from NAT, and a second run writes nothing")
    func settles() throws {
        var world = federated()
        world.run()
        #expect(world.northbound.sets.map(\.addresses) == [["10.2.0.11/32"]])
        #expect(world.northbound.exempted.count == 1)
        #expect(try report(world).exempted == [learned] && report(world).steered == [learned])
        let before = world.northbound.transactions
        world.run()
        #expect(world.northbound.transactions == before)
    }

    @Test("before the database was seen nothing is written, and nothing is reported as exempted")
    func unseen() throws {
        var world = World()
        world.routers[0].isTranslated = true
        for _ in 0..<10 {
            world.host.settle()
            for event in world.facts() { if case .northbound = event { continue } else { world.tell(event) } }
            world.turn()
            world.now += 50
        }
        #expect(world.northbound.transactions == 0)
        learn(&world, learned)
        world.tell(.kernel(world.host.kernel, took: 0))
        world.turn()
        #expect(try report(world).exempted == [])
    }

    @Test("a refusal is reported, is that router's alone, and is tried again after a pause and not before")
    func refused() throws {
        var world = federated()
        world.northbound.refuses = true
        world.run()
        let problem = try #require(report(world).problems.first)
        #expect(problem.code == .natNotExempted && problem.message == "refused by the test")
        #expect(try report(world).exempted == [])
        let tried = world.northbound.transactions
        world.northbound.refuses = false
        world.run()
        #expect(world.northbound.transactions == tried, "its pause is not over")
        world.now += 2_000
        world.run()
        #expect(world.northbound.transactions == tried + 1)
        #expect(try report(world).problems == [] && report(world).exempted == [learned])
    }

    @Test("what failed while the database was away is tried again as soon as it is heard")
    func heardAgain() throws {
        var world = federated()
        world.northbound.refuses = true
        world.run()
        world.tell(.source(.northbound, .lost(for: 0, reason: "connection refused")))
        world.northbound.refuses = false
        world.tell(.source(.northbound, .followed))
        world.run()
        #expect(try report(world).problems == [] && report(world).exempted == [learned])
    }

    @Test("what somebody takes away is put back and reported as drift; what the cloud adds, and what we learn, is none")
    func drift() throws {
        var world = federated()
        world.run()
        #expect(world.core.journal[blue] == [])
        world.northbound.exempted = [:]
        world.run()
        #expect(world.northbound.exempted.count == 1)
        #expect(world.core.journal[blue].map(\.change) == ["removed"])
        #expect(world.core.journal[blue].first?.object.hasPrefix("exempted_ext_ips of NAT ") == true)
        learn(&world, IPPrefix("10.2.0.12/32")!)
        world.routers[0].subnets.append("10.1.9.0/24")
        world.run()
        #expect(world.northbound.exempted.count == 2)
        #expect(world.core.journal[blue].count == 1)
    }

    @Test("a router that leaves the VPN is translated again, and its set goes")
    func leaves() throws {
        var world = federated()
        world.run()
        try world.receive(.vpnRemoved(blue))
        world.run()
        #expect(world.northbound.sets.isEmpty && world.northbound.exempted.isEmpty)
    }

    @Test(
        "while the database hangs, all else goes on: a port that is gone is withdrawn; and what is late is taken, and tried again if it failed"
    )
    func hangs() throws {
        var world = federated()
        let before = world.northbound.transactions
        world.hangs = true
        world.run()
        #expect(world.unanswered.count == 1 && world.core.turn == nil)
        #expect(try report(world).exempted == [])
        let networks = world.host.routing.vrfs["fed1"]?.networks ?? []
        world.routers[0].hosts.removeFirst()
        world.run()
        let after = try #require(world.host.routing.vrfs["fed1"]?.networks)
        #expect(after.count < networks.count, "\(networks) \(after)")
        #expect(world.unanswered.count == 1, "one transaction of a router at a time")
        // The server took it after all, and says so late.
        world.hangs = false
        let late = world.unanswered[0]
        for action in world.tell(.exempted(router: late.router, failure: world.northbound.apply(late))) {
            var done: [Step] = []
            if let answer = world.perform(action, &done) { world.tell(answer) }
        }
        world.run()
        #expect(try report(world).exempted == [learned] && world.northbound.transactions == before + 1)
        // The next one fails late.
        learn(&world, IPPrefix("10.2.0.12/32")!)
        world.hangs = true
        world.run()
        #expect(world.unanswered.count == 2)
        world.hangs = false
        world.tell(.exempted(router: late.router, failure: "timed out"))
        world.run()
        #expect(try report(world).problems.map(\.message) == ["timed out"])
        world.now += 2_000
        world.run()
        #expect(try report(world).problems == [] && report(world).exempted.count == 2)
    }

    /// Turns for so long, one a second.
    private func pass(_ seconds: Int, _ world: inout World) {
        for _ in 0..<seconds {
            world.now += 1_000
            world.look()
            world.turn()
        }
    }

    @Test("what is exempted is what was read, not what is wanted")
    func read() throws {
        var world = federated()
        world.run()
        world.northbound.refuses = true
        world.northbound.exempted = [:]
        world.run()
        #expect(try report(world).exempted == [])
    }

    @Test("a VPN that goes while the gateway port is bound nowhere takes its sets along, when that has lasted")
    func boundNowhere() throws {
        var world = federated()
        world.run()
        world.routers[0].chassis = nil
        world.run()
        try world.receive(.vpnRemoved(blue))
        pass(50, &world)
        #expect(world.northbound.sets.count == 1)
        pass(15, &world)
        #expect(world.northbound.sets.isEmpty && world.northbound.exempted.isEmpty)
    }

    @Test(
        "where a gateway port goes to a chassis without agent, the router translates again, until it is back; an agent there is left alone")
    func withoutAgent() throws {
        var world = federated()
        world.run()
        world.routers[0].chassis = "gw2"
        pass(50, &world)
        #expect(world.northbound.sets.map(\.addresses) == [["10.2.0.11/32"]])
        pass(15, &world)
        #expect(world.northbound.sets.map(\.addresses) == [[]] && world.northbound.exempted.count == 1)
        world.routers[0].chassis = "gw1"
        world.run()
        #expect(world.northbound.sets.map(\.addresses) == [["10.2.0.11/32"]])
        #expect(try report(world).exempted == [learned])
        world.routers[0].chassis = "gw2"
        pass(2, &world)
        world.northbound.sets = world.northbound.sets.map {
            AddressSet(uuid: $0.uuid, name: $0.name, addresses: $0.addresses, federatedRouter: $0.federatedRouter, keeper: "gw2")
        }
        pass(200, &world)
        #expect(world.northbound.sets.map(\.addresses) == [["10.2.0.11/32"]])
    }

    /// What becomes of packets of the router to a destination, by whichever flow takes them first; nil: they leave by the provider network.
    private func fate(_ destination: IPPrefix, _ world: World) -> Flow.Action? {
        (world.host.flows["br-ex"] ?? []).filter { $0.destination == destination && $0.sourceMAC != nil }
            .max { $0.priority < $1.priority }?.action
    }

    @Test("what NAT still leaves alone does not leave by the provider network when its hold is over: the database refuses writes")
    func outlivesHold() throws {
        var world = federated()
        world.run()
        #expect(fate(learned, world) != nil)
        world.northbound.refuses = true
        world.host.kernel.tunnels[10001] = [:]
        world.now += Destinations.hold + 1_000
        world.run()
        #expect(world.northbound.sets.map(\.addresses) == [["10.2.0.11/32"]])
        #expect(fate(learned, world) == .drop)
        #expect(world.run() == [], "a second run changes nothing")
        // It is learned again meanwhile.
        learn(&world, learned)
        world.run()
        #expect(fate(learned, world) != .drop && fate(learned, world) != nil)
        world.host.kernel.tunnels[10001] = [:]
        world.now += Destinations.hold + 1_000
        world.run()
        world.northbound.refuses = false
        world.now += 10_000
        world.run()
        // What was written is seen.
        world.run()
        #expect(world.northbound.sets.map(\.addresses) == [[]])
        #expect(fate(learned, world) == nil)
    }

    @Test("nor when its VPN goes, or the router leaves it: what the database holds is dropped until it does no more")
    func outlivesVPN() throws {
        var world = federated()
        world.run()
        world.northbound.refuses = true
        try world.receive(.vpnRemoved(blue))
        world.run()
        #expect(fate(learned, world) == .drop)
        #expect(world.host.flows["br-ex"]?.contains { $0.destination == learned && $0.action != .drop } == false)
        #expect(world.run() == [])
        world.northbound.refuses = false
        world.now += 10_000
        world.run()
        // What was written is seen.
        world.run()
        #expect(world.northbound.sets.isEmpty)
        #expect(fate(learned, world) == nil)
    }
}
