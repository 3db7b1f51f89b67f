import NetworkTypes

/// One OVN cloud of the federation: an AS of its own, and the nodes that carry its tenants' traffic to other clouds.
package struct Cloud: Hashable, Sendable, Codable {
    /// Nil: allocated. Two clouds never share one, because eBGP drops routes that carry the receiver's AS.
    package var asn: ASN?
    package var bgp: BGPSettings
    /// The MTU of the network between VTEPs in bytes; nil: 1500.
    package var underlayMTU: Int?
    package var gateways: [NodeName: Gateway]

    package init(asn: ASN? = nil, bgp: BGPSettings = .init(), underlayMTU: Int? = nil, gateways: [NodeName: Gateway] = [:]) {
        self.asn = asn
        self.bgp = bgp
        self.underlayMTU = underlayMTU
        self.gateways = gateways
    }

    /// What is taken where `underlayMTU` is left out: Ethernet without jumbo frames.
    package static let defaultUnderlayMTU = 1500

    /// From what leaves a tenant the 1280 bytes that IPv6 calls for (RFC 8200) after VXLAN took its 50 (RFC 7348), up to
    /// what an IPv4 packet can be.
    package static let underlayMTURange = 1330...65535
}

/// How the gateways of a cloud get their EVPN sessions.
package struct BGPSettings: Hashable, Sendable, Codable {
    package var management: BGPManagement
    /// Where the gateways' EVPN sessions go. Empty: to the gateways of the other clouds, each with each.
    package var routeServers: [RouteServer]

    package init(management: BGPManagement = .agent, routeServers: [RouteServer] = []) {
        self.management = management
        self.routeServers = routeServers
    }
}

/// A BGP speaker that passes EVPN routes between gateways and carries no tenant traffic itself.
package struct RouteServer: Hashable, Sendable, Codable {
    /// For people.
    package var name: String?
    package var address: IPAddress
    package var asn: ASN

    package init(name: String? = nil, address: IPAddress, asn: ASN) {
        self.name = name
        self.address = address
        self.asn = asn
    }
}

/// A node of a cloud that runs an agent and has a VXLAN tunnel endpoint.
package struct Gateway: Hashable, Sendable, Codable {
    /// Reachable from the VTEPs of all other clouds, without NAT.
    package var vtep: IPv4Address
    /// Nil: allocated.
    package var routerMAC: MACAddress?
    /// Nil: allocated.
    package var probeAddress: IPv4Address?

    package init(vtep: IPv4Address, routerMAC: MACAddress? = nil, probeAddress: IPv4Address? = nil) {
        self.vtep = vtep
        self.routerMAC = routerMAC
        self.probeAddress = probeAddress
    }
}
