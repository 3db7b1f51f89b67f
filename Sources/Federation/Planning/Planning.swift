import FederationModel
import NetworkTypes

/// Plans from a graph and the state in force. Pure: facts and time are parameters.
package enum Planning {
    /// The result of planning.
    package enum Outcome: Sendable {
        /// What an apply commits, unless there are errors: `plan.refusals()`.
        case planned(PlannedChange)
        /// No plan can be made. Sorted.
        case refused([Finding])
    }

    /// - Parameters:
    ///   - facts: Reports of agents. Without them there are fewer findings.
    ///   - silent: Gateways with an old report.
    ///   - now: milliseconds since 1970.
    ///   - older: A ledger whose values are reused if free; for rollbacks.
    package static func plan(
        _ graph: FederationGraph, on base: Snapshot, facts: [GatewayID: GatewayReport] = [:], silent: Set<GatewayID> = [], at now: Int64,
        preferring older: Ledger? = nil
    ) -> Outcome {
        // Certificates contain the federation's name; a file of another federation would lock out every agent.
        guard graph.federation == base.federation else {
            return .refused([
                Finding(
                    .error, .wrongFederation, path: "federation",
                    reason: "this coordinator serves federation \(base.federation), not \(graph.federation)",
                    remedy: "write federation: \(base.federation), or connect to the coordinator of \(graph.federation)")
            ])
        }
        var ledger = base.ledger
        do throws(AllocationError) {
            try ledger.allocate(for: graph, at: now, preferring: older)
        } catch {
            return .refused(error.problems.map(Finding.init(_:)).sorted())
        }
        do throws(CompilationError) {
            let compilation = try compile(graph, ledger, on: base)
            return .planned(
                PlannedChange(plan: plan(compilation, on: base, facts, silent), compilation: compilation, ledger: ledger))
        } catch {
            return .refused([Finding(error)])
        }
    }

    private static func compile(
        _ graph: FederationGraph, _ ledger: Ledger, on base: Snapshot
    ) throws(CompilationError) -> Compilation {
        guard let old = base.compilation else {
            return try Compilation(graph, with: ledger, epoch: base.epoch, revision: base.revision + 1)
        }
        return try old.updated(to: graph, with: ledger, revision: base.revision + 1)
    }

    private static func plan(
        _ compilation: Compilation, on base: Snapshot, _ facts: [GatewayID: GatewayReport], _ silent: Set<GatewayID>
    ) -> Plan {
        let old = base.compilation
        let differences = old.map { compilation.differences(since: $0) } ?? IntentDifference.between([:], compilation.intents)
        let vpns = old.map { compilation.changedVPNs(since: $0) } ?? Set(compilation.graph.vpns.keys)
        var plan = Plan(federation: base.federation, base: base.revision)
        plan.objects = GraphChange.between(old?.graph, compilation.graph, differences)
        plan.gateways = GatewayChange.between(old?.intents ?? [:], compilation.intents, differences)
        for vpn in vpns {
            let before = old?.reaches(of: vpn) ?? [], after = compilation.reaches(of: vpn)
            plan.gained += after.subtracting(before)
            plan.lost += before.subtracting(after)
        }
        plan.gained.sort()
        plan.lost.sort()
        plan.withdrawals = Withdrawals(of: differences, from: old?.intents ?? [:], to: compilation.intents, facts).count
        plan.findings =
            Inspection(plan, from: old, to: compilation, changed: vpns, ledgerBefore: base.ledger, facts, silent: silent).findings()
        return plan
    }
}

extension Finding {
    /// The compiler's refusal.
    fileprivate init(_ error: CompilationError) {
        let path = GatewayID(error.owner).map { $0.path("vtep") } ?? error.owner
        self.init(
            .error, .notCompilable, path: path, reason: error.description,
            remedy: "give every gateway an IPv4 VTEP address; if it has one, report this as a bug")
    }
}
