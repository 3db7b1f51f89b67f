import FederationModel
import NetworkTypes

/// Each route in a VRF must come from a gateway that may export to its VPN.
///
/// Where the targets in force are those intended, `lookAtReceived` sees the rest: what parts of a report say that were read at different
/// moments proves nothing. Elsewhere each is matched with the received routes of the same prefix and next hop,
/// because routes in a VRF have no distinguisher, and copies are counted: tenants’ addresses overlap.
extension IsolationSearch {
    private struct RouteKey: Hashable {
        var vpn: Int
        var prefix: IPPrefix
        var nextHop: IPAddress
    }

    /// How many of the VPN’s own routes were received, and how many of them its targets in force let in.
    private struct OwnRoutes {
        var received = 0
        var admitted = 0
    }

    /// - Parameter strange: reports on VPNs by number, whose targets in force are not those intended.
    mutating func lookAtRoutes(of strange: [Int: VPNReport], at gateway: Int, _ report: GatewayReport) {
        var own: [RouteKey: OwnRoutes] = [:]
        for route in report.received {
            guard let owner = owners[route.routeDistinguisher], let part = strange[owner.vpn] else { continue }
            let key = RouteKey(vpn: owner.vpn, prefix: route.prefix, nextHop: route.nextHop.withoutMapping)
            own[key, default: OwnRoutes()].received += 1
            let imports = part.effective?.importTargets ?? []
            if imports.contains(where: { wanted in route.routeTargets.contains { wanted.admits($0) } }) {
                own[key, default: OwnRoutes()].admitted += 1
            }
        }
        for (vpn, part) in strange {
            var copies: [RouteKey: Int] = [:]
            for route in part.imported {
                let key = RouteKey(vpn: vpn, prefix: route.prefix, nextHop: route.nextHop.withoutMapping)
                let known = own[key] ?? OwnRoutes()
                copies[key, default: 0] += 1
                let copy = copies[key, default: 0]
                if copy > known.admitted { explain(route, part, vpn, gateway, report, isStrange: copy > known.received) }
            }
        }
    }

    func mayCome(from nextHop: IPAddress, to vpn: Int) -> Bool {
        guard case .v4(let vtep) = nextHop.withoutMapping else { return false }
        if let origin = gatewaysByVTEP[vtep.bits] { return memberships.contains(Self.membership(vpn, origin)) }
        return vpns[tenants[vpn].name]?.externalOrigins.contains { $0.vtep == vtep } ?? false
    }

    /// A route that none of the VPN’s own explains: another VPN’s, or not known.
    /// - Parameter isStrange: none of its own could explain it, whatever targets are in force.
    private mutating func explain(
        _ route: ImportedRoute, _ part: VPNReport, _ vpn: Int, _ gateway: Int, _ report: GatewayReport, isStrange: Bool
    ) {
        let name = tenants[vpn].name
        let nextHop = route.nextHop.withoutMapping
        if vpns[name]?.externalOrigins.contains(where: { .v4($0.vtep) == nextHop }) ?? false { return }
        let imports = part.effective?.importTargets ?? []
        let isIntended = imports == gatewayIntents[gateway].vpns[name]?.importTargets
        let candidates = report.received.filter {
            $0.prefix == route.prefix && $0.nextHop.withoutMapping == nextHop
                && owners[$0.routeDistinguisher].map { $0.vpn != vpn } ?? false
        }
        let explained = candidates.compactMap { candidate in
            imports.first { wanted in candidate.routeTargets.contains { wanted.admits($0) } }.map { (candidate, $0) }
        }
        for (candidate, wanted) in explained { note(candidate, wanted, vpn, gateway) }
        guard explained.isEmpty else { return }
        // Parts of a report are read at different moments: with the intended targets in force, nothing foreign is imported.
        if isStrange, !isIntended, let candidate = candidates.first {
            note(candidate, nil, vpn, gateway)
        } else if isStrange {
            leaveUnexplained(vpn, at: gateway)
        } else {
            tenants[vpn].level = min(tenants[vpn].level, .configuration)
        }
    }

    private mutating func note(_ route: ReceivedRoute, _ wanted: RouteTarget?, _ vpn: Int, _ gateway: Int) {
        guard let owner = owners[route.routeDistinguisher] else { return }
        add(
            .foreignRoute, .routes, from: .vpn(tenants[owner.vpn].name), to: .vpn(tenants[vpn].name),
            exported: wanted.flatMap { wanted in route.routeTargets.first { wanted.admits($0) } }, imported: wanted, at: gateway,
            route: .init(prefix: route.prefix, nextHop: route.nextHop.withoutMapping, routeDistinguisher: route.routeDistinguisher))
    }
}
