import NetworkTypes

/// `router bgp AS vrf NAME` as it shall be, or as bgpd's running configuration has it.
package struct VRFRouting: Hashable, Sendable, Codable {
    package var asn: ASN
    package var vrf: String
    package var routerID: IPv4Address
    package var routeDistinguisher: RouteDistinguisher?
    package var importTargets: Set<RouteTarget>
    package var exportTargets: Set<RouteTarget>
    /// The host routes to originate.
    package var networks: Set<IPPrefix>
    /// What may be advertised at all: the export filter lets nothing out that does not lie in these.
    package var advertisable: Set<IPPrefix>
    /// Lines in our instance that we did not write, e.g. a `redistribute` by hand, which would leak. Empty as intended.
    package var foreign: [String]

    package init(
        asn: ASN, vrf: String, routerID: IPv4Address, routeDistinguisher: RouteDistinguisher?,
        importTargets: Set<RouteTarget>, exportTargets: Set<RouteTarget>, networks: Set<IPPrefix>,
        advertisable: Set<IPPrefix>, foreign: [String] = []
    ) {
        self.asn = asn
        self.vrf = vrf
        self.routerID = routerID
        self.routeDistinguisher = routeDistinguisher
        self.importTargets = importTargets
        self.exportTargets = exportTargets
        self.networks = networks
        self.advertisable = advertisable
        self.foreign = foreign
    }
}

/// BGP without any VRF, as it shall be or as it is.
package struct BaseRouting: Hashable, Sendable, Codable {
    package var asn: ASN
    package var routerID: IPv4Address
    package var peers: Set<EVPNNeighbour>

    package init(asn: ASN, routerID: IPv4Address, peers: Set<EVPNNeighbour>) {
        self.asn = asn
        self.routerID = routerID
        self.peers = peers
    }
}

package struct EVPNNeighbour: Hashable, Sendable, Codable {
    package var address: IPAddress
    package var asn: ASN
    package var name: String

    package init(address: IPAddress, asn: ASN, name: String) {
        self.address = address
        self.asn = asn
        self.name = name
    }
}
