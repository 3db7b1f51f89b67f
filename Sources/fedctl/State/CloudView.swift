import FederationAPI
import FederationModel
import NetworkTypes

/// One cloud, with what was allocated for it where the file leaves it out.
struct CloudView: Hashable, Sendable, Encodable {
    struct GatewayView: Hashable, Sendable, Encodable {
        var gateway: GatewayID
        var vtep: String
        var routerMAC: String
        var probeAddress: String
        var state: Presence
        var connected: Bool { state == .connected }
    }

    var name: CloudName
    /// Nil where none is allocated.
    var asn: ASN?
    var management: BGPManagement
    var routeServers: [RouteServer]
    var underlayMTU: Int
    var gateways: [GatewayView]
    var vpns: [VPNName]

    init(_ name: CloudName, _ cloud: Cloud, in applied: AppliedGraph, status: FederationStatus) {
        self.name = name
        asn = cloud.asn ?? applied.allocation(.asn, of: name).flatMap { ASN($0) }
        management = cloud.bgp.management
        routeServers = cloud.bgp.routeServers
        underlayMTU = cloud.underlayMTU ?? Cloud.defaultUnderlayMTU
        let states = Dictionary(status.agents.map { ($0.gateway, $0.presence) }) { first, _ in first }
        gateways = cloud.gateways.sorted { $0.key < $1.key }.map { node, gateway in
            let id = GatewayID(cloud: name, node: node)
            return GatewayView(
                gateway: id, vtep: gateway.vtep?.description ?? applied.allocation(.vtep, of: id) ?? "",
                routerMAC: gateway.routerMAC?.description ?? applied.allocation(.routerMAC, of: id) ?? "",
                probeAddress: gateway.probeAddress?.description ?? applied.allocation(.probeAddress, of: id) ?? "",
                state: states[id] ?? .neverConnected)
        }
        vpns = (applied.graph?.vpns ?? [:]).filter { $0.value.clouds.contains(name) }.keys.sorted()
    }
}
