import FederationModel
import Testing
import Verification

@Suite("How many leaks a cloud has", .timeLimit(.minutes(1)))
struct LeakCountTests {
    @Test("beyond the witnesses that are named, and where a witness names one gateway of many, a leak counts everywhere")
    func counted() {
        var world = World(clouds: ["paris", "tokyo"], vpns: ["blue", "red"])
        world.blue("tokyo/gw1") { $0.effective?.importTargets.append(target("64900:2")) }
        var proof = proveIsolation(intents: world.intents, vpns: world.vpns, observations: world.observations, now: World.now)
        #expect(proof.witnessCount == 1 && proof.leaks(at: nil) == 1)
        #expect(proof.leaks(at: CloudName("tokyo")!) == 1 && proof.leaks(at: CloudName("paris")!) == 0)
        proof.witnessCount = 1200
        #expect(proof.leaks(at: CloudName("paris")!) == 1199)
        proof.witnesses[0].level = .intent
        #expect(proof.leaks(at: CloudName("paris")!) == 1200)
    }
}
