import FederationModel
import NetworkTypes

/// The base intents of all gateways: their identity and their BGP sessions.
struct BaseIntents {
    private(set) var intents: [GatewayID: BaseIntent] = [:]

    /// - Throws: If the ledger has no value for a cloud or a gateway; reports the first one by name.
    init(_ graph: FederationGraph, _ ledger: Ledger, _ sites: [CloudName: CompiledSite]) throws(CompilationError) {
        let names = graph.clouds.keys.sorted()
        var autonomousSystems: [CloudName: ASN] = [:]
        for name in names { autonomousSystems[name] = try ledger.asn(of: name).allocated("AS", name) }
        let mesh = Mesh(graph, autonomousSystems, sites)
        for name in names {
            guard let cloud = graph.clouds[name], let site = sites[name], let asn = autonomousSystems[name] else { continue }
            let peers = mesh.peers(of: name)
            for (id, vtep) in site.gateways {
                var base = BaseIntent(
                    version: "", asn: asn, vtep: vtep, routerMAC: try ledger.routerMAC(of: id).allocated("router MAC", id),
                    probeAddress: try ledger.probeAddress(of: id).allocated("probe address", id),
                    management: cloud.bgp.management, peers: peers, underlayMTU: cloud.underlayMTU ?? Cloud.defaultUnderlayMTU,
                    isDraining: cloud.isDraining, maximumPrefixes: cloud.limits.prefixes,
                    filtersVXLAN: cloud.filtersVXLAN, failureDetection: cloud.bgp.failureDetection, maximumHops: cloud.bgp.maximumHops,
                    onSouthboundLoss: cloud.lossPolicy)
                base.version = base.contentVersion
                intents[id] = base
            }
        }
    }

    /// Whether graph and ledger still hold the values that these were compiled from.
    static func agree(_ intents: [GatewayID: GatewayIntent], with graph: FederationGraph, _ ledger: Ledger) -> Bool {
        intents.allSatisfy { id, intent in
            ledger.asn(of: id.cloud) == intent.base.asn && ledger.routerMAC(of: id) == intent.base.routerMAC
                && ledger.probeAddress(of: id) == intent.base.probeAddress
                && graph.vtep(of: id, with: ledger) == .v4(intent.base.vtep)
        }
    }
}

extension Cloud {
    /// A gateway that is alone has nobody to leave its routers to.
    fileprivate var lossPolicy: SouthboundLoss { onSouthboundLoss == .withdraw && gateways.count < 2 ? .keep : onSouthboundLoss }
}
