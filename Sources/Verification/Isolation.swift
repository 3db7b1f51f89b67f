import FederationModel
import NetworkTypes

/// Routes in this side's VRFs that the policy does not let in, as one cause per cloud that they come from: of other VPNs, and of
/// clouds of the same VPN that it does not join (two spokes).
///
/// A VRF's routes carry no route distinguisher, so each is traced to the received routes of the same prefix and next hop.
/// Tenants' addresses overlap: a prefix alone proves nothing. A foreign route is blamed where the VRF holds more copies
/// than there are own routes, and the targets in force can explain it. With exactly the intended targets in force
/// nothing foreign gets in; what does not add up then are parts of a report that were taken at different moments.
///
/// - Parameter others: the sides that the policy joins it with, as origins.
func foreignRoutes(in side: Side, of others: [Side], view: FederationView) -> [CloudName: Cause] {
    var found: [CloudName: [Leak]] = [:]
    let welcome = others.flatMap(\.sites).flatMap(\.intent.bindings).map(\.routeDistinguisher)
    for site in side.sites {
        guard let report = site.report else { continue }
        let effective = Set(report.effective?.importTargets ?? [])
        let isAsIntended = effective == Set(site.intent.importTargets)
        for (prefix, routes) in site.imported {
            for (nextHop, copies) in Dictionary(grouping: routes, by: { $0.nextHop.withoutMapping }) {
                // Mostly every copy is of the VPN itself; then nobody else's routes need to be looked at.
                guard copies.count > site.received.count(prefix, of: welcome, via: nextHop) else { continue }
                var own = 0
                var foreign: [Leak] = []
                for route in site.received[prefix] where route.nextHop.withoutMapping == nextHop {
                    // A distinguisher that nobody has, or that comes from elsewhere than its gateway, tells nothing of tenants: `IntruderSearch` judges it.
                    guard let owner = view.owners[route.routeDistinguisher], view.gatewaysByVTEP[nextHop] == owner.gateway else { continue }
                    if owner.gateway.cloud == side.cloud && owner.vpn == site.intent.name || view.allows(owner, into: site.intent) {
                        own += 1
                    } else if !isAsIntended || !effective.isDisjoint(with: route.routeTargets) {
                        foreign.append(Leak(site: site, route: route, owner: owner))
                    }
                }
                guard copies.count > own else { continue }
                // Where the targets in force explain some of the candidates, it is those.
                let explained = foreign.filter { !effective.isDisjoint(with: $0.route.routeTargets) }
                for leak in explained.isEmpty ? foreign : explained { found[leak.owner.gateway.cloud, default: []].append(leak) }
            }
        }
    }
    return found.mapValues { cause(of: $0, view) }
}

/// One route where it must not be.
private struct Leak {
    var site: Site
    var route: ReceivedRoute
    var owner: FederationView.Owner

    var isForeign: Bool { owner.vpn != site.intent.name }

    var line: String {
        "\(site.id) imported \(route.prefix) via \(route.nextHop) into \(site.intent.name): RD \(route.routeDistinguisher) is "
            + "VPN \(owner.vpn)’s at \(owner.gateway); route targets \(route.routeTargets.listed)"
    }
}

/// How to be cut off from whom the route came: the neighbour of the session, which is a route server where there is one.
private func shutdown(_ leak: Leak, _ view: FederationView) -> String {
    let neighbours = leak.site.neighbours(towards: [leak.route.nextHop.withoutMapping], in: view)
    guard let neighbour = neighbours.first else { return "" }
    return "; until then cut the gateway off from \(leak.site.name(of: neighbour)), with all its VPNs: "
        + "`vtysh -c 'configure terminal' -c 'router bgp \(leak.site.base.asn)' -c 'neighbor \(neighbour) shutdown'`"
}

private func cause(of leaks: [Leak], _ view: FederationView) -> Cause {
    // Another tenant's is the worse one.
    let sorted = leaks.sorted {
        ($0.isForeign ? 0 : 1, $0.route.prefix, $0.site.id) < ($1.isForeign ? 0 : 1, $1.route.prefix, $1.site.id)
    }
    let first = sorted[0]
    let vpn = first.site.intent.name
    let effective = first.site.report?.effective?.importTargets.listed ?? "nothing that is known"
    let sentence =
        first.isForeign
        ? "\(first.site.id) has \(first.route.prefix) of VPN \(first.owner.vpn) at \(first.owner.gateway) "
            + "in the VRF of VPN \(vpn): the two tenants can reach each other"
        : "\(first.site.id) has \(first.route.prefix) of \(first.owner.gateway) in VPN \(vpn), whose policy does not join the two clouds"
    return Cause(
        first.isForeign ? .foreignRouteImported : .unjoinedRouteImported, sentence,
        evidence: Array(sorted.prefix(Cause.evidenceLimit).map(\.line))
            + ["\(first.site.id) effectively imports \(effective); intended \(first.site.intent.importTargets.listed)"],
        remedy:
            "on \(first.site.place): `vtysh -c 'show bgp l2vpn evpn vni \(first.site.intent.encapsulation.vni)'` shows which import target is too many; "
            + "`systemctl restart fed-agent` puts the intended ones back" + shutdown(first, view))
}
