import FederationModel
import NetworkTypes

/// A federation of a given size, the same at every run. Of ten VPNs, eight are full meshes, one is a hub and spoke, one a partial mesh.
struct SyntheticFederation {
    var clouds: Int
    var vpns: Int
    /// In how many clouds each VPN is.
    var cloudsPerVPN: Int
    var gatewaysPerCloud = 2
    /// Else each gateway has sessions with all others.
    var hasRouteServers: Bool
    /// Else all are full meshes.
    var hasPolicies = true

    /// (VPN, cloud) pairs.
    var memberships: Int { vpns * cloudsPerVPN }

    /// - Throws: Where a name is none; they are made here.
    func graph() throws -> FederationGraph {
        var graph = FederationGraph(federation: try FederationID(parsing: "bench"))
        let servers =
            try hasRouteServers
            ? (1...2).map { RouteServer(address: try IPAddress(parsing: "10.254.0.\($0)"), asn: try ASN(parsing: "6499\($0)")) } : []
        let names = try (0..<clouds).map { try CloudName(parsing: "cloud-\($0)") }
        for (index, name) in names.enumerated() {
            var cloud = Cloud(bgp: BGPSettings(routeServers: servers), labels: ["region": "r\(index % 10)"])
            for node in 0..<gatewaysPerCloud {
                let vtep = IPv4Address(bits: 0x0a00_0000 + UInt32(index * 16 + node + 1))
                cloud.gateways[try NodeName(parsing: "gw\(node + 1)")] = Gateway(vtep: vtep)
            }
            graph.clouds[name] = cloud
        }
        for index in 0..<vpns { graph.vpns[try VPNName(parsing: "tenant-\(index)")] = vpn(index, names) }
        return graph
    }

    func vpn(_ index: Int, _ names: [CloudName]) -> VPN {
        let policies: [Int: VPNPolicy] = [
            3: .hubAndSpoke(transit: []),
            7: .partialMesh([PolicyEdge(from: .labels(["region": "r1"]), to: .labels(["region": "r2"]))]),
        ]
        let members = (0..<cloudsPerVPN).map { names[(index + $0 * clouds / cloudsPerVPN) % clouds] }
        let attachments = members.enumerated().map { position, cloud in
            Attachment(
                cloud: cloud, selector: AttachmentSelector(kind: .router, key: .name, value: "tenant-\(index)-router"),
                role: hasPolicies && index % 10 == 3 && position == 0 ? .hub : .member)
        }
        return VPN(policy: hasPolicies ? policies[index % 10] ?? .fullMesh : .fullMesh, attachments: attachments)
    }
}
