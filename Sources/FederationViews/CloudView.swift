import FederationAPI
import FederationModel
import NetworkTypes

/// One cloud, with what was allocated for it where the file leaves it out.
package struct CloudView: Hashable, Sendable, Encodable {
    package struct GatewayView: Hashable, Sendable, Encodable {
        package var gateway: GatewayID
        package var vtep: String
        package var routerMAC: String
        package var probeAddress: String
        package var state: Presence
        package var connected: Bool { state == .connected }
    }

    package var name: CloudName
    /// Nil where none is allocated.
    package var asn: ASN?
    package var management: BGPManagement
    package var routeServers: [RouteServer]
    package var underlayMTU: Int
    package var gateways: [GatewayView]
    package var vpns: [VPNName]

    package init(_ name: CloudName, _ cloud: Cloud, in applied: AppliedGraph, status: FederationStatus) {
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
