import FederationModel
import OVN

/// What a cloud's rows say of BGPVPNs, with the rows that say it. Pure.
struct SeenBGPVPNs {
    /// The row that a mark is on.
    enum Place: Hashable {
        /// The port of a router towards its provider network, by the router's id.
        case gateway(router: String)
        /// A port of a router in a tenant's network.
        case interface(router: String, port: String, network: String?)
        /// A network, by its id.
        case network(String)
        /// A machine's port, with its network's id.
        case port(String, network: String)
        /// The driver's list.
        case list
    }

    struct Bearer: Hashable {
        var mark: BGPVPNMark
        var place: Place
        /// Whose the BGPVPN is; where the mark does not tell, whose the row's router, network or port is. Nil: nobody tells.
        var project: String?
    }

    private(set) var bearers: [Bearer] = []

    init(in cloud: CloudView) {
        for mark in cloud.listed ?? [] { add([mark], .list, nil) }
        for network in cloud.networks { add(network.bgpvpns, .network(network.identity.id), network.project) }
        var ports: Set<String> = []
        for router in cloud.routers {
            for gateway in router.gateways { add(gateway.bgpvpns, .gateway(router: router.id), router.project) }
            for interface in router.interfaces {
                add(
                    interface.bgpvpns,
                    .interface(router: router.id, port: interface.logicalPort, network: interface.network?.id), router.project)
                guard let network = interface.network?.id else { continue }
                // A network may lie behind several routers.
                for hosts in [interface.hosts, interface.unbound] {
                    for host in hosts where host.bgpvpns != nil && ports.insert(host.logicalPort).inserted {
                        add(host.bgpvpns, .port(host.logicalPort, network: network), host.project)
                    }
                }
            }
        }
    }

    private mutating func add(_ marks: [BGPVPNMark]?, _ place: Place, _ owner: String?) {
        for mark in marks ?? [] { bearers.append(Bearer(mark: mark, place: place, project: mark.project ?? owner)) }
    }

    /// BGPVPNs of a project, by id, that the name may mean, or meant until now.
    func named(_ selector: AttachmentSelector, _ pin: AttachmentPin?) -> CloudView.Named {
        var names: [String: Set<String>] = [:]
        var projects: [String: Set<String?>] = [:]
        for bearer in bearers {
            guard let id = bearer.mark.id else { continue }
            names[id, default: []].insert(bearer.mark.name)
            projects[id, default: []].insert(bearer.mark.project)
        }
        // Its project is of the admin's choice, its name is not: what moved to another project is meant no more.
        let candidates = names.keys.sorted().filter { projects[$0] == [selector.project] }
            .map { Naming.Candidate(id: $0, project: selector.project, hasWayOut: true) }
        return CloudView.Named(
            pinned: candidates.first { $0.id == pin?.id },
            all: candidates.filter { names[$0.id]?.contains(selector.value) ?? false })
    }
}
