import Agent
import EVPN
import FRR
import FederationAPI
import FederationModel
import Foundation
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("The agent's core while a VNI changes")
struct VNIChangeTests {
    private let blue = VPNName(unchecked: "blue")
    private let old = Samples.binding(10001, 1)
    private let new = Samples.binding(20001, 11)
    private let first = IPPrefix("10.2.0.11/32")!
    private let second = IPPrefix("10.2.0.12/32")!
    // Red has the number between them.
    private let oldTable: UInt32 = 10001
    private let newTable: UInt32 = 10003

    private func vpn(_ version: String, _ sent: Binding, secondary: Binding? = nil) -> CoordinatorMessage {
        var vpn = Samples.vpn("blue")
        (vpn.version, vpn.encapsulation, vpn.routeDistinguisher, vpn.secondary) = (
            version, sent.encapsulation, sent.routeDistinguisher, secondary
        )
        (vpn.importTargets, vpn.exportTargets) = (sent.importTargets, sent.exportTargets)
        return .vpn(vpn)
    }

    /// Each by a gateway of its own.
    private func route(_ prefix: IPPrefix, isReady: Bool = true) -> TunnelRoute {
        TunnelRoute(prefix: prefix, nextHop: IPAddress(prefix == first ? "10.255.2.1" : "10.255.3.1")!, isReady: isReady)
    }

    private func routes(_ prefixes: IPPrefix...) -> [IPPrefix: TunnelRoute] {
        Dictionary(uniqueKeysWithValues: prefixes.map { ($0, route($0)) })
    }

    /// The old VNI alone, with two destinations.
    private func steady() -> World {
        var world = World()
        world.run()
        world.host.kernel.tunnels[oldTable] = routes(first, second)
        world.run()
        return world
    }

    private func steered(_ world: World) -> [IPPrefix: Int] {
        let flows = (world.host.flows["br-ex"] ?? []).filter { $0.sourceMAC == MACAddress("fa:16:3e:00:01:01") && $0.action != .drop }
        return Dictionary(flows.compactMap { flow in flow.destination.map { ($0, flow.index) } }, uniquingKeysWith: { max($0, $1) })
    }

    @Test("each phase is acknowledged when both stand, traffic is never sent in none, and at the end the old number is free")
    func phases() throws {
        var world = steady()
        let red = world.host.routing.vrfs["fed2"]
        #expect(steered(world) == [first: 1, second: 1])

        try world.receive(vpn("v2", old, secondary: new))
        world.run(rounds: 1)
        #expect(world.core.acknowledgements[.vpn(blue)] == nil)
        world.run()
        world.drain()
        #expect(world.core.acknowledgements[.vpn(blue)] == .applied("v2"))
        #expect(
            world.host.routing.vniBindings["fed1"] == old.encapsulation.vni
                && world.host.routing.vniBindings["fed3"] == new.encapsulation.vni)
        #expect(steered(world) == [first: 1, second: 1])

        world.host.kernel.tunnels[newTable] = routes(first, second)
        try world.receive(vpn("v3", new, secondary: old))
        let steps = world.run()
        #expect(steps.count == 1, "\(steps)")
        #expect(steered(world) == [first: 3, second: 3])
        #expect(world.core.acknowledgements[.vpn(blue)] == nil, "packets are on their way in the old VNI for a moment")
        world.drain()
        #expect(world.core.acknowledgements[.vpn(blue)] == .applied("v3"))
        #expect(world.run() == [])

        try world.receive(vpn("v4", new))
        world.run()
        #expect(world.core.acknowledgements[.vpn(blue)] == .applied("v4"))
        #expect(steered(world) == [first: 3, second: 3])
        #expect(world.core.indexes.instances.values.sorted() == [2, 3])
        #expect(world.host.kernel.links["fed1"] == nil && world.host.routing.vniBindings["fed1"] == nil)
        #expect(world.host.routing.vrfs["fed2"] == red)
        #expect(world.run() == [])
        #expect(world.host.violations == [])
        #expect(world.core.journal[blue] == [], "what we change is no drift")
    }

    @Test("while the new one has not learned all that the old one has, that is not acknowledged, and nothing is lost")
    func waitsForRoutes() throws {
        var world = steady()
        try world.receive(vpn("v2", old, secondary: new))
        world.run()
        world.host.kernel.tunnels[newTable] = [first: route(first), second: route(second, isReady: false)]
        try world.receive(vpn("v3", new, secondary: old))
        world.run(rounds: 4)
        #expect(steered(world) == [first: 3, second: 1])
        #expect(world.core.acknowledgements[.vpn(blue)] == nil)
        world.look()
        #expect(world.turn() == [] && world.core.waits.contains("VNI 20001 to learn \(second)"))

        world.host.kernel.tunnels[newTable] = routes(first, second)
        world.run()
        world.drain()
        #expect(steered(world) == [first: 3, second: 3])
        #expect(world.core.acknowledgements[.vpn(blue)] == .applied("v3"))

        // An entry that goes again sends its traffic back, and takes no acknowledgement back.
        world.host.kernel.tunnels[newTable] = routes(first)
        world.run(rounds: 4)
        #expect(steered(world) == [first: 3, second: 1])
        #expect(world.core.acknowledgements[.vpn(blue)] == .applied("v3"))
        #expect(world.host.violations == [])
    }

    @Test("what fails with the new VNI stays with the new VNI, and is said")
    func failure() throws {
        var world = steady()
        let before = world.host.routing.vrfs["fed1"]
        world.refusesVNI = new.encapsulation.vni
        try world.receive(vpn("v2", old, secondary: new))
        world.run()
        #expect(world.core.acknowledgements[.vpn(blue)] == .rejected("v2", reason: "refused by the test"))
        #expect(world.core.problems[blue]?.map(\.code) == [.stepFailed])
        #expect(world.host.routing.vrfs["fed1"] == before && steered(world) == [first: 1, second: 1])
        world.host.routing.vrfs["fed1"]?.importTargets = []
        world.run(rounds: 3)
        #expect(world.host.routing.vrfs["fed1"] == before, "the old one is kept as it should be meanwhile")
    }

    @Test("what is wrong with both is said once")
    func problemsOnce() throws {
        var world = steady()
        world.host.switching.patchPorts = [:]
        try world.receive(vpn("v2", old, secondary: new))
        world.run()
        #expect(world.core.problems[blue]?.map(\.code) == [.patchPortMissing])
    }

    @Test("an agent that restarts in the middle takes over both, and changes nothing")
    func restart() throws {
        var world = steady()
        world.host.kernel.tunnels[newTable] = routes(first)
        for message in [vpn("v2", old, secondary: new), vpn("v3", new, secondary: old)] {
            try world.receive(message)
            world.run()
        }
        var restarted = World(stored: world.core.keeper.intent, indexes: world.core.indexes)
        restarted.host = world.host
        #expect(restarted.run() == [])
        #expect(steered(restarted) == [first: 3, second: 1])
    }

    @Test("an agent that had numbered VPNs alone, before VNIs had numbers of their own, changes nothing when it comes back")
    func upgrade() throws {
        let world = steady()
        let former = """
            {"handoffs": [{"bridge": "br-ex", "vpn": "blue"}, 1, {"bridge": "br-ex", "vpn": "red"}, 2], "vpns": {"blue": 1, "red": 2}}
            """
        let stored = try #require(world.core.keeper.intent)
        let indexes = LocalIndexes(
            try JSONDecoder().decode(LocalIndexes.Former.self, from: Data(former.utf8)), vnis: stored.vpns.mapValues(\.encapsulation.vni))
        #expect(indexes == world.core.indexes)
        var upgraded = World(stored: stored, indexes: indexes)
        upgraded.host = world.host
        #expect(upgraded.run() == [])
    }

    @Test("a report is of the VNI that is sent in, and what is steered, of both")
    func report() throws {
        var world = steady()
        world.host.kernel.tunnels[newTable] = routes(first)
        try world.receive(vpn("v2", old, secondary: new))
        world.run()
        var tables = RoutingTables()
        tables.advertised = [old.routeDistinguisher: [first], new.routeDistinguisher: [second]]
        tables.imported = ["fed1": [ImportedRoute(prefix: first, nextHop: IPAddress("10.255.2.1")!, isBest: true)]]
        func report(_ world: World) throws -> VPNReport {
            let vpn = try #require(world.core.keeper.intent?.vpns[blue])
            return world.core.report(of: vpn, tables)
        }
        var found = try report(world)
        #expect(
            found.effective?.encapsulation.vni == old.encapsulation.vni && found.advertised == [first]
                && found.imported.map(\.prefix) == [first])
        #expect(found.installed.map(\.prefix) == [first, second] && found.steered == [first, second])

        try world.receive(vpn("v3", new, secondary: old))
        world.run()
        found = try report(world)
        #expect(found.effective?.encapsulation.vni == new.encapsulation.vni && found.advertised == [second] && found.imported == [])
        #expect(found.installed.map(\.prefix) == [first] && found.steered == [first, second])
    }
}

extension World {
    /// Lets the time pass until a VNI counts as left.
    fileprivate mutating func drain() {
        now += AgentCore.drain
        run()
    }
}
