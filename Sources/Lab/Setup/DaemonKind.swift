/// A daemon of a host in the lab; its raw value names it in `fedlab restart`, in `fedlab status`, and in its log.
package enum DaemonKind: String, Sendable, CaseIterable {
    case agent, coordinator, zebra, staticd, bgpd
    case database = "ovsdb-server"
    case vswitchd = "ovs-vswitchd"
    case controller = "ovn-controller"
    case northbound = "ovsdb-nb"
    case southbound = "ovsdb-sb"
    case northd = "ovn-northd"
}

extension Scenario {
    /// The daemons that a host has, in the order in which they are started.
    package func daemons(of host: Host) -> [DaemonKind] {
        switch host {
        case .management: return [.coordinator]
        case .spine: return [.zebra, .staticd, .bgpd]
        default: break
        }
        for cloud in clouds {
            if host == .central(cloud.name) { return [.northbound, .southbound, .northd] }
            guard let node = cloud.nodes.first(where: { host == .node(cloud.name, $0) }) else { continue }
            let isGateway = cloud.gateways.contains { $0.name == node }
            return [.database, .vswitchd, .controller] + (isGateway ? [.zebra, .staticd, .bgpd] : [])
                + (isGateway && cloud.isFederated ? [.agent] : [])
        }
        return []
    }
}
