import Federation
import FederationModel
import Foundation
import NetworkTypes
import Testing

@Suite("A plan is what the apply of it does, over random federations and edits", .timeLimit(.minutes(5)))
struct PlanPropertyTests {
    /// A federation's history: random graphs and edits, each planned on what the plan before it made.
    private func history(seed: Int, edits: Int, _ look: (Snapshot, FederationGraph, PlannedChange, Int64) throws -> Void) throws {
        var random = RandomPolicies(seed: UInt64(seed))
        var graph = random.graph()
        var snapshot = Snapshot(federation: graph.federation, epoch: "e", ledger: Ledger())
        var planned = 0
        for step in 0...edits {
            if step > 0 { random.change(&graph) }
            guard case .planned(let change) = Planning.plan(graph, on: snapshot, at: Int64(step) * 1000) else { continue }
            try look(snapshot, graph, change, Int64(step) * 1000)
            planned += 1
            snapshot = Snapshot(
                federation: snapshot.federation, epoch: "e", revision: snapshot.revision + 1, compilation: change.compilation,
                ledger: change.ledger)
        }
        // Now and then an edit asks for what is taken or in quarantine; most can be planned.
        #expect(planned > edits / 2)
    }

    /// Who learns from whom, from the intents of gateways alone: what one exports, the other imports.
    private func naiveReaches(_ intents: [GatewayID: GatewayIntent]) -> Set<Reach> {
        var reaches: Set<Reach> = []
        for (source, from) in intents {
            for (name, exporter) in from.vpns {
                for (viewer, to) in intents where viewer.cloud != source.cloud {
                    guard let importer = to.vpns[name],
                        importer.importTargets.contains(where: { wanted in
                            exporter.exportTargets.contains { TargetTable.imports(wanted, $0) }
                        })
                    else { continue }
                    reaches.insert(Reach(vpn: name, from: source.cloud, to: viewer.cloud))
                }
            }
        }
        return reaches
    }

    @Test("what is gained and lost is the difference of all that reached and will reach", arguments: 0..<200)
    func reaches(seed: Int) throws {
        try history(seed: seed, edits: 6) { before, _, change, _ in
            let old = naiveReaches(before.compilation?.intents ?? [:]), new = naiveReaches(change.compilation.intents)
            // A cloud without gateways has nothing to reach with, and counts as what the policy makes of it.
            let hosted = { (reach: Reach, graph: FederationGraph?) in
                [reach.from, reach.to].allSatisfy { graph?.clouds[$0]?.gateways.isEmpty == false }
            }
            #expect(Set(change.plan.gained.filter { hosted($0, change.compilation.graph) }).subtracting(old) == new.subtracting(old))
            #expect(Set(change.plan.lost.filter { hosted($0, before.compilation?.graph) }).subtracting(new) == old.subtracting(new))
            #expect(change.plan.gained == change.plan.gained.sorted() && Set(change.plan.gained).isDisjoint(with: change.plan.lost))
        }
    }

    @Test("gateways change as their intents do, the intents are those of a compile from cold, and each change is told", arguments: 0..<200)
    func gateways(seed: Int) throws {
        try history(seed: seed + 1000, edits: 6) { before, graph, change, _ in
            let cold = try graph.intents(with: change.ledger, epoch: "e", revision: before.revision + 1)
            #expect(change.compilation.intents == cold)
            var told: [GatewayID: IntentDifference] = [:]
            for item in change.plan.gateways {
                switch item.kind {
                case .added: told[item.gateway, default: none].added.append(item.resource)
                case .changed:
                    told[item.gateway, default: none].changed.append(item.resource)
                    #expect(!item.details.isEmpty, "\(item.gateway) \(item.resource)")
                case .removed: told[item.gateway, default: none].removed.append(item.resource)
                }
            }
            #expect(told == IntentDifference.between(before.compilation?.intents ?? [:], cold))
        }
    }

    private var none: IntentDifference { IntentDifference(from: nil, to: nil) }

    @Test("a plan is empty where graph and intents are the same, and only there", arguments: 0..<200)
    func emptiness(seed: Int) throws {
        try history(seed: seed + 2000, edits: 4) { before, graph, change, now in
            let same = before.compilation.map {
                $0.graph == graph && IntentDifference.between($0.intents, change.compilation.intents).isEmpty
            }
            // Attachments in another order are the same graph to everybody but `==`.
            #expect(change.plan.isEmpty == (same ?? (graph == FederationGraph(federation: graph.federation))))
            let after = Snapshot(
                federation: before.federation, epoch: "e", revision: before.revision + 1, compilation: change.compilation,
                ledger: change.ledger)
            guard case .planned(let again) = Planning.plan(graph, on: after, at: now) else {
                Issue.record("refused")
                return
            }
            #expect(again.plan.isEmpty && again.plan.gained.isEmpty && again.plan.lost.isEmpty)
            #expect(again.plan.withdrawals == 0 && again.ledger == change.ledger)
        }
    }

    @Test("the same from the same, whatever the order of dictionaries, and coded and decoded the same", arguments: 0..<80)
    func deterministic(seed: Int) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try history(seed: seed + 3000, edits: 4) { before, graph, change, now in
            var copy = FederationGraph(federation: graph.federation, pools: graph.pools, reservations: graph.reservations)
            for (name, cloud) in graph.clouds.sorted(by: { $0.key > $1.key }) { copy.clouds[name] = cloud }
            for (name, vpn) in graph.vpns.sorted(by: { $0.key > $1.key }) { copy.vpns[name] = vpn }
            guard case .planned(let again) = Planning.plan(copy, on: before, at: now) else {
                Issue.record("refused")
                return
            }
            #expect(again.plan == change.plan && again.ledger == change.ledger)
            #expect(again.compilation.intents == change.compilation.intents)
            let saved = SavedPlan(plan: change.plan, text: "federation: random\n", madeAt: 7)
            let data = try encoder.encode(saved)
            #expect(try JSONDecoder().decode(SavedPlan.self, from: data) == saved)
            #expect(try encoder.encode(JSONDecoder().decode(SavedPlan.self, from: data)) == data)
            #expect(saved.objection(to: change.plan) == nil)
            #expect(PlanText(change.plan).text == PlanText(saved.plan).text)
            #expect(change.plan.findings == change.plan.findings.sorted())
        }
    }

    @Test("no graph of the generator that keeps tenants apart is refused for a leak; where targets meet, it is", arguments: 0..<200)
    func leaks(seed: Int) throws {
        var random = RandomPolicies(seed: UInt64(seed + 5000))
        random.isIsolated = seed.isMultiple(of: 2)
        let graph = random.graph()
        guard
            case .planned(let change) = Planning.plan(
                graph, on: Snapshot(federation: graph.federation, epoch: "e", ledger: Ledger()), at: 0)
        else { return }
        let reported = change.plan.findings.contains { $0.code == .leak }
        #expect(reported == !change.compilation.targets.leaks().isEmpty)
        if random.isIsolated { #expect(!reported) }
        #expect(change.plan.refusals().contains { $0.code == .leak } == reported)
    }
}
