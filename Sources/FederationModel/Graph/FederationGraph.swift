import NetworkTypes

/// The desired federation as its admin wrote it: clouds with their gateways, and the VPNs that span them.
///
/// A value that the admin left out is nil here. It stays nil: what is allocated in its place stands in the `Ledger`,
/// so that the graph can always be given back as it was written.
package struct FederationGraph: Hashable, Sendable, Codable {
    package var federation: FederationID
    package var pools: PoolSettings
    package var reservations: [Reservation]
    package var clouds: [CloudName: Cloud]
    package var vpns: [VPNName: VPN]

    package init(
        federation: FederationID, pools: PoolSettings = .init(), reservations: [Reservation] = [], clouds: [CloudName: Cloud] = [:],
        vpns: [VPNName: VPN] = [:]
    ) {
        self.federation = federation
        self.pools = pools
        self.reservations = reservations
        self.clouds = clouds
        self.vpns = vpns
    }

    /// All gateways, ordered by cloud and node.
    package var gateways: [GatewayID] {
        clouds.flatMap { name, cloud in cloud.gateways.keys.map { GatewayID(cloud: name, node: $0) } }.sorted()
    }

    package subscript(gateway: GatewayID) -> Gateway? { clouds[gateway.cloud]?.gateways[gateway.node] }
}
