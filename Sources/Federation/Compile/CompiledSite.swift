import FederationModel
import NetworkTypes

/// A cloud in the eyes of its VPNs. A reference, so that thousands of VPNs hold it at the cost of one.
final class CompiledSite: Sendable {
    let asn: ASN
    let labels: Labels
    /// Tunnels of its gateways are taken from members' VTEPs only.
    let filtersVXLAN: Bool
    let prefixesPerVPN: Int?
    /// By node.
    let gateways: [(id: GatewayID, vtep: IPv4Address)]
    /// Its gateways as others take their routes, default routes not among them.
    let origins: [RouteOrigin]

    /// - Throws: Where it has no AS, or a gateway no VTEP address that EVPN of today can use.
    init(_ name: CloudName, _ cloud: Cloud, _ ledger: Ledger) throws(CompilationError) {
        asn = try ledger.asn(of: name).allocated("AS", name)
        labels = cloud.labels
        filtersVXLAN = cloud.filtersVXLAN
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
        origins = gateways.map { [asn] in RouteOrigin(vtep: $0.vtep, asn: asn) }
    }

    func isSame(as other: CompiledSite) -> Bool {
        asn == other.asn && labels == other.labels && filtersVXLAN == other.filtersVXLAN && prefixesPerVPN == other.prefixesPerVPN
            && gateways.elementsEqual(other.gateways, by: ==)
    }
}
