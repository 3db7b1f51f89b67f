import FederationModel
import NetworkTypes
import Testing

@testable import Verification

// One after the other: each takes a core for seconds, and others wait for one beside it.
@Suite("Verdicts that are kept current", .serialized)
struct VerdictsTests {
    @Test("at every step of a random history they are what a whole verification says", .timeLimit(.minutes(3)), arguments: 0..<20)
    func histories(block: UInt64) throws {
        for seed in block * 15..<(block + 1) * 15 {
            var history = try RandomHistory(seed: seed)
            var verdicts = Verdicts()
            for change in history.beginning { verdicts.take(change) }
            var shown: [Pair: PairVerdict] = [:]
            for step in 0..<25 {
                for change in verdicts.settle(at: history.now) {
                    let pair = try #require(change.after ?? change.before).pair
                    #expect(shown[pair] == change.before)
                    shown[pair] = change.after
                }
                let wanted = history.verdicts(at: history.now)
                guard verdicts.all == wanted else {
                    let first = zip(verdicts.all, wanted).first { $0 != $1 }
                    Issue.record("seed \(seed), step \(step): \(String(describing: first)) of \(verdicts.all.count), \(wanted.count)")
                    return
                }
                #expect(shown == Dictionary(uniqueKeysWithValues: wanted.map { ($0.pair, $0) }))
                for state in VerdictState.allCases { #expect(verdicts.tally[state, default: 0] == wanted.count { $0.state == state }) }
                // Nothing changes by itself before the time that is told.
                let deadline = verdicts.nextDeadline ?? history.now + 100_000
                #expect(deadline > history.now)
                if step.isMultiple(of: 4) { #expect(history.verdicts(at: deadline - 1) == wanted, "seed \(seed), step \(step)") }
                for _ in 0...history.number(0...2) { for change in history.step() { verdicts.take(change) } }
            }
        }
    }

    @Test("random histories come to every state, and to losses of either half", .timeLimit(.minutes(2)))
    func variety() throws {
        var causes: Set<CauseCode> = []
        var states: Set<VerdictState> = []
        for seed in UInt64(0)..<60 {
            var history = try RandomHistory(seed: seed)
            for step in 0..<25 {
                let verdicts = history.verdicts(at: history.now)
                causes.formUnion(verdicts.compactMap { $0.cause?.catalogued })
                states.formUnion(verdicts.map(\.state))
                _ = step.isMultiple(of: 2) ? history.interrupt() : history.step()
            }
        }
        #expect(states == Set(VerdictState.allCases))
        let wanted: Set<CauseCode> = [
            .probeLost, .probeLostOut, .probeLostBack, .probeUnanswered, .probeTooBig, .probeTooBigBack, .probeLossy,
            .routerUnanswered,
        ]
        #expect(wanted.subtracting(causes).isEmpty)
    }

    @Test("what probes find between two gateways is a matter of their clouds’ pairs only", .timeLimit(.minutes(1)))
    func probes() throws {
        var world = World(clouds: ["lima", "paris", "tokyo"])
        var verdicts = Verdicts()
        verdicts.take(.intents(world.intents, vpns: [:], changedAt: [:]))
        for (gateway, resources) in world.records { verdicts.take(.records(gateway, resources)) }
        func tell(_ former: [GatewayID: GatewayObservation]) {
            for (id, observation) in world.observations {
                for change in FactChange.changes(of: id, from: former[id], to: observation) { verdicts.take(change) }
            }
        }
        tell([:])
        #expect(verdicts.settle(at: World.now).count == 12 && verdicts.tally == [.ok: 12])
        let well = world.observations
        world.lose(from: "tokyo/gw1", to: "paris/gw1")
        tell(well)
        let changes = verdicts.settle(at: World.now)
        let pairs = changes.compactMap(\.after).map { "\($0.vpn) \($0.origin) \($0.viewer)" }
        #expect(pairs.sorted() == ["blue paris tokyo", "blue tokyo paris"])
        #expect(changes.allSatisfy { $0.after?.state == .failed } && verdicts.all == world.verdicts())
        let lost = world.observations
        world.observations = well
        tell(lost)
        #expect(verdicts.settle(at: World.now).count == 2 && verdicts.tally[.ok] == 12)
    }

    @Test("what one VPN's gateways say leaves the others' verdicts alone", .timeLimit(.minutes(3)))
    func isolation() throws {
        let world = World()
        var verdicts = Verdicts()
        verdicts.take(.intents(world.intents, vpns: [:], changedAt: [:]))
        for (gateway, resources) in world.records { verdicts.take(.records(gateway, resources)) }
        for (gateway, observation) in world.observations {
            for change in FactChange.changes(of: gateway, from: nil, to: observation) { verdicts.take(change) }
        }
        #expect(verdicts.settle(at: World.now).count == 4)
        #expect(verdicts.tally == [.ok: 4])
        var blue = try #require(world.observations[gateway("tokyo/gw1")]?.report.vpns[vpn("blue")])
        blue.steered = []
        verdicts.take(.vpn(gateway("tokyo/gw1"), vpn("blue"), blue, VPNMoments()))
        let changes = verdicts.settle(at: World.now)
        #expect(changes.map(\.after?.vpn.text) == ["blue"])
        #expect(changes.map(\.before?.state) == [.ok] && changes.map(\.after?.state) == [.failed])
        // The last reports are a second old.
        #expect(verdicts.nextDeadline == World.now - 1000 + GatewayObservation.lifetime + 1)
        let stale = verdicts.settle(at: World.now + GatewayObservation.lifetime)
        #expect(stale.count == 4 && verdicts.tally[.unknown] == 4 && verdicts.nextDeadline == nil)
    }

    /// How many entries all dictionaries have, those in them included.
    private func entries(_ value: Any) -> Int {
        let mirror = Mirror(reflecting: value)
        let own = mirror.displayStyle == .dictionary || mirror.displayStyle == .set ? mirror.children.count : 0
        return own + mirror.children.reduce(0) { $0 + ($1.value is CloudName ? 0 : entries($1.value)) }
    }

    @Test("VPNs and gateways that come and go leave nothing behind", .timeLimit(.minutes(3)))
    func forgotten() throws {
        let world = World()
        var verdicts = Verdicts()
        func come(_ id: GatewayID) {
            verdicts.take(.records(id, world.records[id] ?? [:]))
            for change in FactChange.changes(of: id, from: nil, to: world.observations[id]) { verdicts.take(change) }
        }
        func go(_ id: GatewayID) {
            verdicts.take(.forgotten(id))
            verdicts.take(.records(id, [:]))
        }
        let ids = world.intents.keys.sorted()
        var counts: [Int] = []
        for _ in 0..<3 {
            verdicts.take(.intents(world.intents, vpns: [:], changedAt: [:]))
            for id in ids { come(id) }
            _ = verdicts.settle(at: World.now)
            // A VPN goes from everywhere, and then the gateways, before the graph forgets them and after.
            let blue = world.intents.mapValues { intent in
                var intent = intent
                intent.vpns[vpn("red")] = nil
                return intent
            }
            verdicts.take(.intents(blue, vpns: [:], changedAt: [:]))
            for id in ids { verdicts.take(.vpn(id, vpn("red"), nil, VPNMoments())) }
            _ = verdicts.settle(at: World.now)
            go(ids[0])
            _ = verdicts.settle(at: World.now)
            verdicts.take(.intents([:], vpns: [:], changedAt: [:]))
            _ = verdicts.settle(at: World.now)
            go(ids[1])
            _ = verdicts.settle(at: World.now + GatewayObservation.lifetime * 2)
            #expect(verdicts.all == [] && verdicts.nextDeadline == nil)
            counts.append(entries(verdicts))
        }
        // The numbers of pairs in each state are all that is left.
        #expect(counts.allSatisfy { $0 <= VerdictState.allCases.count }, "\(counts)")
    }
}

private struct Pair: Hashable {
    var vpn: VPNName
    var origin: CloudName
    var viewer: CloudName
}

extension PairVerdict {
    fileprivate var pair: Pair { Pair(vpn: vpn, origin: origin, viewer: viewer) }
}
