import FederationModel
import NetworkTypes
import Testing
import Verification

@Suite("What an outage would do", .timeLimit(.minutes(1)))
struct WhatIfTests {
    private func impacts(_ outage: String, _ world: World) throws -> [Impact] {
        Verification.impacts(
            of: try Outage(parsing: outage), on: world.verdicts(), intents: world.intents, observations: world.observations, now: World.now)
    }

    @Test("a cloud: every pair that has it at either end, and no other")
    func cloud() throws {
        let found = try impacts("cloud paris down", World(clouds: ["lima", "paris", "tokyo"], vpns: ["blue"]))
        #expect(found.map { "\($0.origin) → \($0.viewer)" } == ["lima → paris", "paris → lima", "paris → tokyo", "tokyo → paris"])
        #expect(found.allSatisfy { $0.effect == .lost })
    }

    @Test("a link: the pairs between its clouds, both ways")
    func link() throws {
        let found = try impacts("link tokyo paris", World(clouds: ["lima", "paris", "tokyo"], vpns: ["blue"]))
        #expect(found.map { "\($0.origin) → \($0.viewer)" } == ["paris → tokyo", "tokyo → paris"])
    }

    @Test("a gateway: lost where the cloud has no other that is heard; moved where it has; nothing where it stands by")
    func gateway() throws {
        #expect(try impacts("gateway paris/gw1 down", World(vpns: ["blue"])).map(\.effect) == [.lost, .lost])
        var two = World(vpns: ["blue"], gateways: 2)
        #expect(try impacts("gateway down paris/gw1", two).map(\.effect) == [.moved, .moved])
        #expect(try impacts("gateway down paris/gw2", two).isEmpty)
        two.observations[VerificationTests.gateway("paris/gw2")]!.connected = false
        let lost = try impacts("gateway down paris/gw1", two)
        #expect(lost.map(\.effect) == [.lost, .lost] && lost[0].reason == "no other gateway of paris is heard")
    }

    @Test("what passes with losses, or was not tried, works now")
    func degraded() throws {
        var world = World(vpns: ["blue"])
        world.probes("tokyo/gw1", to: "paris/gw1") { $0.small.outcome = .lossy }
        world.blue("paris/gw1") { $0.probes = [] }
        #expect(world.verdicts().map(\.state) == [.degraded, .programmed])
        #expect(try impacts("cloud tokyo down", world).map(\.effect) == [.lost, .lost])
    }

    @Test("what does not work now cannot be lost")
    func broken() throws {
        var world = World(vpns: ["blue"])
        world.blue("tokyo/gw1") { $0.steered = [] }
        let found = try impacts("cloud tokyo down", world)
        #expect(found.map(\.effect) == [.broken, .lost] && found[0].reason.contains("not-steered"))
    }

    @Test(
        "what cannot fail is refused with what can", arguments: ["", "down", "cloud", "router paris", "link paris paris", "gateway paris"])
    func refused(text: String) { #expect(throws: ParseError.self) { try Outage(parsing: text) } }

    @Test("what is printed is read again", arguments: ["cloud paris down", "gateway paris/gw1 down", "link paris tokyo down"])
    func printed(text: String) throws { #expect(try Outage(parsing: text).description == text) }
}
