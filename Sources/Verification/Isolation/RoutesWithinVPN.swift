import FederationModel
import NetworkTypes

/// Routes in this cloud's VRFs that the policy excludes, as one cause per source cloud: of other VPNs, and of
/// clouds of the same VPN that are not connected (two spokes).
///
/// Routes in a VRF have no route distinguisher, so each is matched with received routes of the same prefix and next hop.
/// Tenants' addresses overlap, so a prefix alone proves nothing. A foreign route is blamed if the VRF has more copies
/// than there are own routes, and the targets in force explain it. With exactly the intended targets in force
/// nothing foreign is imported; a mismatch then comes from parts of a report taken at different moments.
///
/// - Parameter others: The clouds that the policy connects it with, as origins.
func foreignRoutes(in side: CloudInVPN, of others: [CloudInVPN], _ surroundings: Surroundings) -> ForeignRoutes {
    let view = surroundings.view
    var found: [CloudName: [Leak]] = [:]
    var isUnusual = false
    let welcome = others.flatMap(\.sites).map { ($0.vtep, $0.intent.bindings.map(\.routeDistinguisher)) }
    let byNextHop = Dictionary(welcome, uniquingKeysWith: +)
    for site in side.sites {
        guard let report = site.report else { continue }
        let received = surroundings.received(by: site.id)
        let effective = Set(report.effective?.importTargets ?? [])
        let isAsIntended = effective == Set(site.intent.importTargets)
        for (prefix, routes) in site.imported {
            for (nextHop, copies) in copies(routes) {
                // Usually every copy belongs to the VPN itself; then no other routes need to be checked.
                guard copies > received.count(prefix, of: byNextHop[nextHop] ?? [], via: nextHop) else { continue }
                isUnusual = true
                guard copies > received.count(prefix, of: welcome.lazy.flatMap(\.1), via: nextHop) else { continue }
                var own = 0
                var foreign: [Leak] = []
                for route in received[prefix] where route.nextHop.withoutMapping == nextHop {
                    // An unallocated distinguisher, or one from the wrong gateway, identifies no tenant: `IntruderSearch` judges it.
                    guard let owner = view.owners[route.routeDistinguisher], view.gatewaysByVTEP[nextHop] == owner.gateway else { continue }
                    if owner.gateway.cloud == side.cloud && owner.vpn == site.intent.name || view.allows(owner, into: site.intent) {
                        own += 1
                    } else if !isAsIntended || !effective.isDisjoint(with: route.routeTargets) {
                        foreign.append(Leak(site: site, route: route, owner: owner))
                    }
                }
                guard copies > own else { continue }
                // Prefer candidates that the targets in force explain.
                let explained = foreign.filter { !effective.isDisjoint(with: $0.route.routeTargets) }
                for leak in explained.isEmpty ? foreign : explained { found[leak.owner.gateway.cloud, default: []].append(leak) }
            }
        }
    }
    return ForeignRoutes(causes: found.mapValues { cause(of: $0, view) }, isUnusual: isUnusual)
}

/// The routes of a prefix that lead to each next hop.
func copies(_ routes: [ImportedRoute]) -> [(IPAddress, Int)] {
    if routes.count == 1 { return [(routes[0].nextHop.withoutMapping, 1)] }
    return Dictionary(grouping: routes, by: { $0.nextHop.withoutMapping }).map { ($0.key, $0.value.count) }
}

/// What `foreignRoutes` found.
struct ForeignRoutes: Sendable {
    /// By the cloud that they come from.
    var causes: [CloudName: Cause]
    /// Whether that depends on more than the VPN's own routes.
    var isUnusual: Bool
}

/// One leaked route.
private struct Leak {
    var site: GatewayInVPN
    var route: ReceivedRoute
    var owner: FederationView.Owner

    var isForeign: Bool { owner.vpn != site.intent.name }

    var line: String {
        "\(site.id) imported \(route.prefix) via \(route.nextHop) into \(site.intent.name): RD \(route.routeDistinguisher) is "
            + "VPN \(owner.vpn)’s at \(owner.gateway); route targets \(route.routeTargets.listed)"
    }
}

/// How to shut down the session that the route came from, possibly with a route server.
private func shutdown(_ leak: Leak, _ view: FederationView) -> String {
    let neighbours = leak.site.neighbours(towards: [leak.route.nextHop.withoutMapping], in: view)
    guard let neighbour = neighbours.first else { return "" }
    return "; until then, shut down its session with \(leak.site.name(of: neighbour)), which affects all its VPNs: "
        + "`vtysh -c 'configure terminal' -c 'router bgp \(leak.site.base.asn)' -c 'neighbor \(neighbour) shutdown'`"
}

private func cause(of leaks: [Leak], _ view: FederationView) -> Cause {
    // A route of another tenant is worse.
    let sorted = leaks.sorted {
        let (a, b) = (($0.isForeign ? 0 : 1, $0.route.prefix, $0.site.id), ($1.isForeign ? 0 : 1, $1.route.prefix, $1.site.id))
        return a == b ? $0.route.precedes($1.route) : a < b
    }
    let first = sorted[0]
    let vpn = first.site.intent.name
    let effective = first.site.report?.effective?.importTargets.listed ?? "unknown targets"
    let sentence =
        first.isForeign
        ? "\(first.site.id) has \(first.route.prefix) of VPN \(first.owner.vpn) at \(first.owner.gateway) "
            + "in the VRF of VPN \(vpn): the two tenants can reach each other"
        : "\(first.site.id) has \(first.route.prefix) of \(first.owner.gateway) in VPN \(vpn), but its policy does not connect the two clouds"
    return Cause(
        first.isForeign ? .foreignRouteImported : .unjoinedRouteImported, sentence,
        evidence: Array(sorted.prefix(Cause.evidenceLimit).map(\.line))
            + ["\(first.site.id) effectively imports \(effective); intended \(first.site.intent.importTargets.listed)"],
        remedy:
            "on \(first.site.place): `vtysh -c 'show bgp l2vpn evpn vni \(first.site.intent.encapsulation.vni)'` shows which import target is extra; "
            + "`systemctl restart fed-agent` restores the intended ones" + shutdown(first, view))
}
