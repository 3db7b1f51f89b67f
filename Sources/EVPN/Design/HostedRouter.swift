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
    /// ovn-controller has installed the flows of the gateway port.
    package var isGatewayUp: Bool
    /// The gateway port came here too often of late: nothing is advertised until it has stayed.
    package var isFlapping = false
    package var provider: ProviderPort
    /// Its other gateway ports on this node: OVN spreads what leaves the router over all of them. What comes in enters by the first.
    package var further: [FurtherGateway]
    /// What is attached: tenant subnets or parts of them, and networks behind them.
    package var subnets: Set<IPPrefix>
    /// What is advertised: the subnets, addresses in them, or both.
    package var advertised: Set<IPPrefix>
    /// Of machines whose port is bound no more, or down: advertised for a moment longer, if they are. In the subnets.
    package var lapsed: Set<IPPrefix>
    /// Of these, the ones whose port is bound and down.
    package var down: Set<IPPrefix>
    /// Addresses whose answers do not come back by this node: not advertised, and nothing is let in to them.
    package var excluded: Set<IPPrefix>
    /// All networks behind the router, attached or not. Traffic to them never reaches the gateway port.
    package var connected: Set<IPPrefix>
    /// Another VPN shares it into this one. A destination that both have belongs to the other.
    package var isShared: Bool
    /// Prefixes that other VPNs share into this one. No traffic of this router goes there or comes from there, whatever is learned.
    package var refused: Set<IPPrefix>

    package init(
        id: String, vpn: VPNName, gatewayMAC: MACAddress, gatewayAddresses: [IPAddress], provider: ProviderPort,
        subnets: Set<IPPrefix>, advertised: Set<IPPrefix>, connected: Set<IPPrefix>, isShared: Bool = false,
        refused: Set<IPPrefix> = [], isGatewayUp: Bool = true, lapsed: Set<IPPrefix> = [], down: Set<IPPrefix> = [],
        excluded: Set<IPPrefix> = [], further: [FurtherGateway] = []
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
        self.isGatewayUp = isGatewayUp
        self.lapsed = lapsed
        self.down = down
        self.excluded = excluded
        self.further = further
    }

    /// The address of the gateway port that packets of a family are sent to; nil: it has none.
    package func nextHop(_ family: AddressFamily) -> IPAddress? { gatewayAddresses.filter { $0.family == family }.min() }
}

/// A gateway port by which a router's packets leave OVN.
package struct FurtherGateway: Hashable, Sendable, Codable {
    package var mac: MACAddress
    package var provider: ProviderPort

    package init(mac: MACAddress, provider: ProviderPort) {
        self.mac = mac
        self.provider = provider
    }
}

extension HostedRouter {
    /// All by which its packets leave, the one by which they come in first.
    package var exits: [FurtherGateway] { [FurtherGateway(mac: gatewayMAC, provider: provider)] + further }
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
