import FederationModel
import NetworkTypes

/// A router of this cloud that a VPN's attachments select and whose gateway port is bound to this node, as forwarding needs it.
/// A router with shared prefixes occurs once for each of its VPNs.
package struct HostedRouter: Hashable, Sendable, Codable {
    /// The OpenStack id.
    package var id: String
    package var vpn: VPNName
    /// Of the gateway port, on the provider network.
    package var gatewayMAC: MACAddress
    /// Of the gateway port; at least one of a family that the subnets use.
    package var gatewayAddresses: [IPAddress]
    package var provider: ProviderPort
    /// What is attached: tenant subnets or parts of them, and networks behind them.
    package var subnets: Set<IPPrefix>
    /// What is advertised: the subnets, addresses in them, or both.
    package var advertised: Set<IPPrefix>
    /// All networks behind the router, attached or not. Traffic to them never reaches the gateway port.
    package var connected: Set<IPPrefix>
    /// Another VPN shares it into this one. A destination that both have belongs to the other.
    package var isShared: Bool
    /// Prefixes that other VPNs share into this one. No traffic of this router goes there or comes from there, whatever is learned.
    package var refused: Set<IPPrefix>

    package init(
        id: String, vpn: VPNName, gatewayMAC: MACAddress, gatewayAddresses: [IPAddress], provider: ProviderPort,
        subnets: Set<IPPrefix>, advertised: Set<IPPrefix>, connected: Set<IPPrefix>, isShared: Bool = false,
        refused: Set<IPPrefix> = []
    ) {
        self.id = id
        self.vpn = vpn
        self.gatewayMAC = gatewayMAC
        self.gatewayAddresses = gatewayAddresses
        self.provider = provider
        self.subnets = subnets
        self.advertised = advertised
        self.connected = connected
        self.isShared = isShared
        self.refused = refused
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

    package var network: ProviderNetwork { ProviderNetwork(bridge: bridge, vlan: vlan) }
}

/// A provider network as this node has it.
package struct ProviderNetwork: Hashable, Sendable, Codable {
    package var bridge: String
    /// Nil for a flat one.
    package var vlan: UInt16?

    package init(bridge: String, vlan: UInt16?) {
        self.bridge = bridge
        self.vlan = vlan
    }
}
