import FederationModel
import NetworkTypes

/// Origins outside of the federation whose routes a VPN takes, because its file names them (`externalOrigins`). A raw target alone lets
/// nobody in: anybody can attach one.
struct ExternalOrigins {
    private let origins: [IPAddress: RouteOrigin]

    init(_ vpn: VPN?) {
        origins = Dictionary((vpn?.externalOrigins ?? []).map { (.v4($0.vtep), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether nobody of the federation may have sent it, and still it is welcome: a named VTEP sent it, of the AS that it is in.
    ///
    /// - Parameter own: The viewer's AS. It is where a route begins that came by iBGP, with nothing in its path.
    func allows(_ route: ReceivedRoute, in own: ASN) -> Bool {
        guard let origin = origins[route.nextHop.withoutMapping], (route.asPath.last ?? own.value) == origin.asn.value else { return false }
        return route.prefix.length > 0 || origin.originatesDefault
    }

    /// The same of what the VRF has without a received route that explains it.
    func allows(nextHop: IPAddress) -> Bool { origins[nextHop.withoutMapping] != nil }
}
