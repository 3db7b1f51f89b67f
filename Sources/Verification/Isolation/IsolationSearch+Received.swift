import FederationModel
import NetworkTypes

/// Every route that a gateway received, beside the import targets in force there: whoever gave it the target, bgpd imports it.
///
/// A route-map or a route server can add a tenant’s target to another tenant’s route. All targets are then as intended, and the next hop may be
/// of a gateway that is a member of both VPNs: only the distinguisher tells whose the route is.
extension IsolationSearch {
    /// The VRFs of a gateway by what they import.
    private struct Takers {
        /// VPNs by their numbers.
        var tenants = TargetIndex()
        /// Of those only the VPNs that are asked for.
        var wanted = TargetIndex()
        /// Foreign VRFs by their places in the report.
        var foreign = TargetIndex()
    }

    /// The cost is proportional to the routes and their targets.
    mutating func lookAtReceived(_ report: GatewayReport, by gateway: Int) {
        guard !report.received.isEmpty else { return }
        if report.received.contains(where: { $0.isValid && $0.mayHaveMoreTargets }) { leaveCut(at: gateway) }
        let foreign = report.base.foreignVRFs?.vrfs ?? []
        var takers = takers(in: report, at: gateway)
        if selection == nil { takers.wanted = takers.tenants }
        // Routes of one origin mostly come together, with equal targets.
        var lawful: ReceivedRoute?
        for route in report.received where route.isValid {
            if let lawful, lawful.routeDistinguisher == route.routeDistinguisher, lawful.nextHop == route.nextHop,
                lawful.routeTargets == route.routeTargets
            {
                continue
            }
            if judge(route, takers, foreign, at: gateway) { lawful = route }
        }
    }

    private mutating func takers(in report: GatewayReport, at gateway: Int) -> Takers {
        var takers = Takers()
        for (name, part) in report.vpns {
            let vpn = number(of: name)
            for effective in [part.effective, part.secondaryEffective] {
                for target in effective?.importTargets ?? [] {
                    takers.tenants.add(.init(vpn: vpn, gateway: gateway, target: target))
                    if selection != nil, isWanted(name) { takers.wanted.add(.init(vpn: vpn, gateway: gateway, target: target)) }
                }
            }
        }
        for (place, vrf) in (report.base.foreignVRFs?.vrfs ?? []).enumerated() {
            for target in vrf.importTargets { takers.foreign.add(.init(vpn: place, gateway: gateway, target: target)) }
        }
        return takers
    }

    /// - Returns: whether all who import it may.
    private mutating func judge(_ route: ReceivedRoute, _ takers: Takers, _ foreign: [ForeignVRF], at gateway: Int) -> Bool {
        let owner = owners[route.routeDistinguisher]?.vpn
        var isLawful = true
        for target in route.routeTargets {
            let importers = (owner.map { isWanted(tenants[$0].name) } ?? true ? takers.tenants : takers.wanted).takers(of: target)
            for importer in importers {
                guard let owner, owner != importer.vpn else {
                    if !mayCome(from: route.nextHop, to: importer.vpn) {
                        isLawful = false
                        leaveUnexplained(importer.vpn, at: gateway)
                    }
                    continue
                }
                isLawful = false
                // One target in all VPNs is every route in each of them.
                guard !witnesses.isFull else {
                    if witnesses.omitted == 0 { witnesses.omit(1) }
                    break
                }
                add(
                    .foreignRoute, .routes, from: .vpn(tenants[owner].name), to: .vpn(tenants[importer.vpn].name),
                    exported: written(target, by: owner), imported: importer.target, at: gateway, route: .init(route))
            }
            guard let owner else { continue }
            for importer in takers.foreign.takers(of: target) {
                let name = tenants[owner].name
                // What a raw target of the file invites.
                if vpns[name]?.exportTargets.contains(where: { $0.asConfigured == target.asConfigured }) ?? false { continue }
                isLawful = false
                add(
                    .foreignImport, .configuration, from: .vpn(name), to: .foreign(foreign[importer.vpn].name),
                    exported: written(target, by: owner), imported: importer.target, at: gateway, route: .init(route),
                    vrf: foreign[importer.vpn])
            }
        }
        return isLawful
    }

    /// A target as the intents of a VPN have it, if they do.
    private func written(_ target: RouteTarget, by vpn: Int) -> RouteTarget {
        exporters.holdings[target.asConfigured]?.first { $0.vpn == vpn }?.target ?? target
    }
}

extension IsolationWitness.Route {
    init(_ route: ReceivedRoute) {
        self.init(prefix: route.prefix, nextHop: route.nextHop.withoutMapping, routeDistinguisher: route.routeDistinguisher)
    }
}
