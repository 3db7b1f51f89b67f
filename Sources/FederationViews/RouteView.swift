import FederationAPI
import FederationModel
import NetworkTypes
import Verification

/// One destination at one gateway, and how far it got there.
package struct RouteView: Hashable, Sendable, Encodable {
    package enum Origin: String, Hashable, Sendable, Encodable {
        /// A port of this gateway's own cloud.
        case local
        /// Of another gateway.
        case learned
    }

    /// Nil where no VPN of the gateway imports it.
    package var vpn: VPNName?
    package var gateway: GatewayID
    package var prefix: IPPrefix
    package var origin: Origin
    /// OVN's bindings call for it here.
    package var expected = false
    package var advertised = false
    /// As peers sent it, once per path.
    package var received: [ReceivedRoute] = []
    package var imported: ImportedRoute?
    package var installed: InstalledRoute?
    package var steered = false
    package var exempted = false
    /// Gateways that it leads to, as far as their VTEPs are known.
    package var from: [GatewayID] = []
    /// Paths of it that nobody may have sent here, as the coordinator judges.
    package var intruders: [Intruder] = []

    package init(vpn: VPNName?, gateway: GatewayID, prefix: IPPrefix, origin: Origin) {
        self.vpn = vpn
        self.gateway = gateway
        self.prefix = prefix
        self.origin = origin
    }
}

extension RouteView {
    /// All destinations that gateways speak of, by VPN, gateway and prefix.
    ///
    /// - Parameters:
    ///   - states: of the gateways that are asked for.
    ///   - vteps: of all gateways.
    ///   - vpn: only this one; nil for all, and for routes that no VPN imports.
    ///   - pairs: the coordinator's judgement, for what nobody may have sent.
    package static func all(_ states: [GatewayState], vteps: [IPAddress: GatewayID], vpn: VPNName?, pairs: [PairVerdict] = [])
        -> [RouteView]
    {
        let intruders = Self.intruders(of: pairs)
        return states.flatMap { state in
            var routes = GatewayRoutes(state)
            routes.addReceived()
            for report in state.report?.vpns.values.sorted(by: { $0.name < $1.name }) ?? [] { routes.add(report) }
            for (vpn, found) in intruders[state.gateway] ?? [:] { routes.add(found, in: vpn) }
            return routes.all(vteps: vteps)
        }
        .filter { vpn == nil || $0.vpn == vpn }
        .sorted { ($0.vpn?.text ?? "\u{10ffff}", $0.gateway, $0.prefix) < ($1.vpn?.text ?? "\u{10ffff}", $1.gateway, $1.prefix) }
    }

    /// An intruder may stand against several pairs, and is one.
    private static func intruders(of pairs: [PairVerdict]) -> [GatewayID: [VPNName: Set<Intruder>]] {
        var found: [GatewayID: [VPNName: Set<Intruder>]] = [:]
        for pair in pairs {
            for intruder in pair.intruders { found[intruder.gateway, default: [:]][pair.vpn, default: []].insert(intruder) }
        }
        return found
    }
}

/// The destinations of one gateway, put together from the parts of its report.
private struct GatewayRoutes {
    private struct Key: Hashable {
        package var vpn: VPNName?
        package var prefix: IPPrefix
        package var origin: RouteView.Origin
    }

    private let state: GatewayState
    private var routes: [Key: RouteView] = [:]

    package init(_ state: GatewayState) { self.state = state }

    package mutating func addReceived() {
        // Route targets decide, as in bgpd; a route that several VPNs import stands in each of them.
        var importers: [RouteTarget: [VPNName]] = [:]
        for vpn in state.intent?.vpns.values.sorted(by: { $0.name < $1.name }) ?? [] {
            for target in vpn.importTargets { importers[target, default: []].append(vpn.name) }
        }
        for route in state.report?.received ?? [] {
            let vpns = Set(route.routeTargets.flatMap { importers[$0] ?? [] }).sorted()
            for vpn in vpns.isEmpty ? [nil] : vpns.map(Optional.some) {
                change(vpn, route.prefix, .learned) { $0.received.append(route) }
            }
        }
    }

    package mutating func add(_ report: VPNReport) {
        for prefix in report.expected { change(report.name, prefix, .local) { $0.expected = true } }
        for prefix in report.advertised { change(report.name, prefix, .local) { $0.advertised = true } }
        for route in report.imported {
            change(report.name, route.prefix, .learned) { if $0.imported?.isBest != true { $0.imported = route } }
        }
        for route in report.installed { change(report.name, route.prefix, .learned) { if $0.installed == nil { $0.installed = route } } }
        for prefix in report.steered { change(report.name, prefix, .learned) { $0.steered = true } }
        for prefix in report.exempted { change(report.name, prefix, .learned) { $0.exempted = true } }
    }

    package mutating func add(_ intruders: Set<Intruder>, in vpn: VPNName) {
        for intruder in intruders.sorted(by: { ($0.prefix, $0.nextHop) < ($1.prefix, $1.nextHop) }) {
            change(vpn, intruder.prefix, .learned) { $0.intruders.append(intruder) }
        }
    }

    package func all(vteps: [IPAddress: GatewayID]) -> [RouteView] {
        routes.values.map { route in
            var route = route
            let hops = route.received.map(\.nextHop) + [route.imported?.nextHop, route.installed?.nextHop].compactMap(\.self)
            route.from = Set(hops.compactMap { vteps[$0] }).sorted()
            return route
        }
    }

    private mutating func change(_ vpn: VPNName?, _ prefix: IPPrefix, _ origin: RouteView.Origin, _ body: (inout RouteView) -> Void) {
        body(
            &routes[
                Key(vpn: vpn, prefix: prefix, origin: origin),
                default: RouteView(vpn: vpn, gateway: state.gateway, prefix: prefix, origin: origin)])
    }
}

extension FederationGraph {
    /// Whose tunnel endpoint an address is.
    package var vteps: [IPAddress: GatewayID] {
        var result: [IPAddress: GatewayID] = [:]
        for id in gateways { if let vtep = self[id]?.vtep { result[vtep] = id } }
        return result
    }
}
