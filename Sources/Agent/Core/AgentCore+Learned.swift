import EVPN
import FederationModel
import NetworkTypes

/// What of other clouds' routes is let in.
extension AgentCore {
    /// Milliseconds between looks at what bgpd has beyond what it may install: its whole table of a VRF.
    static let offersInterval: Int64 = 10_000

    /// Counts what is learned. Before bgpd was seen, it is not known what was let in.
    mutating func limitLearned(_ intent: GatewayIntent, at now: Int64) {
        guard host.kernel != nil, learned != nil || host.routing != nil else { return }
        var limits: [VPNName: LearnedLimits] = [:]
        // In this order, because new ones get their indexes here.
        for vpn in intent.vpns.values.sorted(by: { $0.name < $1.name }) {
            let indexes = vpn.instances.map { self.indexes.index(of: $0) }
            let running = indexes.compactMap { host.routing?.vrfs[LocalNames(index: $0).vrf]?.installed }
            var limit = learned?[vpn.name] ?? LearnedLimits(running: running, vpn, in: intent.gateway.cloud, at: now)
            let admittance = Admittance(vpn, in: intent.gateway.cloud)
            let routes = indexes.flatMap { tunnels(of: $0).values.filter(admittance.admits) }.map(OfferedRoute.init)
            limit.judge(
                vpn, in: intent.gateway.cloud, routes: routes, offered: offered(to: vpn, indexes, admittance),
                standing: destinations.known(of: vpn.name), at: now)
            limits[vpn.name] = limit
        }
        learned = limits
        if !limits.values.contains(where: \.isExceeded) { (offers, offersLookedAt) = (nil, nil) }
    }

    /// All that bgpd has for a VPN and that its filter would let in; nil while that is not known.
    private func offered(to vpn: VPNIntent, _ indexes: [Int], _ admittance: Admittance) -> [OfferedRoute]? {
        guard let offers else { return nil }
        let known = indexes.compactMap { offers[$0] }
        guard known.count == indexes.count else { return nil }
        return known.joined().compactMap { route in
            let nextHops = route.nextHops.filter { admittance.admits($0, route.prefix) }
            return nextHops.isEmpty || !vpn.importFilter.permits(route.prefix)
                ? nil : OfferedRoute(prefix: route.prefix, nextHops: nextHops)
        }
    }

    /// The VPNs' tables that must be read, by index; none: not now.
    mutating func dueOffers(at now: Int64) -> [Int] {
        guard let learned, let intent = keeper.intent, host.routing != nil else { return [] }
        let wait = offersLookedAt.map { $0 + Self.offersInterval - now } ?? 0
        // A clock that was set back must not make the time longer.
        guard !(1...Self.offersInterval).contains(wait), !isLookingAtOffers else { return [] }
        let exceeded = learned.filter { $0.value.isExceeded }.compactMap { intent.vpns[$0.key] }
        return exceeded.flatMap { $0.instances.compactMap { indexes.instances[$0] } }.sorted()
    }

    mutating func see(_ view: [Int: [OfferedRoute]]?, at now: Int64) {
        offers = view
        offersLookedAt = now
        isLookingAtOffers = false
    }

    /// What of learned routes is not installed: what nobody gave a cloud the right to, and what is too much.
    func restrictions(_ intent: GatewayIntent) -> [VPNName: [LearnedRestriction]] {
        intent.vpns.mapValues { vpn in
            vpn.rightRestrictions(in: intent.gateway.cloud) + (learned?[vpn.name]?.restrictions ?? [])
        }.filter { !$0.value.isEmpty }
    }

    /// Whether traffic is sent where a route of the kernel leads.
    func mayLead(_ vpn: VPNIntent) -> (TunnelRoute) -> Bool {
        let (admittance, limits) = (Admittance(vpn, in: keeper.intent?.gateway.cloud), learned?[vpn.name])
        return { route in
            admittance.admits(route) && limits?.admits(route.prefix, by: [route.nextHop] + route.further) ?? true
        }
    }
}

extension OfferedRoute {
    fileprivate init(_ route: TunnelRoute) { self.init(prefix: route.prefix, nextHops: [route.nextHop] + route.further) }
}
