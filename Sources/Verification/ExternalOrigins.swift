import FederationModel
import NetworkTypes

/// Origins outside of the federation whose routes a VPN accepts (`externalOrigins` in the file). A raw target alone admits
/// nobody: anybody can attach one.
struct ExternalOrigins {
    private let origins: [IPAddress: RouteOrigin]

    init(_ vpn: VPN?) {
        origins = Dictionary((vpn?.externalOrigins ?? []).map { (.v4($0.vtep), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether a route from outside of the federation is allowed: sent by a listed VTEP in its AS.
    ///
    /// - Parameter own: The viewer's AS: the origin of an iBGP route with an empty path.
    func allows(_ route: ReceivedRoute, in own: ASN) -> Bool {
        guard let origin = origins[route.nextHop.withoutMapping], (route.asPath.last ?? own.value) == origin.asn.value else { return false }
        return route.prefix.length > 0 || origin.originatesDefault
    }

    /// The same for a VRF route without a matching received route.
    func allows(nextHop: IPAddress) -> Bool { origins[nextHop.withoutMapping] != nil }
}
