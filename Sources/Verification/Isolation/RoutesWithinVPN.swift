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
func foreignRoutes(in side: CloudInVPN, of others: [CloudInVPN], view: FederationView) -> [CloudName: Cause] {
    var found: [CloudName: [Leak]] = [:]
    let welcome = others.flatMap(\.sites).flatMap(\.intent.bindings).map(\.routeDistinguisher)
    for site in side.sites {
        guard let report = site.report else { continue }
        let effective = Set(report.effective?.importTargets ?? [])
        let isAsIntended = effective == Set(site.intent.importTargets)
        for (prefix, routes) in site.imported {
            for (nextHop, copies) in Dictionary(grouping: routes, by: { $0.nextHop.withoutMapping }) {
                // Usually every copy belongs to the VPN itself; then no other routes need to be checked.
                guard copies.count > site.received.count(prefix, of: welcome, via: nextHop) else { continue }
                var own = 0
                var foreign: [Leak] = []
                for route in site.received[prefix] where route.nextHop.withoutMapping == nextHop {
                    // An unallocated distinguisher, or one from the wrong gateway, identifies no tenant: `IntruderSearch` judges it.
                    guard let owner = view.owners[route.routeDistinguisher], view.gatewaysByVTEP[nextHop] == owner.gateway else { continue }
                    if owner.gateway.cloud == side.cloud && owner.vpn == site.intent.name || view.allows(owner, into: site.intent) {
                        own += 1
                    } else if !isAsIntended || !effective.isDisjoint(with: route.routeTargets) {
                        foreign.append(Leak(site: site, route: route, owner: owner))
                    }
                }
                guard copies.count > own else { continue }
                // Prefer candidates that the targets in force explain.
                let explained = foreign.filter { !effective.isDisjoint(with: $0.route.routeTargets) }
                for leak in explained.isEmpty ? foreign : explained { found[leak.owner.gateway.cloud, default: []].append(leak) }
            }
        }
    }
    return found.mapValues { cause(of: $0, view) }
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
        ($0.isForeign ? 0 : 1, $0.route.prefix, $0.site.id) < ($1.isForeign ? 0 : 1, $1.route.prefix, $1.site.id)
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
