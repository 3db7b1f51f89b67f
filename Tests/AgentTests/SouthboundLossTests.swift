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
}
