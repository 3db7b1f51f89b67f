import FederationModel
import NetworkTypes

/// Looks for routes in one side's VRFs that are of nobody who may export to the VPN, and for those that their origins do not announce.
///
/// What bgpd received with a target that a VRF imports is in that VRF, whatever the kernel was let have of it. So both VRFs of a VPN whose
/// VNI changes are looked at, and each route's distinguisher and path are known.
struct IntruderSearch {
    struct Findings {
        /// By gateway, prefix and next hop.
        var intruders: [Intruder] = []
        /// Origins whose routes cannot be judged, because they are silent.
        var doubts: Set<GatewayID> = []
    }

    enum Judgement {
        case lawful
        case doubtful(GatewayID)
        case intruder(Intruder.Reason)
    }

    let vpn: VPNName
    /// All sides of the VPN, the viewer among them.
    let sides: [Side]
    let view: FederationView
    let external: ExternalOrigins
    let testimonies: [GatewayID: Testimony]
    /// When what gateways are to do in the VPN last changed, in milliseconds since 1970.
    let changedAt: Int64
    let now: Int64
    private let sites: [GatewayID: Site]

    init(
        vpn: VPNName, sides: [Side], view: FederationView, external: ExternalOrigins, testimonies: [GatewayID: Testimony], changedAt: Int64,
        now: Int64
    ) {
        self.vpn = vpn
        self.sides = sides
        self.view = view
        self.external = external
        self.testimonies = testimonies
        self.changedAt = changedAt
        self.now = now
        sites = Dictionary(sides.flatMap(\.sites).map { ($0.id, $0) }) { $1 }
    }

    func findings(at viewer: Side) -> Findings {
        var found = Findings()
        for site in viewer.sites {
            guard let report = site.report else { continue }
            let imports = Set(site.intent.bindings.flatMap(\.importTargets))
            for route in site.received.bearing(imports.union(report.effective?.importTargets ?? [])) where route.isValid {
                switch judge(route, imports, at: site) {
                case .lawful: break
                case .doubtful(let origin): found.doubts.insert(origin)
                case .intruder(let reason): found.intruders.append(Intruder(route, reason, at: site, view: view))
                }
            }
            for (prefix, nextHop) in unexplained(at: site) {
                guard let reason = reason(toDoubt: prefix, via: nextHop, imports) else { continue }
                found.intruders.append(Intruder(prefix, via: nextHop, reason, at: site, view: view))
            }
        }
        found.intruders.sort { ($0.gateway, $0.prefix, $0.nextHop) < ($1.gateway, $1.prefix, $1.nextHop) }
        return found
    }

    // MARK: Routes as they were received

    private func judge(_ route: ReceivedRoute, _ imports: Set<RouteTarget>, at viewer: Site) -> Judgement {
        let nextHop = route.nextHop.withoutMapping
        if let owner = view.owners[route.routeDistinguisher], let origin = view.intents[owner.gateway], .v4(origin.base.vtep) == nextHop {
            guard route.asPath.last ?? viewer.base.asn.value == origin.base.asn.value else {
                return excuse(owner.gateway) ?? .intruder(.foreignAS)
            }
            // Routes that gateways send by right and that nevertheless must not be here are leaks, which are told of otherwise.
            return view.mayExport(owner, to: imports) ? announced(route.prefix, by: owner, route, at: viewer) : .lawful
        }
        guard let announcer = view.gatewaysByVTEP[nextHop] else {
            if external.allows(route, in: viewer.base.asn) && view.owners[route.routeDistinguisher] == nil || isUnsettled { return .lawful }
            return .intruder(.unknownVTEP)
        }
        if let excuse = excuse(announcer) { return excuse }
        guard view.mayExport(announcer, to: imports) else { return .intruder(.notMember) }
        return .intruder(view.owners[route.routeDistinguisher] == nil ? .unknownDistinguisher : .foreignDistinguisher)
    }

    /// What gateways are to do changed a moment ago: they may not have heard, or not have done it.
    private var isUnsettled: Bool { now - changedAt < ReportMoments.grace }

    /// Why a gateway's own routes may look like somebody else's; nil where there is no such reason.
    private func excuse(_ gateway: GatewayID) -> Judgement? {
        if isUnsettled { return .lawful }
        guard let site = sites[gateway] else { return nil }
        guard let report = site.report else {
            // It may not know yet what it is to do, if it was not heard since.
            return (site.testimony?.receivedAt ?? 0) < changedAt ? .doubtful(gateway) : nil
        }
        // It does what it was told before, and says so; the pair fails by that.
        let isCurrent =
            site.baseReport.acknowledgement == .applied(site.base.version) && report.acknowledgement == .applied(site.intent.version)
        return isCurrent ? nil : .lawful
    }

    private func announced(_ prefix: IPPrefix, by owner: FederationView.Owner, _ route: ReceivedRoute, at viewer: Site) -> Judgement {
        guard let testimony = testimonies[owner.gateway], !testimony.isStale(at: now), let report = testimony.report.vpns[owner.vpn] else {
            // Another gateway of its cloud may be known to have the prefix; then it is the cloud's, wherever it came from.
            let hasTwin = sides.first { $0.cloud == owner.gateway.cloud }?.sites.contains { $0.expected.contains(prefix) } ?? false
            return hasTwin && owner.vpn == vpn ? .lawful : .doubtful(owner.gateway)
        }
        let site = owner.vpn == vpn ? sites[owner.gateway] : nil
        // What it is to advertise and does not is its pairs' failure.
        if site?.expected.contains(prefix) ?? report.expected.contains(prefix) { return .lawful }
        if testimony.moments.wasWithdrawn(prefix, of: owner.vpn, at: now) || viewer.moments.isYoung(route, at: now) || isUnsettled {
            return .lawful
        }
        let isAdvertised = site?.advertised.contains(prefix) ?? report.advertised.contains(prefix)
        return .intruder(isAdvertised ? .unexpected : .notAdvertised)
    }

    // MARK: Routes that nobody is seen to have sent

    /// What the VRF has and no received route explains: put there by hand, or imported from another VRF.
    private func unexplained(at site: Site) -> [(IPPrefix, IPAddress)] {
        // Parts of one report, too, are read one after the other.
        guard !isUnsettled, !site.moments.isYoung(vpn, at: now) else { return [] }
        var found: [(IPPrefix, IPAddress)] = []
        func look(_ prefix: IPPrefix, _ nextHops: some Sequence<IPAddress>) {
            let received = site.received[prefix]
            for nextHop in Set(nextHops.map(\.withoutMapping)) where !received.contains(where: { $0.nextHop.withoutMapping == nextHop }) {
                found.append((prefix, nextHop))
            }
        }
        for (prefix, routes) in site.imported { look(prefix, routes.map(\.nextHop)) }
        // Where somebody is to have the prefix, its pair says that the kernel sends it elsewhere.
        for (prefix, routes) in site.installed
        where site.imported[prefix] == nil && !sites.values.contains(where: { $0.expected.contains(prefix) }) {
            look(prefix, routes.map(\.nextHop))
        }
        return found
    }

    private func reason(toDoubt prefix: IPPrefix, via nextHop: IPAddress, _ imports: Set<RouteTarget>) -> Intruder.Reason? {
        guard let announcer = view.gatewaysByVTEP[nextHop] else { return external.allows(nextHop: nextHop) ? nil : .unknownVTEP }
        guard view.mayExport(announcer, to: imports) else {
            // What is left of a cloud of the VPN that the policy does not join is told of as a leak.
            return sites[announcer] == nil ? .notMember : nil
        }
        guard let site = sites[announcer] else { return nil }
        let withdrawn = site.moments.wasWithdrawn(prefix, of: vpn, at: now)
        return site.report == nil || site.expected.contains(prefix) || withdrawn ? nil : .notAdvertised
    }
}

extension Intruder {
    fileprivate init(_ route: ReceivedRoute, _ reason: Reason, at site: Site, view: FederationView) {
        self.init(route.prefix, via: route.nextHop.withoutMapping, reason, at: site, view: view)
        routeDistinguisher = route.routeDistinguisher
        originAS = route.asPath.last ?? site.base.asn.value
    }

    fileprivate init(_ prefix: IPPrefix, via nextHop: IPAddress, _ reason: Reason, at site: Site, view: FederationView) {
        self.init(
            gateway: site.id, prefix: prefix, nextHop: nextHop, routeDistinguisher: nil, originAS: nil,
            announcer: view.gatewaysByVTEP[nextHop], reason: reason,
            isInstalled: site.installed[prefix, default: []].contains { $0.nextHop.withoutMapping == nextHop })
    }
}
