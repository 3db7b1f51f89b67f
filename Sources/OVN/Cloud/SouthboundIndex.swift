import OVSDB

/// The southbound rows grouped by datapath, in one pass over Port_Binding.
///
/// Everything later is a look-up by datapath or by name; the table has a row per port of the whole cloud.
struct SouthboundIndex {
    private(set) var chassis: [Chassis] = []
    /// Chassis names by row.
    private(set) var chassisNames: [OVSDBUUID: String] = [:]
    private(set) var datapaths: [OVSDBUUID: DatapathBinding] = [:]
    /// A router's own ports, and the switch's ports that face routers, by their names: a link is found by its peer's name.
    private(set) var links: [String: PortBinding] = [:]
    /// By the router's datapath.
    private(set) var routerPorts: [OVSDBUUID: [PortBinding]] = [:]
    /// The chassis-bound parts of distributed gateway ports, by the name of the distributed port.
    private(set) var redirects: [String: PortBinding] = [:]
    /// By the network's datapath.
    private(set) var localnets: [OVSDBUUID: [LocalnetPort]] = [:]
    /// Ports of machines, bound or not, by the network's datapath.
    private(set) var hosts: [OVSDBUUID: [PortBinding]] = [:]
    /// Projects of the ports that serve a network's metadata, by the network's datapath.
    private(set) var metadataProjects: [OVSDBUUID: Set<String>] = [:]
    private(set) var problems: [RowProblem] = []

    init(_ replica: OVSDBReplica) {
        chassis = replica.read(Chassis.self, problems: &problems).sorted()
        for row in chassis { chassisNames[row.uuid] = row.name }
        for row in replica.read(DatapathBinding.self, problems: &problems) { datapaths[row.uuid] = row }
        for port in replica.read(PortBinding.self, problems: &problems) { add(port) }
    }

    private mutating func add(_ port: PortBinding) {
        switch port.kind {
        case .vif, .virtual, .external: hosts[port.datapath, default: []].append(port)
        case .patch, .l3Gateway:
            links[port.logicalPort] = port
            if datapaths[port.datapath]?.kind == .router { routerPorts[port.datapath, default: []].append(port) }
        case .chassisRedirect:
            guard let distributed = port.options["distributed-port"] else {
                problems.append(port.problem("options", "", "has no distributed-port"))
                return
            }
            redirects[distributed] = port
        case .localnet:
            guard let physicalNetwork = port.options.nonEmpty("network_name") else {
                problems.append(port.problem("options", "", "has no network_name"))
                return
            }
            localnets[port.datapath, default: []].append(
                LocalnetPort(logicalPort: port.logicalPort, physicalNetwork: physicalNetwork, tag: port.tag))
        case .other:
            guard port.externalIDs[NeutronName.deviceOwner] == NeutronName.distributed,
                let project = port.externalIDs.nonEmpty(NeutronName.projectID)
            else { return }
            metadataProjects[port.datapath, default: []].insert(project)
        }
    }
}

extension PortBinding {
    func problem(_ column: String, _ value: String, _ reason: String) -> RowProblem {
        RowProblem(table: Self.table, row: uuid, name: logicalPort, column: column, value: value, reason: reason)
    }
}
