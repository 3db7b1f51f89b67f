import Federation
import FederationModel
import NetworkTypes
import Testing

@Suite("The ledger, over random histories of federations")
struct LedgerPropertyTests {
    /// Everything that a ledger holds for a graph, as kind, owner and value.
    private func holdings(_ ledger: Ledger, _ graph: FederationGraph) throws -> [String: [String: String]] {
        var holdings: [String: [String: String]] = [:]
        for name in graph.clouds.keys { holdings["as", default: [:]][name.text] = try #require(ledger.asn(of: name)).description }
        for name in graph.vpns.keys {
            holdings["vni", default: [:]][name.text] = try #require(ledger.vni(of: name)).description
            holdings["rt", default: [:]][name.text] = try #require(ledger.routeTarget(of: name)).description
            holdings["rd", default: [:]][name.text] = try #require(ledger.distinguisherIndex(of: name)).description
        }
        for id in graph.gateways {
            holdings["mac", default: [:]][id.description] = try #require(ledger.routerMAC(of: id)).description
            holdings["probe", default: [:]][id.description] = try #require(ledger.probeAddress(of: id)).description
        }
        return holdings
    }

    @Test("no value has two owners, none changes hands within the quarantine, and what stays keeps its values", arguments: 0..<300)
    func histories(seed: Int) throws {
        var federation = RandomFederation(seed: UInt64(seed))
        federation.asksForTakenValues = seed.isMultiple(of: 2)
        var graph = federation.graph()
        let pools = Pools(vnis: 10000...10400, quarantine: 10_000)
        var ledger = Ledger(pools: pools)
        var now: Int64 = 0
        /// When each value of each kind was last held, and by whom.
        var lastHeld: [String: [String: (owner: String, at: Int64)]] = [:]
        var before: (graph: FederationGraph, holdings: [String: [String: String]])?
        for _ in 0..<12 {
            do {
                try ledger.allocate(for: graph, at: now)
            } catch {
                // Refusals are about what the file asks for, never about what it leaves out.
                #expect(error.problems.allSatisfy { $0.value != nil })
                graph = before?.graph ?? FederationGraph(federation: graph.federation)
                try ledger.allocate(for: graph, at: now)
            }
            let holdings = try holdings(ledger, graph)
            for (kind, values) in holdings {
                #expect(Set(values.values).count == values.count, "\(kind) twice: \(values)")
                for (owner, value) in values {
                    if let last = lastHeld[kind]?[value], last.owner != owner {
                        #expect(now - last.at >= pools.quarantine, "\(kind) \(value) went from \(last.owner) to \(owner)")
                    }
                    lastHeld[kind, default: [:]][value] = (owner, now)
                }
            }
            if let before { try expectStable(from: before.graph, before.holdings, to: graph, holdings) }
            before = (graph, holdings)
            federation.change(&graph)
            now += Int64(federation.number(0...6000))
        }
    }

    private func expectStable(
        from old: FederationGraph, _ oldHoldings: [String: [String: String]], to new: FederationGraph,
        _ newHoldings: [String: [String: String]]
    ) throws {
        for (name, vpn) in new.vpns where old.vpns[name] != nil {
            if vpn.vni == nil { #expect(newHoldings["vni"]?[name.text] == oldHoldings["vni"]?[name.text]) }
            // Another VNI has another VRF, for a while beside the old one.
            guard newHoldings["vni"]?[name.text] == oldHoldings["vni"]?[name.text] else { continue }
            if vpn.routeTarget == nil { #expect(newHoldings["rt"]?[name.text] == oldHoldings["rt"]?[name.text]) }
            #expect(newHoldings["rd"]?[name.text] == oldHoldings["rd"]?[name.text])
        }
        for (name, cloud) in new.clouds where old.clouds[name] != nil && cloud.asn == nil {
            #expect(newHoldings["as"]?[name.text] == oldHoldings["as"]?[name.text])
        }
    }

    @Test("the same graph gives the same ledger, however its dictionaries are ordered", arguments: 0..<100)
    func deterministic(seed: Int) throws {
        var federation = RandomFederation(seed: UInt64(seed))
        let graph = federation.graph()
        var shuffled = FederationGraph(federation: graph.federation)
        shuffled.clouds.reserveCapacity(1000)
        for name in graph.clouds.keys.sorted().reversed() { shuffled.clouds[name] = graph.clouds[name] }
        for name in graph.vpns.keys.sorted().reversed() { shuffled.vpns[name] = graph.vpns[name] }
        var (one, two) = (Ledger(), Ledger())
        try one.allocate(for: graph, at: 5)
        try two.allocate(for: shuffled, at: 5)
        #expect(one == two)
        var again = one
        try again.allocate(for: graph, at: 6)
        #expect(again == one)
        #expect(try graph.intents(with: one, epoch: "e", revision: 1) == shuffled.intents(with: two, epoch: "e", revision: 1))
    }
}
