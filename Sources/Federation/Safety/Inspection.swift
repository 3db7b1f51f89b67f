import FederationModel
import NetworkTypes

/// Checks a plan before its apply. Pure: uses the compilation, the ledger and agents' reports.
///
/// Findings are only about what the plan touches: an old fault elsewhere does not refuse a change. In a
/// touched VPN an old fault is a warning, a new one an error. Facts from agents about attachments are warnings at most:
/// tenants create and delete routers at any time, and must not be able to lock out the admin.
struct Inspection {
    let plan: Plan
    let old: Compilation?
    let new: Compilation
    /// The ledger in force.
    let ledgerBefore: Ledger
    let facts: [GatewayID: GatewayReport]
    /// Gateways with an old report, which may be outdated.
    let silent: Set<GatewayID>
    let book: ReportedFacts
    /// Remaining VPNs whose compiled form or graph object changes; sorted.
    let vpns: [VPNName]
    /// New and changed clouds; sorted.
    let clouds: [CloudName]
    /// VTEPs of the federation's gateways, before and after: their routes are checked with their clouds.
    let ownVTEPs: Set<IPAddress>

    /// - Parameter changed: VPNs whose compiled form changes.
    init(
        _ plan: Plan, from old: Compilation?, to new: Compilation, changed: Set<VPNName>, ledgerBefore: Ledger,
        _ facts: [GatewayID: GatewayReport], silent: Set<GatewayID> = []
    ) {
        self.silent = silent
        self.plan = plan
        self.old = old
        self.new = new
        self.ledgerBefore = ledgerBefore
        self.facts = facts
        ownVTEPs = Set([old, new].compactMap(\.self).flatMap(\.intents.values).map { .v4($0.base.vtep) })
        book = ReportedFacts(facts, of: new.graph)
        let graph = new.graph, former = old?.graph
        let vpns = graph.vpns.filter { changed.contains($0.key) || former?.vpns[$0.key] != $0.value }.keys.sorted()
        self.vpns = vpns
        clouds = graph.clouds.filter { former?.clouds[$0.key] != $0.value }.keys.sorted()
    }

    /// Sorted, each once.
    func findings() -> [Finding] {
        var findings =
            removal() + leaks() + restingTargets() + gatewayNumbers() + vpnNumbers() + autonomousSystems() + asChanges() + targets()
            + pools()
            + vniChanges() + mtu() + vpnMTUs()
        for name in vpns {
            guard let vpn = new.graph.vpns[name] else { continue }
            let addresses = AddressPlan(name, in: new, book)
            findings += overlaps(addresses, of: name) + foreignOverlaps(addresses, of: name, vpn) + transit(addresses, of: name, vpn)
            findings += attachments(of: name, vpn) + shares(of: name, vpn) + sharers(into: name) + servingSpokes(of: name, vpn)
            findings += shape(of: name, vpn)
        }
        findings += sharedByOne() + routersInSeveral() + maximums()
        return Set(findings).sorted()
    }

    /// The VPN intents of one of a cloud's gateways; all its gateways have the same attachments, targets and filters.
    static func intents(in cloud: CloudName, _ compilation: Compilation) -> [VPNName: VPNIntent] {
        guard let node = compilation.graph.clouds[cloud]?.gateways.keys.first else { return [:] }
        return compilation.intents[GatewayID(cloud: cloud, node: node)]?.vpns ?? [:]
    }

    static func intent(of vpn: VPNName, in cloud: CloudName, _ compilation: Compilation) -> VPNIntent? {
        intents(in: cloud, compilation)[vpn]
    }
}

extension Collection {
    /// The first three in full, and the number of the others.
    func told(_ words: (Element) -> String) -> String {
        prefix(3).map(words).joined(separator: "; ") + (count > 3 ? "; and \(count - 3) more" : "")
    }
}
