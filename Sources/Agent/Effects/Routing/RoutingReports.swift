import FRR
import FederationModel
import Logging
import NetworkTypes
import VTY

/// What bgpd has, for reports: read on connections of its own, so that a long answer holds no change up.
package actor RoutingReports {
    package struct Content: Hashable, Sendable {
        package var sessions: [PeerSession] = []
        package var received: [ReceivedRoute] = []
        /// Originated as type 5, by RD.
        package var advertised: [RouteDistinguisher: [IPPrefix]] = [:]
        /// By VRF.
        package var imported: [String: [ImportedRoute]] = [:]
        /// The L3VNIs that are up, with what is in force.
        package var effective: [VNI: EffectiveVPN] = [:]
        package var version = ""

        package init() {}
    }

    private let bgpd: VTYClient
    private let zebra: VTYClient

    init(directory: String, log: Logger) {
        bgpd = VTYClient(path: directory + "/bgpd.vty", logger: log)
        zebra = VTYClient(path: directory + "/zebra.vty", logger: log)
    }

    func read(vrfs: [String]) async throws -> Content {
        for client in [bgpd, zebra] where await !client.isConnected { try await client.connect() }
        var content = Content()
        content.version = FRRVersion(parsing: try await bgpd.show("show version"))?.description ?? ""
        // Without a default instance there are neither sessions nor routes, and that is an answer too.
        let summary = try BGPSummary.decode(await bgpd.showDefaultInstance("show bgp l2vpn evpn summary json") ?? "{}")
        content.sessions = summary.peers.compactMap(PeerSession.init)
        let routes = try EVPNPrefixRoutes.decode(await bgpd.showDefaultInstance("show bgp l2vpn evpn route type prefix json") ?? "{}")
        for route in routes.local { content.advertised[route.distinguisher, default: []].append(route.prefix) }
        content.advertised = content.advertised.mapValues { $0.sorted() }
        content.received = routes.received.compactMap(ReceivedRoute.init).sorted {
            ($0.prefix, $0.routeDistinguisher) < ($1.prefix, $1.routeDistinguisher)
        }
        for vrf in vrfs { content.imported[vrf] = try await imported(vrf) }
        let up = Set(try ZebraVNI.decode(await zebra.show("show vrf vni json")).filter(\.isUp).map(\.vni))
        let vnis = try BGPVNI.decode(await bgpd.showDefaultInstance("show bgp l2vpn evpn vni json") ?? "{}")
        for entry in vnis.values where entry.kind == .l3 {
            content.effective[entry.vni] = EffectiveVPN(
                encapsulation: .vxlan(entry.vni), routeDistinguisher: entry.distinguisher,
                importTargets: entry.importTargets.targets.sorted(),
                exportTargets: entry.exportTargets.targets.sorted(), routerMAC: entry.routerMAC, isUp: up.contains(entry.vni))
        }
        return content
    }

    private func imported(_ vrf: String) async throws -> [ImportedRoute] {
        var found: [ImportedRoute] = []
        for family in AddressFamily.allCases {
            for route in try await table(of: vrf, family)?.routes ?? [] where !route.isLocal {
                guard let nextHop = route.nextHops.first else { continue }
                found.append(ImportedRoute(prefix: route.prefix, nextHop: nextHop.withoutMapping, isBest: route.isBest && route.isValid))
            }
        }
        return found.sorted { $0.prefix < $1.prefix }
    }

    /// Nil while bgpd has no such instance: it says so by a warning, as an answer or inside it.
    private func table(of vrf: String, _ family: AddressFamily) async throws -> BGPVRFTable? {
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
            prefix: route.prefix, routeDistinguisher: route.distinguisher, nextHop: nextHop.withoutMapping,
            routeTargets: route.targets.sorted(),
            routerMAC: route.routerMAC, asPath: route.path, isValid: route.isValid, isBest: route.isBest)
    }
}
