import NetworkTypes

/// A cloud in the eyes of its VPNs. A reference, so that thousands of VPNs hold it at the cost of one.
final class CompiledSite: Sendable {
    let labels: Labels
    let prefixesPerVPN: Int?
    /// By node.
    let gateways: [(id: GatewayID, vtep: IPv4Address)]

    /// - Throws: Where a gateway has no VTEP address that EVPN of today can use.
    init(_ name: CloudName, _ cloud: Cloud, _ ledger: Ledger) throws(CompilationError) {
        labels = cloud.labels
        prefixesPerVPN = cloud.limits.prefixesPerVPN
        var gateways: [(id: GatewayID, vtep: IPv4Address)] = []
        for (node, gateway) in cloud.gateways.sorted(by: { $0.key < $1.key }) {
            let id = GatewayID(cloud: name, node: node)
            switch gateway.vtep {
            case .v4(let vtep): gateways.append((id, vtep))
            case .v6: throw CompilationError(what: "IPv4 VTEP address", owner: id.description)
            case nil: gateways.append((id, try ledger.vtep(of: id).allocated("VTEP address", id)))
            }
        }
        self.gateways = gateways
    }

    func isSame(as other: CompiledSite) -> Bool {
        labels == other.labels && prefixesPerVPN == other.prefixesPerVPN && gateways.elementsEqual(other.gateways, by: ==)
    }
}
