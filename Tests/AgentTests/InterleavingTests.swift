import Agent
import EVPN
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("The agent's inbox")
struct InterleavingTests {
    /// A world with much to see: learned routes, routers with NAT, a VPN that just came.
    private func world() throws -> World {
        var world = World()
        for index in world.routers.indices { world.routers[index].isTranslated = true }
        world.run()
        world.host.kernel.tunnels[10001] = [
            IPPrefix("10.2.0.11/32")!: TunnelRoute(prefix: IPPrefix("10.2.0.11/32")!, nextHop: IPAddress("10.255.2.1")!, isReady: true)
        ]
        world.routers[0].hosts.append("10.1.0.12")
        world.host.settle()
        return world
    }

    @Test("any order of the same events gives the same state and the same actions", arguments: 1...40)
    func order(seed: UInt64) throws {
        var chance = SeededGenerator(state: seed)
        let settled = try world()
        func outcome(_ events: [Event]) -> (AgentCore, [Action]) {
            var core = settled.core
            for event in events { _ = core.handle(event, at: settled.now) }
            let actions = core.handle(.timer, at: settled.now)
            return (core, actions)
        }
        var red = Samples.vpn("red", vni: 10002, index: 2)
        red.version = "v2"
        red.maximumPrefixes = 5
        let events = settled.facts() + [.message(.vpn(red)), .message(.complete(revision: 2))]
        let (core, actions) = outcome(events)
        let (other, same) = outcome(events.shuffled(using: &chance))
        #expect(same == actions && !actions.isEmpty)
        #expect(other == core)
    }

    @Test("an event that is told twice changes nothing, and news in the middle of a turn waits for its end")
    func twice() throws {
        var world = try world()
        for event in world.facts() { #expect(world.tell(event) == []) }
        let before = world.core
        for event in world.facts() { #expect(world.tell(event) == []) }
        #expect(world.core == before)
        world.now += 60_000
        let asked = world.tell(.timer)
        #expect(asked.contains(.lookAtRouting))
        #expect(world.tell(.timer) == [] && world.tell(.kernelChanged) == [])
    }

    @Test("an agent without intent waits, and looks at nothing")
    func idle() {
        var core = AgentCore(stored: nil, indexes: LocalIndexes())
        #expect(core.handle(.timer, at: 1_000) == [.wait(until: 1_000 + Schedule.retry)])
    }
}
