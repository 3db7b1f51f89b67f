import Agent
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("A gateway that cannot hear its southbound database", .timeLimit(.minutes(3)))
struct SouthboundLossTests {
    private let blue = VPNName(unchecked: "blue")
    private let everything = Samples.prefixes("10.1.0.11/32", "fd10:1::11/128")

    private func world(_ policy: SouthboundLoss) -> World {
        var intent = World.both
        intent.base.onSouthboundLoss = policy
        var world = World(stored: intent)
        for source in [Source.southbound, .northbound, .openVSwitch] { world.tell(.source(source, .followed)) }
        world.run()
        world.tell(.source(.southbound, .lost(for: 0, reason: "connection refused")))
        return world
    }

    @Test("does nothing for half a minute, whatever the policy is", arguments: SouthboundLoss.allCases)
    func patient(_ policy: SouthboundLoss) {
        var world = world(policy)
        #expect(world.run() == [])
        world.now += AgentCore.southboundPatience - 1_000
        #expect(world.run() == [])
        #expect(world.core.sources.silent(at: world.now).map(\.source) == [.southbound])
    }

    @Test(
        "then keeps its routes, drains them or withdraws them, and takes it back when the database is heard",
        arguments: SouthboundLoss.allCases)
    func policy(_ policy: SouthboundLoss) {
        var world = world(policy)
        world.now += AgentCore.southboundPatience
        world.run()
        let stanza = world.host.routing.vrfs["fed1"]
        #expect(stanza?.networks == (policy == .withdraw ? [] : everything))
        #expect(stanza?.isDraining == (policy == .drain))
        #expect(world.core.selection.attachments[blue]?.first?.hostedHere == (policy != .withdraw))
        #expect(world.core.acknowledgements[.base] == .applied("b1"))
        world.tell(.source(.southbound, .followed))
        world.run()
        #expect(world.host.routing.vrfs["fed1"]?.networks == everything && world.host.routing.vrfs["fed1"]?.isDraining == false)
        #expect(world.core.sources.silent(at: world.now) == [])
        #expect(world.host.violations == [])
    }

    @Test("attempts that fail do not make it look heard, and each source tells of itself")
    func since() {
        var world = world(.keep)
        let lost = world.now
        world.now += 8_000
        world.tell(.source(.southbound, .lost(for: 8_000, reason: "no route to host")))
        world.tell(.kernel(nil, took: 0))
        let silent = world.core.sources.silent(at: world.now)
        #expect(silent.first { $0.source == .southbound }?.since == lost)
        #expect(silent.first { $0.source == .southbound }?.reason == "no route to host")
        #expect(silent.map(\.source) == [.kernel, .southbound])
    }

    @Test("an agent that starts says of each source that it was not heard, until it is")
    func start() {
        var world = World()
        world.tell(.timer)
        #expect(Set(world.core.sources.silent(at: world.now).compactMap(\.source)) == Set(Source.allCases))
        world.run()
        for source in [Source.southbound, .northbound, .openVSwitch] { world.tell(.source(source, .followed)) }
        #expect(world.core.sources.silent(at: world.now) == [])
    }

    @Test(
        "an agent that starts without it does what the policy says with what it remembers: it advertises nothing more, and takes nothing down",
        arguments: SouthboundLoss.allCases)
    func startWithout(_ policy: SouthboundLoss) throws {
        let before = world(policy)
        var intent = World.both
        intent.base.onSouthboundLoss = policy
        intent.vpns[VPNName(unchecked: "red")] = nil
        var world = World(stored: intent, indexes: before.core.indexes, remembered: before.remembered)
        (world.host, world.routers, world.now) = (before.host, before.routers, before.now)
        // One of two addresses was not advertised before.
        let kept = Samples.prefixes("10.1.0.11/32")
        world.host.routing.vrfs["fed1"]?.networks = kept
        let red = world.host.routing.vrfs["fed2"]
        #expect(world.run(cloud: false) == [])
        world.now += AgentCore.southboundPatience - 1_000
        #expect(world.run(cloud: false) == [])
        world.now += 1_000
        let steps = world.run(cloud: false)
        #expect(steps.isEmpty == (policy == .keep))
        let stanza = try #require(world.host.routing.vrfs["fed1"])
        #expect(stanza.networks == (policy == .withdraw ? [] : kept) && stanza.isDraining == (policy == .drain))
        #expect(world.host.routing.vrfs["fed2"] == red && world.host.kernel.links["fedbr2"] != nil)
        world.now += 10_000
        #expect(world.run(cloud: false) == [])
        world.tell(.source(.southbound, .followed))
        world.run()
        #expect(world.host.routing.vrfs["fed1"]?.networks == everything && world.host.routing.vrfs["fed1"]?.isDraining == false)
        #expect(world.host.routing.vrfs["fed2"] == nil)
        #expect(world.host.violations == [])
    }
}
