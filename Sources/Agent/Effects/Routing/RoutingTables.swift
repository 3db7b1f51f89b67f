import FRR
import FederationModel
import NetworkTypes
import VTY

/// bgpd's tables, as reports need them: they grow with the federation, and nothing is decided on them.
package struct RoutingTables: Hashable, Sendable, Codable {
    package var sessions: [PeerSession] = []
    package var received: [ReceivedRoute] = []
    /// Originated as type 5, by RD.
    package var advertised: [RouteDistinguisher: [IPPrefix]] = [:]
    /// By VRF.
    package var imported: [String: [ImportedRoute]] = [:]
    /// Of bgpd: `8.4.4`.
    package var version = ""
    /// Milliseconds since 1970.
    package var readAt: Int64 = 0

    package init() {}
}

extension RoutingTables {
    /// - Parameters:
    ///   - vrfs: Those whose imported routes are wanted.
    ///   - now: Milliseconds since 1970.
    init(reading bgpd: VTYClient, vrfs: [String], at now: Int64) async throws {
        readAt = now
        version = FRRVersion(parsing: try await bgpd.show("show version"))?.description ?? ""
        // Without a default instance there are neither sessions nor routes, and that is an answer too.
        let summary = try BGPSummary.decode(await bgpd.showDefaultInstance("show bgp l2vpn evpn summary json") ?? "{}")
        sessions = summary.peers.compactMap(PeerSession.init)
        let routes = try EVPNPrefixRoutes.decode(await bgpd.showDefaultInstance("show bgp l2vpn evpn route type prefix json") ?? "{}")
        for route in routes.local { advertised[route.distinguisher, default: []].append(route.prefix) }
        advertised = advertised.mapValues { $0.sorted() }
        received = routes.received.compactMap(ReceivedRoute.init).sorted {
            ($0.prefix, $0.routeDistinguisher) < ($1.prefix, $1.routeDistinguisher)
        }
        for vrf in vrfs {
            imported[vrf] = try await Self.imported(vrf, bgpd).compactMap(ImportedRoute.init).sorted { $0.prefix < $1.prefix }
        }
    }

    /// A VRF's paths that are not its own.
    static func imported(_ vrf: String, _ bgpd: VTYClient) async throws -> [BGPVRFRoute] {
        var found: [BGPVRFRoute] = []
        for family in AddressFamily.allCases { found += try await table(of: vrf, family, bgpd)?.routes.filter { !$0.isLocal } ?? [] }
        return found
    }

    /// Nil while bgpd has no such instance: it says so by a warning, as an answer or inside it.
    private static func table(of vrf: String, _ family: AddressFamily, _ bgpd: VTYClient) async throws -> BGPVRFTable? {
        do {
            return try BGPVRFTable.decode(await bgpd.show("show bgp vrf \(vrf) \(family.rawValue) unicast json"))
        } catch let error as VTYError {
            if case .refused = error { return nil }
            throw error
        } catch let error as FRRDecodingError {
            if case .warning = error { return nil }
            throw error
        }
    }
}

extension ImportedRoute {
    fileprivate init?(_ route: BGPVRFRoute) {
        guard let nextHop = route.nextHops.first else { return nil }
        self.init(prefix: route.prefix, nextHop: nextHop, isBest: route.isBest && route.isValid)
    }
}

extension PeerSession {
    fileprivate init?(_ peer: BGPPeerState) {
        guard let address = peer.address, let asn = peer.remoteASN else { return nil }
        self.init(address: address, asn: asn, state: peer.state, prefixesReceived: peer.prefixesReceived)
    }
}

extension ReceivedRoute {
    fileprivate init?(_ route: EVPNPrefixRoute) {
        guard let nextHop = route.nextHop else { return nil }
        self.init(
            prefix: route.prefix, routeDistinguisher: route.distinguisher, nextHop: nextHop, routeTargets: route.targets.sorted(),
            routerMAC: route.routerMAC, asPath: route.path, isValid: route.isValid, isBest: route.isBest)
    }
}
