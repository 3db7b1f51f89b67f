import FederationModel
import NetworkTypes
import OVN

/// For admins: which BGPVPNs there are, and what is associated with them.
extension SeenBGPVPNs {
    /// Nil: no row tells of any.
    var reports: BGPVPNReports? {
        var found: [Key: Found] = [:]
        var areListed = false
        for bearer in bearers {
            if case .list = bearer.place { areListed = true }
            let mark = bearer.mark
            // ovn-bgp-agent's keys name no BGPVPN: those of one project with one VNI are taken for one.
            let key = Key(id: mark.id, vni: mark.id == nil ? mark.vni : nil, project: mark.id == nil ? bearer.project : nil)
            found[key, default: Found(mark, bearer.project)].take(bearer)
        }
        guard !found.isEmpty else { return nil }
        return BGPVPNReports(among: found.map { $1.report(of: $0.id) }, areListed: areListed)
    }

    private struct Key: Hashable {
        var id: String?
        var vni: VNI?
        var project: String?
    }

    private struct Found {
        var mark: BGPVPNMark
        var project: String?
        var routers: Set<String> = []
        var networks: Set<String> = []
        var ports: Set<String> = []

        init(_ mark: BGPVPNMark, _ project: String?) {
            self.mark = mark
            self.project = project
        }

        mutating func take(_ bearer: Bearer) {
            switch (bearer.place, bearer.mark.by) {
            case (.gateway(let router), .router), (.interface(let router, _, _), .router): routers.insert(router)
            case (.network(let network), .network), (.network(let network), nil), (.interface(_, _, let network?), .network),
                (.interface(_, _, let network?), nil):
                networks.insert(network)
            case (.port(let port, _), .port), (.port(let port, _), nil): ports.insert(port)
            default: break
            }
        }

        func report(of id: String?) -> BGPVPNReport {
            var room = BGPVPNReport.mostAssociations
            func some(_ ids: Set<String>) -> [String] {
                let some = ids.sorted().prefix(room)
                room -= some.count
                return Array(some)
            }
            let (routers, networks, ports) = (some(self.routers), some(self.networks), some(self.ports))
            let all = self.routers.count + self.networks.count + self.ports.count
            return BGPVPNReport(
                id: id, name: mark.name, project: project, type: mark.kind.rawValue, vni: mark.vni?.value,
                importTargets: Set(mark.routeTargets + mark.importTargets).sorted(),
                exportTargets: Set(mark.routeTargets + mark.exportTargets).sorted(), routeDistinguishers: mark.routeDistinguishers,
                routers: routers, networks: networks, ports: ports, omitted: all - routers.count - networks.count - ports.count)
        }
    }
}

extension AgentCore {
    /// What the cloud's OVN tells of BGPVPNs, as far as it is believed; nil: nothing.
    package var bgpvpns: BGPVPNReports? { trust.believed.flatMap { SeenBGPVPNs(in: $0).reports } }
}
