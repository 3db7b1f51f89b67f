import FederationModel
import Foundation
import NetworkTypes
import Testing
import Verification

@Suite("A bundle", .timeLimit(.minutes(1)))
struct BundleTests {
    private func bundle(_ world: World) -> VerificationBundle {
        VerificationBundle(
            federation: FederationID("demo")!, revision: 7,
            inputs: VerificationInputs(
                intents: world.intents, vpns: world.vpns, rollout: Rollout(of: world.intents, world.records),
                observations: world.observations, changedAt: [vpn("blue"): World.now - 5000], now: World.now))
    }

    @Test("what is written is read again, and gives the same verdicts", arguments: Breakage.all)
    func sameVerdicts(breakage: Breakage) throws {
        var world = World(routeServer: breakage.routeServer)
        breakage.breakIt(&world)
        let bundle = bundle(world)
        let read = try VerificationBundle(reading: bundle.encoded())
        #expect(read == bundle)
        #expect(read.inputs.verdicts() == bundle.inputs.verdicts())
    }

    @Test("the same inputs are the same bytes")
    func stable() throws { #expect(try bundle(World()).encoded() == bundle(World()).encoded()) }

    @Test("what is none, is of another format or damaged is refused with the place and the next step")
    func refused() throws {
        #expect(throws: VerificationBundleError.notABundle) { try VerificationBundle(reading: Data("federation: demo".utf8)) }
        let text = String(decoding: try bundle(World()).encoded(), as: UTF8.self)
        #expect(throws: VerificationBundleError.otherFormat(2)) {
            try VerificationBundle(reading: Data(text.replacing("\"format\":1", with: "\"format\":2").utf8))
        }
        #expect(throws: VerificationBundleError.self) {
            try VerificationBundle(reading: Data(text.replacing("10.255.1.1\"", with: "10.255.1.999\"").utf8))
        }
        #expect(throws: VerificationBundleError.notABundle) { try VerificationBundle(reading: Data(text.utf8.dropLast(10))) }
    }
}
