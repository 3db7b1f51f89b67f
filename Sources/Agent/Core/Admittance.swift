import EVPN
import FederationModel
import NetworkTypes

/// Which of the kernel's routes in a VPN's tables lead to who may export to it.
///
/// zebra installs no others, by the VRF's install filter. This is the second lock: until the filter is in force, after an upgrade or where
/// somebody took it away, what leads elsewhere is not steered to and not exempted from NAT.
struct Admittance {
    private var origins: Set<IPAddress> = []
    private var defaults: Set<IPAddress> = []
    /// By VTEP: a VPN may have a thousand origins with rights of their own.
    private var rights: [IPAddress: [LearnedRestriction]] = [:]

    /// - Parameter cloud: this gateway's own.
    init(_ vpn: VPNIntent, in cloud: CloudName?) {
        for right in cloud.map(vpn.rightRestrictions) ?? [] {
            for vtep in right.vteps { rights[.v4(vtep), default: []].append(right) }
        }
        for origin in vpn.origins {
            origins.insert(.v4(origin.vtep))
            if origin.originatesDefault { defaults.insert(.v4(origin.vtep)) }
        }
    }

    /// Every next hop is one of theirs.
    func admits(_ route: TunnelRoute) -> Bool {
        ([route.nextHop] + route.further).allSatisfy { admits($0, route.prefix) }
    }

    /// One way to a prefix.
    func admits(_ nextHop: IPAddress, _ prefix: IPPrefix) -> Bool {
        (prefix.length == 0 ? defaults : origins).contains(nextHop) && hasRight(nextHop, to: prefix)
    }

    /// The federation file lets it announce the prefix.
    func hasRight(_ nextHop: IPAddress, to prefix: IPPrefix) -> Bool {
        rights[nextHop]?.allSatisfy { $0.admits(prefix, by: nextHop) } ?? true
    }
}
