import FederationModel
import NetworkTypes

/// Who has EVPN sessions with whom.
///
/// A cloud that names route servers has its sessions with them; the others have theirs with each gateway of each other
/// cloud. Where only one of two clouds names route servers, their gateways have sessions with each other all the same:
/// a session that only one side is configured for never comes up.
///
/// Gateways of one cloud have none with each other. They share an AS, so each drops the other's routes as a loop (RFC 4271,
/// section 9.1.2), and they need none: inside a cloud, OVN itself carries the tenant's traffic.
struct Mesh {
    private struct Site {
        var cloud: CloudName
        var gateways: [EVPNPeer]
        var routeServers: [EVPNPeer]
    }

    private let sites: [CloudName: Site]
    /// Those without route servers: all that a cloud with route servers has to look at.
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

    /// The sessions of each gateway of the cloud, in order of address.
    func peers(of cloud: CloudName) -> [EVPNPeer] {
        guard let site = sites[cloud] else { return [] }
        var peers = site.routeServers
        let known = Set(peers.map(\.address))
        func add(_ other: Site) {
            // A route server may be another cloud's gateway; it stays the one session that it is.
            if other.cloud != cloud { peers += other.gateways.filter { !known.contains($0.address) } }
        }
        if site.routeServers.isEmpty { sites.values.forEach(add) } else { direct.forEach(add) }
        return peers.sorted()
    }
}
