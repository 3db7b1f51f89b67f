import FederationModel
import NetworkTypes

/// A route in a VPN's VRF from no gateway that may export to the VPN, or one that its origin does not announce.
///
/// Anybody who can reach a bgpd of the federation can send a route with any route target, distinguisher and path. So a route counts as its
/// origin's only if distinguisher, next hop and origin AS belong to one gateway that reports the prefix as advertised.
package struct Intruder: Hashable, Sendable, Codable {
    /// Why it is an intruder; the first mismatch.
    package enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        /// The next hop is not a gateway's VTEP and not an allowed external origin.
        case unknownVTEP = "unknown-vtep"
        /// The next hop is the VTEP of a gateway that may not export to the VPN.
        case notMember = "not-a-member"
        /// The next hop may export to the VPN, but the distinguisher belongs to another gateway.
        case foreignDistinguisher = "foreign-rd"
        /// The next hop may export to the VPN, but the distinguisher is not allocated.
        case unknownDistinguisher = "unknown-rd"
        /// Distinguisher and next hop match, but the path begins in another AS.
        case foreignAS = "foreign-as"
        /// Everything matches the origin, but it does not advertise the prefix.
        case notAdvertised = "not-advertised"
        /// The origin's bgpd advertises it, but it is in neither OVN nor the intent.
        case unexpected
    }

    /// The gateway where it was seen.
    package var gateway: GatewayID
    package var prefix: IPPrefix
    /// The VTEP that would receive packets.
    package var nextHop: IPAddress
    /// Nil if no received route matches.
    package var routeDistinguisher: RouteDistinguisher?
    /// The origin AS of the path. Nil together with the distinguisher.
    package var originAS: UInt32?
    /// The gateway with the next hop as VTEP.
    package var announcer: GatewayID?
    package var reason: Reason
    /// Whether the kernel forwards to it.
    package var isInstalled: Bool

    package init(
        gateway: GatewayID, prefix: IPPrefix, nextHop: IPAddress, routeDistinguisher: RouteDistinguisher?, originAS: UInt32?,
        announcer: GatewayID?, reason: Reason, isInstalled: Bool
    ) {
        self.gateway = gateway
        self.prefix = prefix
        self.nextHop = nextHop
        self.routeDistinguisher = routeDistinguisher
        self.originAS = originAS
        self.announcer = announcer
        self.reason = reason
        self.isInstalled = isInstalled
    }
}
