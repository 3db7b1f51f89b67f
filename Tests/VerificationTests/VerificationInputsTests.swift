import FederationModel
import Foundation
import NetworkTypes
import Testing
import Verification

@Suite("What verdicts are made of", .timeLimit(.minutes(1)))
struct VerificationInputsTests {
    @Test("what is written is read again, and gives the same verdicts", arguments: Breakage.all)
    func sameVerdicts(breakage: Breakage) throws {
        var world = World(routeServer: breakage.routeServer)
        breakage.breakIt(&world)
        let inputs = VerificationInputs(
            intents: world.intents, vpns: world.vpns, rollout: Rollout(of: world.intents, world.records),
            observations: world.observations, changedAt: [vpn("blue"): World.now - 5000], now: World.now)
        let read = try JSONDecoder().decode(VerificationInputs.self, from: JSONEncoder().encode(inputs))
        #expect(read == inputs)
        #expect(read.verdicts() == inputs.verdicts())
    }
}
