import NetworkTypes
import OVSDB

/// A router of the cloud with its ports: a projection that changes only if something relevant changes.
package struct RouterView: Hashable, Sendable, Codable {
    /// The OpenStack id, or the northbound name if it has no id.
    package let id: String
    /// The tenant's name for it, not unique; the id if not set.
    package var name: String
    /// The Keystone project whose router it is, by its ports in tenants' networks (OVN's router row does not tell); nil if it has
    /// none, and where they are of several projects.
    package let project: String?
    /// The southbound row.
    package let datapath: OVSDBUUID
    package let northboundUUID: OVSDBUUID
    /// False for an l3gateway router, which lives on one chassis with all its ports.
    package let isDistributed: Bool
    /// Of the northbound row; empty until the northbound replica holds it.
    package var labels: [String: String]
    /// `KEY=VALUE` of the rows of its ports' peers, sorted; nil: there are none. Neutron replaces a router's `external_ids` whenever it updates the
    /// router, and merges those of a port.
    package var portLabels: [String]?
    /// Sorted by logical port. Neutron may give a router several.
    package var gateways: [GatewayPort]
    /// All other router ports, sorted by logical port; several may stand in one network.
    package var interfaces: [RouterInterface]
    /// Sorted by row. Empty until the northbound replica holds the router.
    package var natRules: [NATRule]
    /// Addresses of load balancers of the router that lie in its networks, sorted.
    package var balanced: [IPAddress]
    /// By destination, of the main table, sorted: the default routes and the tenant's extra routes.
    package var staticRoutes: [StaticRoute]
    /// By source, of the main table, sorted. Neutron makes none.
    package var sourceRoutes: [StaticRoute]
    /// In the order in which they are asked.
    package var policies: [RouterPolicy]
    /// Those of its ports that an admin has disabled, sorted: OVN goes on as if they were not there.
    package var disabledPorts: [DisabledRouterPort]

    /// Whether a gateway port of it is bound to this chassis.
    package func isHosted(by chassis: String) -> Bool { gateways.contains { $0.chassis == chassis } }

    package func gateways(on chassis: String) -> [GatewayPort] { gateways.filter { $0.chassis == chassis } }

    /// The chassis responsible for the router if several host a gateway port of it: that of the first bound one.
    /// Every agent computes the same answer; nil while none is bound.
    package var speaker: String? { gateways.lazy.compactMap(\.chassis).first }

    /// The networks behind the router, each once, sorted.
    package var subnets: [IPPrefix] { Set(interfaces.flatMap(\.subnets)).sorted() }

    /// Whether packets to unknown destinations of a family are sent to the gateway's network at all: without it
    /// nothing federated leaves the router, however right the rest is.
    package func hasDefaultRoute(_ family: AddressFamily) -> Bool {
        staticRoutes.contains { $0.prefix.length == 0 && $0.prefix.family == family }
    }
}

/// A router port that joins the provider network from one chassis.
package struct GatewayPort: Hashable, Sendable, Codable {
    /// `lrp-<port id>`.
    package let logicalPort: String
    /// The chassis that has claimed it, by name; nil while none has.
    package var chassis: String?
    /// False while the claimed port's flows are not yet installed.
    package var isUp: Bool
    package let mac: MACAddress
    /// The router's own addresses in the provider network.
    package let addresses: [InterfaceAddress]
    /// Nil if the port has no peer switch.
    package let network: NetworkIdentity?
    /// The provider network's physical attachments, one per segment. A node uses the one with a physical network that it maps.
    package let localnets: [LocalnetPort]
    /// What its port on the network's side says of BGPVPNs; nil: nothing.
    package var bgpvpns: [BGPVPNMark]?

    /// The way to the wire on a node with these bridge mappings (physical network → bridge).
    package func localnet(mappedBy mappings: [String: String]) -> LocalnetPort? {
        localnets.first { mappings[$0.physicalNetwork] != nil }
    }
}

/// A router port in a tenant's network.
package struct RouterInterface: Hashable, Sendable, Codable {
    /// `lrp-<port id>`.
    package let logicalPort: String
    package let mac: MACAddress
    /// All of them: Neutron puts several IPv6 subnets on one port.
    package let addresses: [InterfaceAddress]
    /// Nil if the port leads to another router.
    package let network: NetworkIdentity?
    /// The bound ports with addresses in the subnets of this interface, sorted by logical port.
    package var hosts: [Host]
    /// The same of ports that are there and bound nowhere.
    package var unbound: [Host]
    /// What its port on the network's side says of BGPVPNs; nil: nothing.
    package var bgpvpns: [BGPVPNMark]?

    package var subnets: [IPPrefix] { addresses.map(\.prefix) }
}

/// A port of a VM or of a machine outside of OVN, or a virtual address, with its addresses.
package struct Host: Hashable, Sendable, Codable {
    /// The Neutron port id.
    package let logicalPort: String
    /// The port's name; nil if it has none.
    package let name: String?
    /// The Keystone project of the port; nil if unknown in OVN.
    package let project: String?
    /// Where it runs, by name; nil: nowhere that OVN knows, or an admin has taken the port down.
    package var chassis: String?
    /// Whether an admin has taken the port down; nil: the northbound database, which tells, was not read.
    package var isDisabled: Bool?
    /// False between the claim and its flows' being installed, and when the port went down while bound.
    package let isUp: Bool
    /// northd copies them from the northbound row.
    package let labels: [String: String]
    /// What they say of BGPVPNs; nil: nothing.
    package var bgpvpns: [BGPVPNMark]?
    /// Only those in the interface's subnets, in the port's order, each once.
    package let addresses: [IPAddress]
    /// Further ones in these subnets that it may have (allowed address pairs) and that are of no other port. Sorted.
    package var allowed: [IPAddress]
}
