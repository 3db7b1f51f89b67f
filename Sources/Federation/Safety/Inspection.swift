import FederationModel
import NetworkTypes

/// Looks at a plan before it is applied. Pure: what was compiled, what is allocated, and what agents report.
///
/// Findings are about what the plan touches. What was so before and stays so is no reason to refuse a change somewhere else; where a
/// touched VPN had a fault before, that is a warning, and a new one an error. What agents report of attachments is a warning at most:
/// tenants make and delete routers when they like, and must not be able to lock the admin out.
struct Inspection {
    let plan: Plan
    let old: Compilation?
    let new: Compilation
    /// The ledger in force.
    let ledgerBefore: Ledger
    let facts: [GatewayID: GatewayReport]
    /// Gateways whose report is an old one: what it says may not be so any more.
    let silent: Set<GatewayID>
    let book: FactBook
    /// VPNs whose compiled form or whose words in the graph change, of those that stay; sorted.
    let vpns: [VPNName]
    /// Clouds that are new or change, of those that stay; sorted.
    let clouds: [CloudName]
    /// Those of the federation's gateways, before and after: what they send is looked at with their clouds.
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
        book = FactBook(facts, of: new.graph)
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
            + vniChanges() + mtu()
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

    /// What one of a cloud's gateways does for each VPN; all of them have the same attachments, targets and filters.
    static func intents(in cloud: CloudName, _ compilation: Compilation) -> [VPNName: VPNIntent] {
        guard let node = compilation.graph.clouds[cloud]?.gateways.keys.first else { return [:] }
        return compilation.intents[GatewayID(cloud: cloud, node: node)]?.vpns ?? [:]
    }

    static func intent(of vpn: VPNName, in cloud: CloudName, _ compilation: Compilation) -> VPNIntent? {
        intents(in: cloud, compilation)[vpn]
    }
}

extension Collection {
    /// The first three in full, and how many more like them.
    func told(_ words: (Element) -> String) -> String {
        prefix(3).map(words).joined(separator: "; ") + (count > 3 ? "; and \(count - 3) more like them" : "")
    }
}
