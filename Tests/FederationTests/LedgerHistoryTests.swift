import Federation
import FederationModel
import NetworkTypes
import Testing

@Suite("The ledger, over random histories with all policies", .timeLimit(.minutes(5)))
struct LedgerHistoryTests {
    @Test("no value has two owners, none changes hands within the quarantine, and what stays keeps its own", arguments: 0..<150)
    func histories(seed: Int) throws {
        var federation = RandomPolicies(seed: UInt64(seed))
        var graph = federation.graph()
        var ledger = Ledger(pools: Pools(quarantine: 7000))
        var now: Int64 = 0
        try ledger.allocate(for: graph, at: now)
        /// When each value of a kind was last held, and by whom; those that only the file ever gave a VTEP are free to move.
        var lastHeld: [String: (owner: String, at: Int64)] = [:]
        for _ in 0..<12 {
            var holders: [String: String] = [:]
            for entry in ledger.entries(of: graph) where entry.state == .held {
                let key = "\(entry.kind) \(entry.value)"
                let owner = try #require(entry.owner)
                #expect(holders.updateValue(owner, forKey: key) == nil, "\(key) twice")
                if let last = lastHeld[key], last.owner != owner {
                    #expect(now - last.at >= 7000, "\(key) went from \(last.owner) to \(owner)")
                }
                lastHeld[key] = (owner, now)
                #expect((entry.since ?? .max) <= now)
            }
            for entry in ledger.entries(of: graph) where entry.state == .quarantined {
                #expect(holders["\(entry.kind) \(entry.value)"] == nil)
            }
            // Nobody's probe address is somebody's VTEP.
            let vteps = Set(graph.gateways.compactMap { ledger.vtep(of: $0) })
            #expect(vteps.isDisjoint(with: graph.gateways.compactMap { ledger.probeAddress(of: $0) }))
            #expect(vteps.count == graph.gateways.count)

            var changed = graph
            federation.change(&changed)
            now += Int64(federation.number(0...4000))
            var next = ledger
            do throws(AllocationError) {
                try next.allocate(for: changed, at: now)
            } catch {
                #expect(error.problems.allSatisfy { $0.value != nil }, "only what the file asks for is refused")
                #expect(next == ledger)
                continue
            }
            expectStable(ledger, graph, next, changed)
            var again = next
            try again.allocate(for: changed, at: now)
            #expect(again == next)
            (ledger, graph) = (next, changed)
        }
    }

    private func expectStable(_ old: Ledger, _ before: FederationGraph, _ new: Ledger, _ after: FederationGraph) {
        for (name, vpn) in after.vpns where before.vpns[name] != nil {
            if vpn.vni == nil { #expect(new.vni(of: name) == old.vni(of: name)) }
            // Another VNI has another VRF, for a while beside the old one.
            guard new.vni(of: name) == old.vni(of: name) else { continue }
            if vpn.routeTarget == nil { #expect(new.routeTarget(of: name) == old.routeTarget(of: name)) }
            #expect(new.distinguisherIndex(of: name) == old.distinguisherIndex(of: name))
            for owner in [.spoke(name)] + after.clouds.keys.map({ TargetOwner.cloud(name, $0) }) {
                guard let target = old.routeTarget(of: owner), let now = new.routeTarget(of: owner) else { continue }
                #expect(target == now)
            }
        }
        for id in after.gateways where before[id] != nil {
            if after[id]?.vtep == nil, before[id]?.vtep == nil { #expect(new.vtep(of: id) == old.vtep(of: id)) }
            #expect(new.routerMAC(of: id) == old.routerMAC(of: id))
            #expect(new.probeAddress(of: id) == old.probeAddress(of: id))
        }
    }
}
