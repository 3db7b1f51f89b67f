import Federation
import FederationModel
import Foundation
import NetworkTypes
import Testing

@Suite("Graphs and ledgers as what they have otherwise than earlier ones", .timeLimit(.minutes(2)))
struct DeltaTests {
    private func coded<T: Codable>(_ value: T) throws -> T { try JSONDecoder().decode(T.self, from: JSONEncoder().encode(value)) }

    @Test("over random histories, what each step changes leads from the one to the other, through JSON too", arguments: 0..<10)
    func histories(seed: UInt64) throws {
        var random = RandomPolicies(seed: seed)
        var graph = random.graph()
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        var (rebuiltGraph, rebuiltLedger) = (graph, ledger)
        var held: [String: String] = [:]
        for entry in ledger.entries(of: graph) where entry.state == .held { held["\(entry.kind) \(entry.owner ?? "")"] = entry.value }
        for step in 1...40 {
            let (formerGraph, formerLedger) = (graph, ledger)
            random.change(&graph)
            var next = ledger
            // Quarantines end on the way, and reservations come and go.
            guard (try? next.allocate(for: graph, at: Int64(step) * 5 * 3_600_000)) != nil else {
                graph = formerGraph
                continue
            }
            ledger = next
            let (graphDelta, ledgerDelta) = (GraphDelta(from: formerGraph, to: graph), LedgerDelta(from: formerLedger, to: ledger))
            rebuiltGraph.apply(try coded(graphDelta))
            let isOfThis = rebuiltLedger.apply(try coded(ledgerDelta))
            #expect(isOfThis)
            #expect(rebuiltGraph == graph)
            #expect(rebuiltLedger == ledger)
            for change in ledgerDelta.holdings { held["\(change.kind) \(change.owner)"] = change.value }
            let wanted = ledger.entries(of: graph).filter { $0.state == .held }
            #expect(held == Dictionary(uniqueKeysWithValues: wanted.map { ("\($0.kind) \($0.owner ?? "")", $0.value) }))
        }
    }

    @Test("nothing changed is nothing, and one VPN of many is that VPN")
    func small() throws {
        let graph = PlanWorld(vpns: (100..<200).map { "v\($0)" }).graph
        var changed = graph
        changed.vpns[vpn("v150")]!.localPreference = 7
        #expect(try JSONEncoder().encode(GraphDelta(from: graph, to: graph)).count < 100)
        let delta = String(decoding: try JSONEncoder().encode(GraphDelta(from: graph, to: changed)), as: UTF8.self)
        #expect(delta.contains("v150") && !delta.contains("v149"))
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        #expect(try JSONEncoder().encode(LedgerDelta(from: ledger, to: ledger)).count == 2)
    }

    @Test("a change of another ledger is refused where a value would have two owners")
    func foreign() throws {
        var (one, other) = (Ledger(), Ledger())
        try one.allocate(for: PlanWorld(vpns: ["blue"]).graph, at: 0)
        try other.allocate(for: PlanWorld(vpns: ["red"]).graph, at: 0)
        let isOfThis = one.apply(LedgerDelta(from: Ledger(), to: other))
        #expect(!isOfThis)
    }

    @Test("a VNI change on its way, reservations and pools are kept")
    func rest() throws {
        var world = try PlanWorld.inForce()
        let before = world.snapshot.ledger
        world.graph.vpns[vpn("blue")]!.vni = VNI(value: 20_000)
        try world.apply()
        var after = world.snapshot.ledger
        try after.reserve(Reservation(values: .vnis(30_000...30_010), reason: "old"), at: 5)
        var rebuilt = before
        let isOfThis = rebuilt.apply(try coded(LedgerDelta(from: before, to: after)))
        #expect(isOfThis && rebuilt == after && rebuilt.secondary(of: vpn("blue")) == after.secondary(of: vpn("blue")))
        #expect(rebuilt.secondary(of: vpn("blue")) != nil)
    }
}
