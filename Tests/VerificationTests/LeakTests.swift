import FederationModel
import NetworkTypes
import Testing
import Verification

@Suite("The proof of isolation, over a thousand random federations", .timeLimit(.minutes(5)))
struct LeakTests {
    @Test("an injected leak is found with the right witness, and none in the clean twin", arguments: UInt64(0)..<1000)
    func leak(_ seed: UInt64) throws {
        var federation = try HonestFederation(seed: seed, isCrowded: true)
        federation.addDecoys()
        let clean = federation.isolation()
        #expect(clean.state == .proven && clean.witnesses.isEmpty, "\(clean.witnesses.map(\.sentence)) \(clean.gaps)")
        #expect(clean.vpns.allSatisfy { $0.level == .routes && $0.state == .proven })
        #expect(PairwiseIsolation.paths(of: federation).isEmpty)

        let kinds = InjectedLeak.Kind.allCases
        var injected: (federation: HonestFederation, leak: InjectedLeak)?
        for offset in kinds.indices where injected == nil {
            var twin = federation
            if let leak = twin.inject(kinds[(Int(seed) + offset) % kinds.count]) { injected = (twin, leak) }
        }
        guard let (broken, leak) = injected else { return }
        let proof = broken.isolation()
        #expect(proof.state == .violated)
        #expect(proof.witnesses.contains(where: leak.isToldBy), "\(leak) is not told by \(proof.witnesses)")
        // No more and no less than a comparison of each VRF with each other finds.
        var expected = PairwiseIsolation.paths(of: broken)
        // What routes show, and who shares, is not in targets.
        if [.sharersMeet, .foreignRoute].contains(leak.breach) || leak.route != nil {
            expected.insert(.init(exporter: leak.exporter, importer: leak.importer))
        }
        #expect(Set(proof.witnesses.map { PairwiseIsolation.Path(exporter: $0.exporter, importer: $0.importer) }) == expected)
        for witness in proof.witnesses { #expect(!witness.sentence.isEmpty && !witness.remedy.isEmpty) }
    }

    @Test("each kind of leak has its share of the federations")
    func kinds() throws {
        var counts: [InjectedLeak.Kind: Int] = [:]
        for seed in UInt64(0)..<200 {
            var federation = try HonestFederation(seed: seed, isCrowded: true)
            for kind in InjectedLeak.Kind.allCases {
                var twin = federation
                guard let leak = twin.inject(kind) else { continue }
                counts[kind, default: 0] += 1
                if !twin.isolation().witnesses.contains(where: leak.isToldBy) { Issue.record("\(seed) \(kind): \(leak)") }
            }
            _ = federation.number(0...1)
        }
        for kind in InjectedLeak.Kind.allCases { #expect(counts[kind, default: 0] >= 5, "\(kind): \(counts[kind, default: 0])") }
    }

    @Test("equal reports give equal proofs, in whichever order dictionaries are walked")
    func deterministic() throws {
        for seed in UInt64(0)..<20 {
            var federation = try HonestFederation(seed: seed, isCrowded: true)
            _ = federation.inject(.duplicatedTarget)
            let proof = federation.isolation()
            var copy = federation
            copy.intents = [:]
            for id in federation.intents.keys.sorted(by: >) { copy.intents[id] = federation.intents[id] }
            #expect(copy.isolation() == proof)
        }
    }
}
