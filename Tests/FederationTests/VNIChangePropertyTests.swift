import Federation
import FederationModel
import NetworkTypes
import Testing

/// Policies, VNIs and time change in any order.
@Suite("VNIs that change, among everything else that changes")
struct VNIChangePropertyTests {
    private struct Place: Hashable {
        var gateway: GatewayID
        var vpn: VPNName
        var vni: VNI
    }

    private static func bindings(_ compilation: Compilation) -> [Place: Binding] {
        var all: [Place: Binding] = [:]
        for (gateway, intent) in compilation.intents {
            for (name, vpn) in intent.vpns {
                for binding in vpn.bindings { all[Place(gateway: gateway, vpn: name, vni: binding.encapsulation.vni)] = binding }
            }
        }
        return all
    }

    private static func withoutVNIs(_ graph: FederationGraph) -> FederationGraph {
        var copy = graph
        for name in copy.vpns.keys { copy.vpns[name]?.vni = nil }
        return copy
    }

    @Test("a VRF keeps its numbers as long as it is there, and no two VPNs ever have one number", arguments: 0..<200)
    func numbers(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var policies = RandomPolicies(seed: UInt64(seed))
        policies.isIsolated = true
        var graph = policies.graph()
        for name in graph.vpns.keys {
            graph.vpns[name]!.importTargets = []
            graph.vpns[name]!.exportTargets = []
            if seed.isMultiple(of: 2) { graph.vpns[name]!.routeTarget = nil }
        }
        let quarantine: Int64 = [0, 2000, 100_000].randomElement(using: &random)!
        var ledger = Ledger(pools: Pools(quarantine: quarantine))
        try ledger.allocate(for: graph, at: 0)
        var warm = try Compilation(graph, with: ledger, epoch: "e", revision: 1)
        var past: [(FederationGraph, Ledger)] = [(graph, ledger)]
        var trace: [String] = []
        for step in 1...25 {
            let now = Int64(step * 1000)
            var (next, after) = (graph, ledger)
            var isWayBack = false
            switch Int.random(in: 0..<8, using: &random) {
            case 0...1:
                guard let name = graph.vpns.keys.sorted().randomElement(using: &random) else { continue }
                let vni = UInt32.random(in: 500...505, using: &random)
                next.vpns[name]!.vni = VNI(value: vni)
                trace.append("\(step): vni \(name) \(vni)")
                do { try after.allocate(for: next, at: now) } catch { continue }
            case 2:
                policies.change(&next)
                for name in next.vpns.keys {
                    next.vpns[name]!.vni = graph.vpns[name]?.vni
                    next.vpns[name]!.importTargets = []
                    next.vpns[name]!.exportTargets = []
                }
                trace.append("\(step): change")
                do { try after.allocate(for: next, at: now) } catch { continue }
            case 3:
                let (oldGraph, oldLedger) = past.randomElement(using: &random)!
                next = oldGraph
                isWayBack = true
                trace.append("\(step): rollback")
                do { try after.allocate(for: next, at: now, preferring: oldLedger) } catch { continue }
            default:
                let steps = after.advanceVNIChanges(of: after.vniChanges.keys.filter { _ in Bool.random(using: &random) }, at: now)
                trace.append("\(step): \(steps)")
            }
            let cold = try Compilation(next, with: after, epoch: "e", revision: UInt64(step + 1))
            let before = warm
            warm = try warm.updated(to: next, with: after, revision: UInt64(step + 1))
            #expect(warm.intents == cold.intents)
            var copy = ledger
            #expect(copy.apply(LedgerDelta(from: ledger, to: after)) && copy == after)
            let (old, new) = (Self.bindings(before), Self.bindings(warm))
            #expect(warm.targets.leaks().isEmpty, "\(trace)")
            let vnis = Dictionary(grouping: new.keys, by: \.vni).mapValues { Set($0.map(\.vpn)) }
            #expect(vnis.allSatisfy { $0.value.count == 1 }, "\(trace)")
            let rds = Dictionary(grouping: new, by: \.value.routeDistinguisher)
            #expect(rds.allSatisfy { $0.value.count == 1 }, "\(trace)")
            // Policies change targets as they like.
            if Self.withoutVNIs(next) == Self.withoutVNIs(graph) {
                for (key, binding) in new {
                    // A way back may bring another VTEP address too, and that is another gateway.
                    let vteps = [before, warm].map { $0.intents[key.gateway]?.base.vtep }
                    guard let former = old[key], vteps[0] == vteps[1] else { continue }
                    // It brings the targets of then to VPNs that keep their VNI.
                    if isWayBack, ledger.vni(of: key.vpn) == after.vni(of: key.vpn) { continue }
                    #expect(binding == former, "\(key) after \(trace)")
                }
            }
            (graph, ledger) = (next, after)
            past.append((graph, ledger))
        }
    }
}
