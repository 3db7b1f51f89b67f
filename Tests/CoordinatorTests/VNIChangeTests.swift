import Coordinator
import FederationAPI
import FederationModel
import NetworkTypes
import Testing

/// Agents that apply what they are given when the test says so.
private struct Agents {
    let controlPlane: ControlPlane
    private var sessions: [GatewayID: AgentSession] = [:]

    init(_ controlPlane: ControlPlane, _ gateways: [String]) {
        self.controlPlane = controlPlane
        for name in gateways { connect(gateway(name)) }
    }

    mutating func connect(_ gateway: GatewayID) {
        let applied = controlPlane.registry.all[gateway]?.resources.compactMapValues(\.applied) ?? [:]
        sessions[gateway] = controlPlane.begin(gateway, hello: Hello(software: "test", held: applied))
    }

    /// Takes what it is told, and says nothing of it yet.
    func read() throws {
        for session in sessions.values { while session.next() != nil {} }
    }

    /// Everything that it was asked for.
    func apply(_ name: String) throws {
        let id = gateway(name)
        let session = try #require(sessions[id])
        while session.next() != nil {}
        for (resource, version) in controlPlane.current.intents[id]?.versions ?? [:] {
            try controlPlane.receive(.acknowledgement(resource, .applied(version)), in: session)
        }
    }
}

@Suite("VNIs that change", .timeLimit(.minutes(1)))
struct VNIChangeTests {
    private func file(_ vni: Int) -> String { federationFile(vpns: ["blue"]).replacing("  blue:\n", with: "  blue:\n    vni: \(vni)\n") }

    private func state(_ test: TestControlPlane) -> [[UInt32]] {
        test.controlPlane.current.intents.sorted { $0.key < $1.key }.map {
            $0.value.vpns[vpn("blue")]?.bindings.map(\.encapsulation.vni.value) ?? []
        }
    }

    private func progress(_ test: TestControlPlane) -> [VNIProgress] {
        let current = test.controlPlane.current
        return current.vniProgress(current.rollout(test.controlPlane.registry.all))
    }

    private func changing(_ body: (TestControlPlane, inout Agents) async throws -> Void) async throws {
        try await TestControlPlane.with { test in
            try await test.apply(file(10))
            var agents = Agents(test.controlPlane, ["paris/gw1", "tokyo/gw1"])
            for name in ["paris/gw1", "tokyo/gw1"] { try agents.apply(name) }
            try await test.apply(file(20))
            try await body(test, &agents)
        }
    }

    @Test("each step is taken when the last agent has applied the one before, and not earlier; each is a revision of the coordinator")
    func steps() async throws {
        try await changing { test, agents in
            let walk: [(before: [UInt32], after: [UInt32])] = [([10, 20], [20, 10]), ([20, 10], [20])]
            for (number, (before, after)) in walk.enumerated() {
                let revision = UInt64(2 + number)
                #expect(state(test) == [before, before])
                try agents.apply("paris/gw1")
                await test.controlPlane.advanceVNIChanges()
                #expect(test.controlPlane.current.number == revision)
                #expect(progress(test).map(\.waitsFor) == [[gateway("tokyo/gw1")]])
                try agents.apply("tokyo/gw1")
                await test.controlPlane.advanceVNIChanges()
                #expect(state(test) == [after, after])
                #expect(test.controlPlane.current.number == revision + 1 && test.controlPlane.current.author == .coordinator)
                await test.controlPlane.advanceVNIChanges()
                #expect(test.controlPlane.current.number == revision + 1)
            }
            #expect(test.controlPlane.current.ledger.vniChanges.isEmpty)
            let history = try await test.store.history(before: nil, limit: 2)
            #expect(history.map(\.message) == ["VPN blue stops using VNI 10", "VPN blue sends with VNI 20"])
            #expect(history.allSatisfy { $0.origin == .vniChange && $0.size.gateways == 2 })
            #expect(try await test.audit().first == "(coordinator) vni-change done")
            // The file is the admin's still.
            #expect(test.controlPlane.current.text == file(20))
        }
    }

    @Test("what an agent applied before it was told to leave a VNI does not count when the VNI comes again")
    func again() async throws {
        for gap: Int64 in [0, 5_000] {
            try await changing { test, agents in
                for _ in 0..<2 {
                    for name in ["paris/gw1", "tokyo/gw1"] { try agents.apply(name) }
                    await test.controlPlane.advanceVNIChanges()
                }
                #expect(state(test) == [[20], [20]])
                // They are told to leave VNI 10, and did not say yet that they have.
                try agents.read()
                test.clock.advance(gap)
                try await test.apply(file(10))
                #expect(state(test) == [[20, 10], [20, 10]])
                #expect(progress(test).map(\.waitsFor.count) == [2])
                await test.controlPlane.advanceVNIChanges()
                #expect(state(test) == [[20, 10], [20, 10]])
                for name in ["paris/gw1", "tokyo/gw1"] { try agents.apply(name) }
                await test.controlPlane.advanceVNIChanges()
                #expect(state(test) == [[10, 20], [10, 20]])
            }
        }
    }

    @Test("a coordinator that restarts goes on where it was, and remembers who applied what")
    func restart() async throws {
        try await changing { test, agents in
            try agents.apply("paris/gw1")
            try await test.store.save(test.controlPlane.registry.takeChanged())
            let again = try await test.restarted(after: 1000)
            await again.controlPlane.advanceVNIChanges()
            #expect(state(again) == [[10, 20], [10, 20]])
            var others = Agents(again.controlPlane, ["tokyo/gw1"])
            try others.apply("tokyo/gw1")
            await again.controlPlane.advanceVNIChanges()
            #expect(state(again) == [[20, 10], [20, 10]])
            // An agent that lost everything has to apply it again before anything goes on.
            again.controlPlane.registry.begin(gateway("tokyo/gw1"), hello: Hello(software: "test"), at: 0)
            others.connect(gateway("paris/gw1"))
            try others.apply("paris/gw1")
            await again.controlPlane.advanceVNIChanges()
            #expect(state(again) == [[20, 10], [20, 10]])
        }
    }

    @Test("an agent that refuses, or is away, holds it up; a gateway that no agent was ever heard of does not")
    func waits() async throws {
        try await TestControlPlane.with { test in
            try await test.apply(file(10))
            let agents = Agents(test.controlPlane, ["paris/gw1"])
            try agents.apply("paris/gw1")
            try await test.apply(file(20))
            #expect(progress(test).map(\.waitsFor) == [[gateway("paris/gw1")]])
            let version = try #require(test.controlPlane.current.intents[gateway("paris/gw1")]?.vpns[vpn("blue")]?.version)
            test.controlPlane.registry.acknowledge(resource("vpn/blue"), .rejected(version, reason: "no"), by: gateway("paris/gw1"))
            await test.controlPlane.advanceVNIChanges()
            #expect(test.controlPlane.current.number == 2)
            try agents.apply("paris/gw1")
            await test.controlPlane.advanceVNIChanges()
            #expect(state(test) == [[20, 10], [20, 10]])
        }
    }

    @Test("while a commit is pending both are received and nothing moves, until it is confirmed or goes back")
    func pendingCommit() async throws {
        for isConfirmed in [true, false] {
            try await TestControlPlane.with { test in
                try await test.apply(file(10))
                let agents = Agents(test.controlPlane, ["paris/gw1"])
                try await test.apply(file(20), ChangeConditions(confirmSeconds: 60))
                try agents.apply("paris/gw1")
                await test.controlPlane.advanceVNIChanges()
                #expect(state(test) == [[10, 20], [10, 20]] && test.controlPlane.current.number == 2)
                if isConfirmed {
                    _ = try await test.controlPlane.confirm(nil, by: "ada")
                    await test.controlPlane.advanceVNIChanges()
                    #expect(state(test) == [[20, 10], [20, 10]])
                } else {
                    test.clock.advance(60_000)
                    await test.controlPlane.rollBackIfUnconfirmed()
                    #expect(state(test) == [[10, 20], [10, 20]])
                    try agents.apply("paris/gw1")
                    await test.controlPlane.advanceVNIChanges()
                    #expect(state(test) == [[10], [10]])
                }
            }
        }
    }

    @Test("an agent that applied a step and refuses it now holds it up")
    func refusesLater() async throws {
        try await changing { test, agents in
            for name in ["paris/gw1", "tokyo/gw1"] { try agents.apply(name) }
            let version = try #require(test.controlPlane.current.intents[gateway("paris/gw1")]?.vpns[vpn("blue")]?.version)
            test.controlPlane.registry.acknowledge(resource("vpn/blue"), .rejected(version, reason: "no"), by: gateway("paris/gw1"))
            await test.controlPlane.advanceVNIChanges()
            #expect(state(test) == [[10, 20], [10, 20]])
            try agents.apply("paris/gw1")
            await test.controlPlane.advanceVNIChanges()
            #expect(state(test) == [[20, 10], [20, 10]])
        }
    }

    @Test("an apply at the same moment loses nothing: neither the admin's change nor the step")
    func conflict() async throws {
        try await changing { test, agents in
            for name in ["paris/gw1", "tokyo/gw1"] { try agents.apply(name) }
            let controlPlane = test.controlPlane
            let text = file(20).replacing("vpns:\n", with: "vpns:\n  red: {}\n")
            async let step = controlPlane.advanceVNIChanges()
            async let apply = try? controlPlane.apply(ApplyOrder(text: text), by: "bob")
            _ = await (step, apply)
            if test.controlPlane.current.graph?.vpns[vpn("red")] == nil { try await test.apply(text, by: "bob") }
            await test.controlPlane.advanceVNIChanges()
            #expect(state(test) == [[20, 10], [20, 10]] && test.controlPlane.current.graph?.vpns[vpn("red")] != nil)
        }
    }
}
