import Federation
import NetworkTypes

/// A router of this cloud that a VPN's attachment selects and whose gateway port is bound to this node:
/// everything about it that forwarding needs.
package struct HostedRouter: Hashable, Sendable, Codable {
    /// The OpenStack id.
    package var id: String
    package var vpn: VPNName
    /// Of the gateway port, on the provider network.
    package var gatewayMAC: MACAddress
    /// Of the gateway port; at least one of a family that the subnets use.
    package var gatewayAddresses: [IPAddress]
    package var provider: ProviderPort
    /// The tenant subnets that take part.
    package var subnets: Set<IPPrefix>
    /// The bound addresses inside them, as host routes.
    package var hosts: Set<IPPrefix>

    package init(
        id: String, vpn: VPNName, gatewayMAC: MACAddress, gatewayAddresses: [IPAddress], provider: ProviderPort,
        subnets: Set<IPPrefix>, hosts: Set<IPPrefix>
    ) {
        self.id = id
        self.vpn = vpn
        self.gatewayMAC = gatewayMAC
        self.gatewayAddresses = gatewayAddresses
        self.provider = provider
        self.subnets = subnets
        self.hosts = hosts
    }
}

/// Where a router's gateway port comes out of OVN.
package struct ProviderPort: Hashable, Sendable, Codable {
    /// The bridge that the provider network is mapped to.
    package var bridge: String
    /// The OVS patch port from that bridge to br-int.
    package var patchPort: String
    package var vlan: UInt16?

    package init(bridge: String, patchPort: String, vlan: UInt16?) {
        self.bridge = bridge
        self.patchPort = patchPort
        self.vlan = vlan
    }
}
