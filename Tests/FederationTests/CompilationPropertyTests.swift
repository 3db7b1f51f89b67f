import Federation
import FederationModel
import NetworkTypes
import Testing

@Suite("Compiling, over random federations with all policies and random edits", .timeLimit(.minutes(5)))
struct CompilationPropertyTests {
    private struct State {
        var graph: FederationGraph
        var ledger: Ledger
        var compilation: Compilation
    }

    /// The graph that can be had: an edit that asks for what it cannot have is left out, as an admin would.
    private func next(
        _ federation: inout RandomPolicies, _ graph: FederationGraph, _ ledger: Ledger, at now: Int64
    ) throws -> (FederationGraph, Ledger) {
        var changed = graph
        federation.change(&changed)
        var allocated = ledger
        do {
            try allocated.allocate(for: changed, at: now)
            return (changed, allocated)
        } catch {
            return (graph, ledger)
        }
    }

    private func compile(_ graph: FederationGraph, _ ledger: Ledger, _ revision: UInt64) throws -> Compilation {
        try Compilation(graph, with: ledger, epoch: "e", revision: revision)
    }

    private func expectSame(_ one: Compilation, _ other: Compilation, _ message: Comment) {
        #expect(one.intents == other.intents, message)
        #expect(one.targets.entries == other.targets.entries, message)
        #expect(one.targets.leaks() == other.targets.leaks(), message)
        #expect(one.changedVPNs(since: other).isEmpty && other.changedVPNs(since: one).isEmpty, message)
        #expect(one.differences(since: other).isEmpty, message)
    }

    @Test("brought up to date is the same as cold, edit after edit, and what changed is told exactly", arguments: 0..<150)
    func incremental(seed: Int) throws {
        var federation = RandomPolicies(seed: UInt64(seed))
        var graph = federation.graph()
        var ledger = Ledger(pools: Pools(quarantine: 5000))
        try ledger.allocate(for: graph, at: 0)
        var warm = try compile(graph, ledger, 1)
        for step in 1...12 {
            let before = warm
            (graph, ledger) = try next(&federation, graph, ledger, at: Int64(step * 1000))
            warm = try warm.updated(to: graph, with: ledger, revision: UInt64(step + 1))
            let cold = try compile(graph, ledger, UInt64(step + 1))
            expectSame(warm, cold, "step \(step)")
            let differences = IntentDifference.between(before.intents, cold.intents)
            #expect(warm.differences(since: before) == differences, "step \(step)")
            let changed = differences.values.flatMap { $0.added + $0.changed + $0.removed }
            #expect(
                warm.changedVPNs(since: before).isSuperset(of: changed.compactMap { if case .vpn(let name) = $0 { name } else { nil } }))
            let bases = cold.intents.values.map(\.base)
            #expect(bases.allSatisfy { $0.version == $0.contentVersion })
            #expect(cold.intents.values.flatMap(\.vpns.values).allSatisfy { $0.version == $0.contentVersion })
        }
    }

    @Test(
        "who reaches whom is what the policy's words say, and nothing of one VPN comes into another but by raw targets", arguments: 0..<250)
    func meaning(seed: Int) throws {
        var federation = RandomPolicies(seed: UInt64(seed))
        federation.isIsolated = seed.isMultiple(of: 3)
        var graph = federation.graph()
        var ledger = Ledger(pools: Pools(quarantine: 5000))
        try ledger.allocate(for: graph, at: 0)
        for step in 1...4 {
            let compilation = try compile(graph, ledger, 1)
            let model = NaivePolicy(graph: graph)
            for name in graph.vpns.keys { #expect(compilation.reaches(of: name) == model.reaches(in: name), "\(name), step \(step)") }
            let leaks = compilation.targets.leaks()
            #expect(Set(leaks.map { "\($0.exporter) > \($0.importer)" }) == model.leaks(), "step \(step)")
            #expect(leaks == leaks.sorted() && Set(leaks).count == leaks.count)
            if federation.isIsolated { #expect(leaks.isEmpty) }
            expectMembers(compilation, model)
            (graph, ledger) = try next(&federation, graph, ledger, at: Int64(step * 1000))
        }
    }

    /// Every gateway has the VPNs of its cloud and no other, with the attachments, filters and limits of the graph.
    private func expectMembers(_ compilation: Compilation, _ model: NaivePolicy) {
        let graph = compilation.graph
        #expect(compilation.intents.keys.sorted() == graph.gateways)
        for (id, intent) in compilation.intents {
            #expect(Set(intent.vpns.keys) == Set(graph.vpns.keys.filter { model.takesPart(id.cloud, in: $0) }))
            #expect(intent.base.isDraining == graph.clouds[id.cloud]?.isDraining)
            #expect(intent.base.maximumPrefixes == graph.clouds[id.cloud]?.limits.prefixes)
            for (name, vpn) in intent.vpns {
                let written = graph.vpns[name]
                let own = vpn.attachments.filter(\.only.isEmpty).map(\.selector)
                let attached = (written?.attachments ?? []).filter { $0.cloud == id.cloud }.map(\.selector)
                let checks = [
                    "filters": vpn.importFilter == written?.importFilter && vpn.exportFilter == written?.exportFilter,
                    "mtu": vpn.mtu == written?.mtu,
                    "preference": vpn.localPreference == written?.localPreference,
                    "limit": vpn.maximumPrefixes == written?.maximumPrefixes ?? graph.clouds[id.cloud]?.limits.prefixesPerVPN,
                    "originated": vpn.originated == (model.role(id.cloud, in: name) == .hub ? written?.policy.transit : []),
                    "attachments": Set(own) == Set(attached),
                    "shared": vpn.attachments.contains { !$0.only.isEmpty } == model.serves(id.cloud, in: name),
                    "refused": Set(vpn.attachments.filter { !$0.only.isEmpty }.map { Set($0.refused) })
                        == Set(model.refused(id.cloud, in: name).values),
                    "refused by guests alone": vpn.attachments.allSatisfy { !$0.only.isEmpty || $0.refused.isEmpty },
                    "refused in order": vpn.attachments.allSatisfy { $0.refused == Set($0.refused).sorted() },
                    "imports": vpn.importTargets == Set(vpn.importTargets).sorted(),
                    "exports": vpn.exportTargets == Set(vpn.exportTargets).sorted(),
                ]
                let wrong = checks.filter { !$0.value }.keys.sorted()
                #expect(wrong.isEmpty, "\(name) on \(id)")
            }
        }
    }

    @Test("a way back to any older graph restores every intent bit for bit, versions too, while the quarantine lasts", arguments: 0..<100)
    func rollback(seed: Int) throws {
        var federation = RandomPolicies(seed: UInt64(seed))
        var graph = federation.graph()
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        var history = [State(graph: graph, ledger: ledger, compilation: try compile(graph, ledger, 1))]
        for step in 1...10 {
            (graph, ledger) = try next(&federation, graph, ledger, at: Int64(step * 1000))
            ledger.completeVNIChanges(at: Int64(step * 1000))
            history.append(State(graph: graph, ledger: ledger, compilation: try compile(graph, ledger, 1)))
        }
        for (step, old) in history.enumerated() {
            var back = ledger
            try back.allocate(for: old.graph, at: 20_000, preferring: old.ledger)
            back.completeVNIChanges(at: 20_000)
            let compilation = try history[10].compilation.updated(to: old.graph, with: back, revision: 1)
            #expect(compilation.intents == old.compilation.intents, "back to step \(step)")
            #expect(compilation.differences(since: old.compilation).isEmpty)
        }
    }

    @Test("the same graph compiles to the same intents, however its dictionaries and lists are ordered", arguments: 0..<60)
    func deterministic(seed: Int) throws {
        var federation = RandomPolicies(seed: UInt64(seed))
        let graph = federation.graph()
        var shuffled = graph
        shuffled.clouds = [:]
        shuffled.vpns = Dictionary(minimumCapacity: 500)
        for name in graph.clouds.keys.sorted().reversed() { shuffled.clouds[name] = graph.clouds[name] }
        for name in graph.vpns.keys.sorted().reversed() {
            shuffled.vpns[name] = graph.vpns[name]
            shuffled.vpns[name]?.attachments.reverse()
            shuffled.vpns[name]?.shares.reverse()
        }
        var (one, two) = (Ledger(), Ledger())
        try one.allocate(for: graph, at: 5)
        try two.allocate(for: shuffled, at: 5)
        #expect(one == two)
        #expect(try compile(graph, one, 1).intents == compile(shuffled, two, 1).intents)
    }
}
