import FederationModel
import NetworkTypes

/// The EVPN sessions between gateways.
///
/// A cloud with route servers has sessions only with them; the others have sessions with each gateway of each other
/// cloud. If only one of two clouds has route servers, their gateways still have sessions with each other:
/// a session that is configured on one side only never establishes.
///
/// Gateways of one cloud have no sessions with each other. They share an AS, so each drops the other's routes as a loop (RFC 4271,
/// section 9.1.2), and they need none: inside a cloud, OVN itself carries the tenant's traffic.
struct Mesh {
    private struct Site {
        var cloud: CloudName
        var gateways: [EVPNPeer]
        var routeServers: [EVPNPeer]
    }

    private let sites: [CloudName: Site]
    /// The clouds without route servers: the only possible peers of a cloud with route servers.
    private let direct: [Site]

    init(_ graph: FederationGraph, _ autonomousSystems: [CloudName: ASN], _ compiled: [CloudName: CompiledSite]) {
        var sites: [CloudName: Site] = [:]
        for (name, cloud) in graph.clouds {
            guard let asn = autonomousSystems[name], let site = compiled[name] else { continue }
            sites[name] = Site(
                cloud: name,
                gateways: site.gateways.map { EVPNPeer(name: $0.id.description, address: .v4($0.vtep), asn: asn) },
                routeServers: cloud.bgp.routeServers.map {
                    EVPNPeer(name: $0.name ?? "route-server", address: $0.address, asn: $0.asn)
                })
        }
        self.sites = sites
        direct = sites.values.filter { $0.routeServers.isEmpty }
    }

    /// The sessions of each gateway of the cloud, sorted by address.
    func peers(of cloud: CloudName) -> [EVPNPeer] {
        guard let site = sites[cloud] else { return [] }
        var peers = site.routeServers
        let known = Set(peers.map(\.address))
        func add(_ other: Site) {
            // A route server may be another cloud's gateway; it must stay one session.
            if other.cloud != cloud { peers += other.gateways.filter { !known.contains($0.address) } }
        }
        if site.routeServers.isEmpty { sites.values.forEach(add) } else { direct.forEach(add) }
        return peers.sorted()
    }
}
