import FederationModel
import NetworkTypes

/// `router bgp AS vrf NAME` as it shall be, or as bgpd's running configuration has it.
package struct VRFRouting: Hashable, Sendable, Codable {
    package var asn: ASN
    package var vrf: String
    package var routerID: IPv4Address
    package var routeDistinguisher: RouteDistinguisher?
    package var importTargets: Set<RouteTarget>
    package var exportTargets: Set<RouteTarget>
    /// The routes to originate.
    package var networks: Set<IPPrefix>
    /// What may be advertised at all: the export filter lets nothing out that does not lie in these or is one of `originated`.
    package var advertisable: Set<IPPrefix>
    /// Networks, no host routes, that may be advertised exactly as they are and lie in none of the former.
    package var originated: Set<IPPrefix>
    /// Routes go out with the GRACEFUL_SHUTDOWN community (RFC 8326). False where nothing may be advertised.
    package var isDraining: Bool
    /// What of the learned is installed, by family; a family is absent only as found, where nothing keeps anything out.
    package var installed: [AddressFamily: InstallRules]
    /// Lines in our instance that we did not write, e.g. a `redistribute` by hand, which would leak. Empty as intended.
    package var foreign: [String]

    package init(
        asn: ASN, vrf: String, routerID: IPv4Address, routeDistinguisher: RouteDistinguisher?,
        importTargets: Set<RouteTarget>, exportTargets: Set<RouteTarget>, networks: Set<IPPrefix>,
        advertisable: Set<IPPrefix>, originated: Set<IPPrefix> = [], isDraining: Bool = false,
        installed: [AddressFamily: InstallRules] = [:],
        foreign: [String] = []
    ) {
        self.asn = asn
        self.vrf = vrf
        self.routerID = routerID
        self.routeDistinguisher = routeDistinguisher
        self.importTargets = importTargets
        self.exportTargets = exportTargets
        self.networks = networks
        self.advertisable = advertisable
        self.originated = originated
        self.isDraining = isDraining
        self.installed = installed
        self.foreign = foreign
    }
}

/// BGP without any VRF, as it shall be or as it is.
package struct BaseRouting: Hashable, Sendable, Codable {
    package var asn: ASN
    package var routerID: IPv4Address
    package var peers: Set<EVPNNeighbour>
    package var preferences: Set<VPNPreference>

    package init(asn: ASN, routerID: IPv4Address, peers: Set<EVPNNeighbour>, preferences: Set<VPNPreference> = []) {
        self.asn = asn
        self.routerID = routerID
        self.peers = peers
        self.preferences = preferences
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

/// The local preference that a VPN's routes get as they come in.
package struct VPNPreference: Hashable, Sendable, Codable {
    /// The local number of the VPN with its VNI.
    package var index: Int
    /// Those that it imports; never empty.
    package var targets: Set<RouteTarget>
    package var localPreference: UInt32

    package init(index: Int, targets: Set<RouteTarget>, localPreference: UInt32) {
        self.index = index
        self.targets = targets
        self.localPreference = localPreference
    }
}
