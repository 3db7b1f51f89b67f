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

    private let sites: [Site]

    init(_ graph: FederationGraph, _ autonomousSystems: [CloudName: ASN]) {
        sites = graph.clouds.compactMap { name, cloud in
            autonomousSystems[name].map { asn in
                Site(
                    cloud: name,
                    gateways: cloud.gateways.compactMap { node, gateway in
                        gateway.vtep.map { EVPNPeer(name: "\(name)/\(node)", address: $0, asn: asn) }
                    },
                    routeServers: cloud.bgp.routeServers.map {
                        EVPNPeer(name: $0.name ?? "route-server", address: $0.address, asn: $0.asn)
                    })
            }
        }
    }

    /// The sessions of each gateway of the cloud, in order of address.
    func peers(of cloud: CloudName) -> [EVPNPeer] {
        guard let site = sites.first(where: { $0.cloud == cloud }) else { return [] }
        var peers = site.routeServers
        let known = Set(peers.map(\.address))
        for other in sites where other.cloud != cloud && (site.routeServers.isEmpty || other.routeServers.isEmpty) {
            // A route server may be another cloud's gateway; it stays the one session that it is.
            peers += other.gateways.filter { !known.contains($0.address) }
        }
        return peers.sorted()
    }
}
