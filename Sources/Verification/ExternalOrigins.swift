import Federation
import NetworkTypes

/// Origins outside of the federation whose routes a VPN takes, because its file says so.
struct ExternalOrigins {
    private let rawTargets: Set<RouteTarget>

    init(_ vpn: VPN?) { rawTargets = Set(vpn?.importTargets ?? []) }

    /// Whether nobody of the federation may have sent it, and still it is welcome: it bears a raw target that joins another fabric.
    func allows(_ route: ReceivedRoute) -> Bool { !rawTargets.isDisjoint(with: route.routeTargets) }

    /// The same of what the VRF has without a received route that explains it.
    func allows(nextHop: IPAddress) -> Bool { !rawTargets.isEmpty }
}
