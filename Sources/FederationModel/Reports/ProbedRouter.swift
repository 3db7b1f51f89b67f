import NetworkTypes

/// The router of OVN through which other gateways probe a gateway in a VPN.
package struct ProbedRouter: Hashable, Sendable, Codable {
    /// The OpenStack id.
    package var id: String
    /// Those that it routes.
    package var families: [AddressFamily]
    /// What is behind it. Packets to other routers' subnets do not take its way.
    package var subnets: [IPPrefix]

    package init(id: String, families: [AddressFamily], subnets: [IPPrefix]) {
        self.id = id
        self.families = families
        self.subnets = subnets
    }
}
