import FederationModel
import NetworkTypes

/// A route in a VPN's VRF that is of nobody who may export to the VPN, or that its origin does not announce.
///
/// Anybody who reaches a bgpd of the federation can send a route with any route target, distinguisher and path. So a route counts as its
/// origin's only if distinguisher, next hop and origin AS are of one gateway, and that gateway reports to advertise the prefix.
package struct Intruder: Hashable, Sendable, Codable {
    /// What gives it away; the first that is wrong.
    package enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        /// The next hop is no gateway's VTEP, and no origin outside of the federation that the VPN allows.
        case unknownVTEP = "unknown-vtep"
        /// The next hop is the VTEP of a gateway that may not export to the VPN.
        case notMember = "not-a-member"
        /// The next hop may export to the VPN; the distinguisher is another gateway's.
        case foreignDistinguisher = "foreign-rd"
        /// The next hop may export to the VPN; the distinguisher is nobody's.
        case unknownDistinguisher = "unknown-rd"
        /// Distinguisher and next hop are one gateway's, and the path begins in another AS.
        case foreignAS = "foreign-as"
        /// All is the origin's, and it does not advertise the prefix.
        case notAdvertised = "not-advertised"
        /// The origin's bgpd advertises it, but neither OVN nor the intent has it there.
        case unexpected
    }

    /// At whom it was seen.
    package var gateway: GatewayID
    package var prefix: IPPrefix
    /// The VTEP that packets would go to.
    package var nextHop: IPAddress
    /// Nil where no received route explains what the VRF has.
    package var routeDistinguisher: RouteDistinguisher?
    /// The AS that the path begins in. Nil with the distinguisher.
    package var originAS: UInt32?
    /// The gateway whose VTEP the next hop is.
    package var announcer: GatewayID?
    package var reason: Reason
    /// The kernel forwards to it.
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
