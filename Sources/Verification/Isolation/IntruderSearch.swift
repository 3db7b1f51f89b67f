import FederationModel
import NetworkTypes

/// Searches a cloud's VRFs for intruders: routes from no gateway that may export to the VPN, and routes that their origins do not announce.
///
/// A received route with an import target of a VRF is in that VRF, even if a filter keeps it out of the kernel. So both VRFs of a VPN whose
/// VNI changes are checked, and each route's distinguisher and path are known.
struct IntruderSearch {
    struct Findings: Sendable {
        /// Sorted.
        var intruders: [Intruder] = []
        /// Silent origins, whose routes cannot be judged.
        var doubts: Set<GatewayID> = []
        /// When they may become others though nothing is reported; nil: never.
        var until: Int64?
        /// Whether they depend on more than the VPN's own routes, as they are advertised and imported where nothing is wrong.
        var isUnusual = false

        mutating func finish() {
            if !intruders.isEmpty || !doubts.isEmpty { isUnusual = true }
            intruders.sort { $0.precedes($1) }
        }

        mutating func add(_ other: Findings) {
            intruders += other.intruders
            doubts.formUnion(other.doubts)
            if let time = other.until { tolerate(until: time) }
            isUnusual = isUnusual || other.isUnusual
            finish()
        }

        mutating func tolerate(until time: Int64) {
            until = min(until ?? time, time)
            isUnusual = true
        }
    }

    enum Judgement {
        case lawful
        /// Lawful until this time, if nothing is reported until then.
        case tolerated(until: Int64)
        case doubtful(GatewayID)
        case intruder(Intruder.Reason)
    }

    /// Whose routes have a route distinguisher, as one gateway of the VPN sees it.
    private struct Source {
        var owner: FederationView.Owner
        var vtep: IPAddress
        var asn: UInt32
        var mayExport: Bool
        /// Nil where the gateway has no report on the VPN to be believed.
        var site: GatewayInVPN?
    }

    let vpn: VPNName
    /// All clouds of the VPN, including the viewer.
    let sides: [CloudInVPN]
    let surroundings: Surroundings
    let external: ExternalOrigins
    /// The time of the last change of the VPN's intents, in milliseconds since 1970.
    let changedAt: Int64
    let now: Int64
    /// Those of the VPN's own gateways, by VTEP.
    let distinguishers: [IPAddress: [RouteDistinguisher]]

    private var view: FederationView { surroundings.view }
    private var sites: [GatewayID: GatewayInVPN] { surroundings.sites[vpn] ?? [:] }

    func findings(at viewer: CloudInVPN) -> Findings {
        var found = Findings()
        for site in viewer.sites {
            guard let report = site.report else { continue }
            let imports = Set(site.intent.bindings.flatMap(\.importTargets))
            let effective = report.effective?.importTargets ?? []
            let received = surroundings.received(by: site.id)
            if !imports.isSuperset(of: effective) { found.isUnusual = true }
            examine(received.bearing(imports.union(effective)), imports, received, at: site, &found)
            examineUnexplained(at: site, imports, received, &found)
        }
        found.finish()
        return found
    }

    /// What is found at a viewer where nothing was unusual before, and where only a gateway now announces these prefixes, or does not any more.
    func findings(at viewer: CloudInVPN, of prefixes: some Sequence<IPPrefix>, from source: GatewayInVPN) -> Findings {
        var found = Findings()
        // Where another gateway of its cloud is silent, that one's routes are lawful as long as this one has the prefix.
        let twins = sides.first { $0.cloud == source.id.cloud }?.sites ?? [source]
        let distinguishers = twins.flatMap(\.intent.bindings).map(\.routeDistinguisher)
        for site in viewer.sites where site.report != nil {
            let imports = Set(site.intent.bindings.flatMap(\.importTargets))
            let received = surroundings.received(by: site.id)
            let routes = prefixes.flatMap { prefix in distinguishers.flatMap { received[prefix, $0] } }
            examine(routes.filter { !imports.isDisjoint(with: $0.routeTargets) }, imports, received, at: site, &found)
        }
        found.finish()
        return found
    }

    private func examine(
        _ routes: [ReceivedRoute], _ imports: Set<RouteTarget>, _ received: ReceivedIndex, at site: GatewayInVPN, _ found: inout Findings
    ) {
        var sources: [RouteDistinguisher: Source?] = [:]
        for route in routes where route.isValid {
            let distinguisher = route.routeDistinguisher
            let source: Source?
            if let known = sources[distinguisher] {
                source = known
            } else {
                source = self.source(distinguisher, imports)
                sources.updateValue(source, forKey: distinguisher)
            }
            if source?.owner.vpn != vpn { found.isUnusual = true }
            switch judge(route, from: source, imports, received, at: site) {
            case .lawful: break
            case .tolerated(let time): found.tolerate(until: time)
            case .doubtful(let origin): found.doubts.insert(origin)
            case .intruder(let reason): found.intruders.append(Intruder(route, reason, at: site, view: view))
            }
        }
    }

    /// Whether these routes leave findings as they are that were not unusual before: they are the VPN's own, and lawful.
    func isUsual(_ routes: [ReceivedRoute], at site: GatewayInVPN) -> Bool {
        guard site.report != nil else { return true }
        let imports = Set(site.intent.bindings.flatMap(\.importTargets))
        let received = surroundings.received(by: site.id)
        return routes.allSatisfy { route in
            guard route.isValid, !imports.isDisjoint(with: route.routeTargets) else { return true }
            let source = source(route.routeDistinguisher, imports)
            guard source?.owner.vpn == vpn, case .lawful = judge(route, from: source, imports, received, at: site) else { return false }
            return true
        }
    }

    // MARK: Routes as they were received

    private func source(_ distinguisher: RouteDistinguisher, _ imports: Set<RouteTarget>) -> Source? {
        guard let owner = view.owners[distinguisher], let origin = view.intents[owner.gateway] else { return nil }
        return Source(
            owner: owner, vtep: .v4(origin.base.vtep), asn: origin.base.asn.value, mayExport: view.mayExport(owner, to: imports),
            site: surroundings.sites[owner.vpn]?[owner.gateway].flatMap { $0.report == nil ? nil : $0 })
    }

    private func judge(
        _ route: ReceivedRoute, from source: Source?, _ imports: Set<RouteTarget>, _ received: ReceivedIndex, at viewer: GatewayInVPN
    ) -> Judgement {
        let nextHop = route.nextHop.withoutMapping
        if let source, source.vtep == nextHop {
            guard route.asPath.last ?? viewer.base.asn.value == source.asn else {
                return excuse(source.owner.gateway) ?? .intruder(.foreignAS)
            }
            // Legitimate routes in the wrong place are leaks, which are reported separately.
            return source.mayExport ? announced(route, by: source, received) : .lawful
        }
        guard let announcer = view.gatewaysByVTEP[nextHop] else {
            if external.allows(route, in: viewer.base.asn) && view.owners[route.routeDistinguisher] == nil { return .lawful }
            return settledAt.map { .tolerated(until: $0) } ?? .intruder(.unknownVTEP)
        }
        if let excuse = excuse(announcer) { return excuse }
        guard view.mayExport(announcer, to: imports) else { return .intruder(.notMember) }
        return .intruder(view.owners[route.routeDistinguisher] == nil ? .unknownDistinguisher : .foreignDistinguisher)
    }

    /// When gateways have had the time to receive and apply intents that changed a moment ago; nil if none did.
    private var settledAt: Int64? { (0..<ReportMoments.grace).contains(now - changedAt) ? changedAt + ReportMoments.grace : nil }

    /// Why a gateway's own routes may look foreign; nil if there is no reason.
    private func excuse(_ gateway: GatewayID) -> Judgement? {
        if let settledAt { return .tolerated(until: settledAt) }
        guard let site = sites[gateway] else { return nil }
        guard site.report != nil else {
            // It may not have the new intent yet, if it has not reported since. One that is not stale has.
            return site.isStale && (site.heard?.receivedAt ?? 0) < changedAt ? .doubtful(gateway) : nil
        }
        // It runs the previous intent, and reports so; the pair fails because of that.
        return site.baseProgress.state == .applied && site.progress.state == .applied ? nil : .lawful
    }

    private func announced(_ route: ReceivedRoute, by source: Source, _ received: ReceivedIndex) -> Judgement {
        let (prefix, owner) = (route.prefix, source.owner)
        guard let site = source.site else {
            // If another gateway of its cloud has the prefix, the prefix belongs to the cloud, whatever the source.
            let hasTwin = sides.first { $0.cloud == owner.gateway.cloud }?.sites.contains { $0.expected.contains(prefix) } ?? false
            return hasTwin && owner.vpn == vpn ? .lawful : .doubtful(owner.gateway)
        }
        // A missing advertisement is a failure of its pairs.
        if site.expected.contains(prefix) { return .lawful }
        let excuses = [site.moments.withdrawal(of: prefix, at: now), received.moments.youth(of: route, at: now), settledAt]
        if let time = excuses.compactMap(\.self).max() { return .tolerated(until: time) }
        return .intruder(site.advertised.contains(prefix) ? .unexpected : .notAdvertised)
    }

    // MARK: Routes without a received route

    /// VRF routes without a matching received route: added by hand, or imported from another VRF.
    private func examineUnexplained(
        at site: GatewayInVPN, _ imports: Set<RouteTarget>, _ received: ReceivedIndex, _ found: inout Findings
    ) {
        // Parts of one report are also read at different moments.
        let grace = [settledAt, site.moments.youth(at: now)].compactMap(\.self).max()
        struct Route: Hashable {
            var prefix: IPPrefix
            var nextHop: IPAddress
        }
        var seen: Set<Route> = []
        func look(_ prefix: IPPrefix, _ nextHops: some Sequence<IPAddress>) {
            for nextHop in nextHops.lazy.map(\.withoutMapping) {
                // Mostly it is a route of the VPN's own: then those of other VPNs need not be looked at.
                if received.count(prefix, of: distinguishers[nextHop] ?? [], via: nextHop) > 0 { continue }
                found.isUnusual = true
                guard !received.has(prefix, via: nextHop), seen.insert(Route(prefix: prefix, nextHop: nextHop)).inserted else { continue }
                if let grace {
                    found.tolerate(until: grace)
                } else {
                    suspect(prefix, via: nextHop, imports, at: site, &found)
                }
            }
        }
        for (prefix, routes) in site.imported { look(prefix, routes.lazy.map(\.nextHop)) }
        for (prefix, routes) in site.installed where site.imported[prefix] == nil {
            found.isUnusual = true
            // If a cloud of the VPN has the prefix, its pair reports the wrong next hop.
            if !sites.values.contains(where: { $0.expected.contains(prefix) }) { look(prefix, routes.lazy.map(\.nextHop)) }
        }
    }

    private func suspect(
        _ prefix: IPPrefix, via nextHop: IPAddress, _ imports: Set<RouteTarget>, at site: GatewayInVPN, _ found: inout Findings
    ) {
        func charge(_ reason: Intruder.Reason) { found.intruders.append(Intruder(prefix, via: nextHop, reason, at: site, view: view)) }
        guard let announcer = view.gatewaysByVTEP[nextHop] else {
            if !external.allows(nextHop: nextHop) { charge(.unknownVTEP) }
            return
        }
        guard view.mayExport(announcer, to: imports) else {
            // Routes of a cloud that the policy does not connect are reported as leaks.
            if sites[announcer] == nil { charge(.notMember) }
            return
        }
        guard let origin = sites[announcer], origin.report != nil, !origin.expected.contains(prefix) else { return }
        if let time = origin.moments.withdrawal(of: prefix, at: now) { return found.tolerate(until: time) }
        charge(.notAdvertised)
    }
}

extension Intruder {
    /// An order of all intruders: the report of a gateway has none.
    fileprivate func precedes(_ other: Intruder) -> Bool {
        if (gateway, prefix, nextHop) != (other.gateway, other.prefix, other.nextHop) {
            return (gateway, prefix, nextHop) < (other.gateway, other.prefix, other.nextHop)
        }
        let mine = (routeDistinguisher?.description ?? "", originAS ?? 0, reason.rawValue)
        return mine < (other.routeDistinguisher?.description ?? "", other.originAS ?? 0, other.reason.rawValue)
    }
}

extension Intruder {
    fileprivate init(_ route: ReceivedRoute, _ reason: Reason, at site: GatewayInVPN, view: FederationView) {
        self.init(route.prefix, via: route.nextHop.withoutMapping, reason, at: site, view: view)
        routeDistinguisher = route.routeDistinguisher
        originAS = route.asPath.last ?? site.base.asn.value
    }

    fileprivate init(_ prefix: IPPrefix, via nextHop: IPAddress, _ reason: Reason, at site: GatewayInVPN, view: FederationView) {
        self.init(
            gateway: site.id, prefix: prefix, nextHop: nextHop, routeDistinguisher: nil, originAS: nil,
            announcer: view.gatewaysByVTEP[nextHop], reason: reason,
            isInstalled: site.installed[prefix, default: []].contains { $0.nextHop.withoutMapping == nextHop })
    }
}
