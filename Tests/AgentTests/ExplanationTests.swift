import EVPN
import FederationModel
import Foundation
import NetworkTypes
import SimulatedGateway
import Testing

@testable import Agent

@Suite("What explain says")
struct ExplanationTests {
    /// As an agent that starts sees the world.
    private func explain(_ world: World, _ facts: [Event]? = nil) -> Explanation {
        var core = AgentCore(stored: world.core.keeper.intent, indexes: world.core.indexes, pins: world.core.pins)
        for event in facts ?? world.facts() { _ = core.handle(event, at: world.now) }
        let actions = core.handle(.timer, at: world.now)
        let names = ["intent", "node", "cloud", "northbound", "switch", "flows", "kernel", "bgpd and zebra"]
        return Explanation(
            core, actions, seenAt: Dictionary(uniqueKeysWithValues: names.map { ($0, world.now) }),
            now: world.now + 200)
    }

    @Test("a node that is as designed: facts with their age, the design, and nothing to do")
    func settled() {
        var world = World()
        world.run()
        let explanation = explain(world)
        #expect(explanation.isSettled)
        let text = explanation.text
        #expect(text.contains("gateway  paris/gw1 of federation demo"))
        #expect(text.contains("chassis gw1; physnet1 on br-ex  [200 ms ago]"))
        #expect(text.contains("  blue/10001\n    vrf fed1, table 10001, devices fed1, fedbr1, fedvx1, fedin1\n"))
        #expect(text.contains("advertise 10.1.0.11/32, fd10:1::11/128"))
        #expect(text.hasSuffix("PLAN\n  nothing: the node is as designed"))
    }

    @Test("what would be done has its reason, and is not done")
    func plan() throws {
        var world = World()
        world.run()
        world.host.routing.vrfs["fed1"]?.importTargets = []
        world.host.kernel.routes = world.host.kernel.routes.filter { $0.table != 10001 || $0.target == .unreachable }
        let explanation = explain(world)
        #expect(explanation.isComplete && !explanation.isSettled)
        let route = "  blue/10001: add import route target 64900:10001 of vrf fed1, because it is missing  [bgpd]"
        #expect(explanation.text.contains(route))
        #expect(explanation.plan.contains { $0.step.hasPrefix("add route ") && $0.surface == "kernel" })
        #expect(explanation.waits == ["the BGP instance of fed1"])
        struct Read: Decodable {
            struct Step: Decodable { var of: String }
            var plan: [Step]
        }
        let read = try JSONDecoder().decode(Read.self, from: Data(try explanation.json().utf8))
        #expect(read.plan.map(\.of) == explanation.plan.map(\.of))
    }

    @Test("what cannot be read is said, and is no settled node")
    func unreadable() {
        var world = World()
        world.run()
        let explanation = explain(world, world.facts().filter { if case .routing = $0 { false } else { true } } + [.routing(nil, took: 0)])
        #expect(!explanation.isComplete && !explanation.isSettled)
        #expect(explanation.text.contains("bgpd and zebra  cannot be read"))
        #expect(explain(World(stored: nil)).text.contains("no intent is stored"))
    }
}
