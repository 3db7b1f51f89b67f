import FederationModel
import NetworkTypes

/// What VPNs need of a cloud. A reference type, so that thousands of VPNs can share it.
final class CompiledSite: Sendable {
    let asn: ASN
    let labels: Labels
    /// Its gateways accept tunnels only from members' VTEPs.
    let filtersVXLAN: Bool
    let limits: CloudLimits
    /// By node.
    let gateways: [(id: GatewayID, vtep: IPv4Address)]
    /// Its gateways as origins of routes, without default routes.
    let origins: [RouteOrigin]

    /// - Throws: If it has no AS, or a gateway has no usable VTEP address.
    init(_ name: CloudName, _ cloud: Cloud, _ ledger: Ledger) throws(CompilationError) {
        asn = try ledger.asn(of: name).allocated("AS", name)
        labels = cloud.labels
        filtersVXLAN = cloud.filtersVXLAN
        limits = cloud.limits
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
        var origins: [RouteOrigin] = []
        for gateway in gateways {
            let probe = try ledger.probeAddress(of: gateway.id).allocated("probe address", gateway.id)
            origins.append(RouteOrigin(vtep: gateway.vtep, asn: asn, cloud: name, probeAddress: probe))
        }
        self.origins = origins
    }

    func isSame(as other: CompiledSite) -> Bool {
        asn == other.asn && labels == other.labels && filtersVXLAN == other.filtersVXLAN && limits == other.limits
            && gateways.elementsEqual(other.gateways, by: ==) && origins == other.origins
    }
}
