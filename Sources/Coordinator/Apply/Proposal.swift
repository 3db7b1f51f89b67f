import Federation
import FederationAPI
import FederationFile
import FederationModel

/// What a text or an old graph makes of the revision in force: the deciding half of an apply. Pure.
package struct Proposal: Sendable {
    package var text: String
    /// Nil where the text has errors.
    package var graph: FederationGraph?
    /// Of the text.
    package var diagnostics: [Diagnostic]
    /// Nil where the text has errors. Where no plan can be made, it has the findings that say why and nothing else.
    package var plan: Plan?
    /// What may be committed; nil where it is refused.
    package var change: PlannedChange?

    /// What is looked at beside the graph.
    package struct Facts: Sendable {
        package var reports: [GatewayID: GatewayReport]
        /// Gateways whose report is an old one.
        package var silent: Set<GatewayID>
        /// Milliseconds since 1970.
        package var now: Int64
        /// How many reaches or prefixes may be lost.
        package var yesRemove: Int
        /// Nothing but a leak refuses it: what was in force once comes back with its faults.
        package var takesFaults = false

        /// - Parameter reports: none: nothing that only agents know is looked at.
        package init(
            reports: [GatewayID: GatewayReport] = [:], silent: Set<GatewayID> = [], now: Int64, yesRemove: Int = 0,
            takesFaults: Bool = false
        ) {
            self.reports = reports
            self.silent = silent
            self.now = now
            self.yesRemove = yesRemove
            self.takesFaults = takesFaults
        }
    }

    /// Of a federation file.
    package init(text: String, fileName: String, on current: Revision, _ facts: Facts) {
        let reading = FederationYAML.read(text: text, fileName: fileName)
        self.init(text: text, graph: reading.graph, diagnostics: reading.diagnostics, on: current, facts, preferring: nil)
    }

    /// Of a revision that was in force once: its allocations are taken again where they are free.
    package init(restoring former: RevisionRecord, on current: Revision, _ facts: Facts) {
        let graph = former.graph ?? FederationGraph(federation: current.federation)
        let text = former.graph == nil ? FederationYAML.write(graph) : former.text
        self.init(text: text, graph: graph, diagnostics: [], on: current, facts, preferring: former.ledger)
    }

    private init(
        text: String, graph: FederationGraph?, diagnostics: [Diagnostic], on current: Revision, _ facts: Facts, preferring: Ledger?
    ) {
        self.text = text
        self.graph = graph
        self.diagnostics = diagnostics
        guard let graph else { return }
        let outcome = Planning.plan(
            graph, on: current.snapshot, facts: facts.reports, silent: facts.silent, at: facts.now, preferring: preferring)
        switch outcome {
        case .refused(let findings): plan = Plan(federation: current.federation, base: current.number, findings: findings)
        case .planned(var change):
            change.plan.changesText = text != current.text
            plan = change.plan
            let refusals = change.plan.refusals(granting: facts.yesRemove)
            if refusals.allSatisfy({ facts.takesFaults && $0.code != .leak }) { self.change = change }
        }
    }

    /// The same text and the same graph are in force already.
    package func isNothing(on current: Revision) -> Bool {
        graph == current.graph && plan?.changesNothing == true
    }
}

extension Revision {
    /// As planning looks at it.
    package var snapshot: Snapshot {
        Snapshot(federation: federation, epoch: epoch, revision: number, text: text, compilation: compilation, ledger: ledger)
    }
}

extension ChangeSize {
    package init(_ plan: Plan) {
        self.init()
        added = plan.objects.count { $0.kind == .added }
        changed = plan.objects.count { $0.kind == .changed }
        removed = plan.objects.count { $0.kind == .removed }
        gateways = plan.affected.count
        gained = plan.gained.count
        lost = plan.lost.count
    }
}
