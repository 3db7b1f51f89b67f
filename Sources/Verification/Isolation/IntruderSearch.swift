import FederationModel
import NetworkTypes

/// Searches a cloud's VRFs for intruders: routes from no gateway that may export to the VPN, and routes that their origins do not announce.
///
/// A received route with an import target of a VRF is in that VRF, even if a filter keeps it out of the kernel. So both VRFs of a VPN whose
/// VNI changes are checked, and each route's distinguisher and path are known.
struct IntruderSearch {
    struct Findings {
        /// Sorted by gateway, prefix and next hop.
        var intruders: [Intruder] = []
        /// Silent origins, whose routes cannot be judged.
        var doubts: Set<GatewayID> = []
    }

    enum Judgement {
        case lawful
        case doubtful(GatewayID)
        case intruder(Intruder.Reason)
    }

    let vpn: VPNName
    /// All clouds of the VPN, including the viewer.
    let sides: [CloudInVPN]
    let view: FederationView
    let external: ExternalOrigins
    let observations: [GatewayID: GatewayObservation]
    /// The time of the last change of the VPN's intents, in milliseconds since 1970.
    let changedAt: Int64
    let now: Int64
    private let sites: [GatewayID: GatewayInVPN]

    init(
        vpn: VPNName, sides: [CloudInVPN], view: FederationView, external: ExternalOrigins, observations: [GatewayID: GatewayObservation],
        changedAt: Int64,
        now: Int64
    ) {
        self.vpn = vpn
        self.sides = sides
        self.view = view
        self.external = external
        self.observations = observations
        self.changedAt = changedAt
        self.now = now
        sites = Dictionary(sides.flatMap(\.sites).map { ($0.id, $0) }) { $1 }
    }

    func findings(at viewer: CloudInVPN) -> Findings {
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

    private func judge(_ route: ReceivedRoute, _ imports: Set<RouteTarget>, at viewer: GatewayInVPN) -> Judgement {
        let nextHop = route.nextHop.withoutMapping
        if let owner = view.owners[route.routeDistinguisher], let origin = view.intents[owner.gateway], .v4(origin.base.vtep) == nextHop {
            guard route.asPath.last ?? viewer.base.asn.value == origin.base.asn.value else {
                return excuse(owner.gateway) ?? .intruder(.foreignAS)
            }
            // Legitimate routes in the wrong place are leaks, which are reported separately.
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

    /// Whether intents changed a moment ago: gateways may not have received or applied them yet.
    private var isUnsettled: Bool { now - changedAt < ReportMoments.grace }

    /// Why a gateway's own routes may look foreign; nil if there is no reason.
    private func excuse(_ gateway: GatewayID) -> Judgement? {
        if isUnsettled { return .lawful }
        guard let site = sites[gateway] else { return nil }
        guard site.report != nil else {
            // It may not have the new intent yet, if it has not reported since.
            return (site.observation?.receivedAt ?? 0) < changedAt ? .doubtful(gateway) : nil
        }
        // It runs the previous intent, and reports so; the pair fails because of that.
        return site.baseProgress.state == .applied && site.progress.state == .applied ? nil : .lawful
    }

    private func announced(_ prefix: IPPrefix, by owner: FederationView.Owner, _ route: ReceivedRoute, at viewer: GatewayInVPN) -> Judgement
    {
        guard let observation = observations[owner.gateway], !observation.isStale(at: now), let report = observation.report.vpns[owner.vpn]
        else {
            // If another gateway of its cloud has the prefix, the prefix belongs to the cloud, whatever the source.
            let hasTwin = sides.first { $0.cloud == owner.gateway.cloud }?.sites.contains { $0.expected.contains(prefix) } ?? false
            return hasTwin && owner.vpn == vpn ? .lawful : .doubtful(owner.gateway)
        }
        let site = owner.vpn == vpn ? sites[owner.gateway] : nil
        // A missing advertisement is a failure of its pairs.
        if site?.expected.contains(prefix) ?? report.expected.contains(prefix) { return .lawful }
        if observation.moments.wasWithdrawn(prefix, of: owner.vpn, at: now) || viewer.moments.isYoung(route, at: now) || isUnsettled {
            return .lawful
        }
        let isAdvertised = site?.advertised.contains(prefix) ?? report.advertised.contains(prefix)
        return .intruder(isAdvertised ? .unexpected : .notAdvertised)
    }

    // MARK: Routes without a received route

    /// VRF routes without a matching received route: added by hand, or imported from another VRF.
    private func unexplained(at site: GatewayInVPN) -> [(IPPrefix, IPAddress)] {
        // Parts of one report are also read at different moments.
        guard !isUnsettled, !site.moments.isYoung(vpn, at: now) else { return [] }
        var found: [(IPPrefix, IPAddress)] = []
        func look(_ prefix: IPPrefix, _ nextHops: some Sequence<IPAddress>) {
            let received = site.received[prefix]
            for nextHop in Set(nextHops.map(\.withoutMapping)) where !received.contains(where: { $0.nextHop.withoutMapping == nextHop }) {
                found.append((prefix, nextHop))
            }
        }
        for (prefix, routes) in site.imported { look(prefix, routes.map(\.nextHop)) }
        // If a cloud of the VPN has the prefix, its pair reports the wrong next hop.
        for (prefix, routes) in site.installed
        where site.imported[prefix] == nil && !sites.values.contains(where: { $0.expected.contains(prefix) }) {
            look(prefix, routes.map(\.nextHop))
        }
        return found
    }

    private func reason(toDoubt prefix: IPPrefix, via nextHop: IPAddress, _ imports: Set<RouteTarget>) -> Intruder.Reason? {
        guard let announcer = view.gatewaysByVTEP[nextHop] else { return external.allows(nextHop: nextHop) ? nil : .unknownVTEP }
        guard view.mayExport(announcer, to: imports) else {
            // Routes of a cloud that the policy does not connect are reported as leaks.
            return sites[announcer] == nil ? .notMember : nil
        }
        guard let site = sites[announcer] else { return nil }
        let withdrawn = site.moments.wasWithdrawn(prefix, of: vpn, at: now)
        return site.report == nil || site.expected.contains(prefix) || withdrawn ? nil : .notAdvertised
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
