import NetworkTypes
import OVSDB

extension CloudView {
    /// Reads what is there. Routers and networks are those that northd has brought to the southbound database;
    /// the northbound one adds names, NAT rules and routes, and may lag or be empty.
    package init(southbound: OVSDBReplica, northbound: OVSDBReplica) {
        self.init(southbound: southbound, northbound: NorthboundRows(northbound))
    }

    /// - Parameter rows: nil: the northbound database cannot be read.
    package init(southbound: OVSDBReplica, northbound rows: NorthboundRows?) {
        let northbound = rows ?? NorthboundRows(OVSDBReplica())
        var derivation = CloudDerivation(index: SouthboundIndex(southbound), northbound: northbound, isRead: rows != nil)
        let datapaths = derivation.index.datapaths.values
        let networks = datapaths.filter { $0.kind == .network }.map { derivation.network($0) }
        let routers = datapaths.filter { $0.kind == .router }.map { derivation.router($0) }
        let listed = derivation.listed(northbound.globals)
        self.init(
            routers: routers.sorted { ($0.id, $0.datapath) < ($1.id, $1.datapath) },
            networks: networks.sorted { ($0.identity.id, $0.identity.datapath) < ($1.identity.id, $1.identity.datapath) },
            chassis: derivation.index.chassis,
            problems: (derivation.index.problems + northbound.problems + derivation.problems).sorted(),
            northbound: rows.map(NorthboundCensus.init), listed: listed)
    }
}

/// Puts rows together into routers and networks.
private struct CloudDerivation {
    let index: SouthboundIndex
    private(set) var problems: [RowProblem] = []
    private let routersByUUID: [OVSDBUUID: LogicalRouter]
    private let switchesByUUID: [OVSDBUUID: LogicalSwitch]
    private let natRules: [OVSDBUUID: NATRule]
    private let staticRoutes: [OVSDBUUID: StaticRoute]
    private let policies: [OVSDBUUID: RouterPolicy]
    private let balancers: BalancerIndex
    /// Logical ports that an admin has taken down; nil: not known.
    private let disabled: Set<String>?
    private let disabledRouterPorts: [OVSDBUUID: DisabledRouterPort]
    /// Hosts with all their addresses, by network; a network may lie behind several router ports.
    private var hostsByNetwork: [OVSDBUUID: [Host]] = [:]
    /// Projects of the ports that join routers to a network, by the network's datapath.
    private var interfaceProjects: [OVSDBUUID: Set<String>] = [:]
    private var reader = BGPVPNReader()

    /// - Parameter isRead: the northbound rows are what that database has.
    init(index: SouthboundIndex, northbound: NorthboundRows, isRead: Bool) {
        self.index = index
        routersByUUID = northbound.routers.indexed(by: \.uuid)
        switchesByUUID = northbound.switches.indexed(by: \.uuid)
        natRules = northbound.natRules.indexed(by: \.uuid)
        staticRoutes = northbound.staticRoutes.indexed(by: \.uuid)
        policies = northbound.policies.indexed(by: \.uuid)
        balancers = BalancerIndex(northbound)
        disabledRouterPorts = northbound.disabledRouterPorts.indexed(by: \.uuid)
        disabled = isRead ? Set(northbound.disabledPorts.map(\.name)) : nil
        for port in index.routerPorts.values.joined() {
            guard let link = link(of: port), let project = link.externalIDs.nonEmpty(NeutronName.projectID) else { continue }
            interfaceProjects[link.datapath, default: []].insert(project)
        }
    }

    mutating func network(_ datapath: DatapathBinding) -> NetworkView {
        let row = switchesByUUID[datapath.northboundUUID]
        return NetworkView(
            identity: identity(of: datapath), northboundUUID: datapath.northboundUUID,
            // Tenants may put routers of theirs into a network that another one shares with them.
            project: (index.metadataProjects[datapath.uuid] ?? interfaceProjects[datapath.uuid])?.sole,
            labels: row?.labels ?? [:],
            bgpvpns: row.flatMap { bgpvpns(in: $0.labels, of: LogicalSwitch.table, $0.uuid, datapath.identifier) },
            localnets: localnets(of: datapath.uuid))
    }

    /// The BGPVPNs that a driver lists; nil: none does.
    mutating func listed(_ globals: [NorthboundGlobal]) -> [BGPVPNMark]? {
        let marks = globals.flatMap { bgpvpns(in: $0.bgpvpns, of: NorthboundGlobal.table, $0.uuid, "") ?? [] }
        return marks.isEmpty ? nil : marks
    }

    /// What a row says of BGPVPNs; nil: nothing.
    private mutating func bgpvpns(in labels: [String: String], of table: String, _ row: OVSDBUUID, _ name: String) -> [BGPVPNMark]? {
        guard !labels.isEmpty else { return nil }
        var refusals: [BGPVPNReader.Refusal] = []
        let marks = reader.marks(in: labels, refusals: &refusals)
        for refusal in refusals {
            problems.append(
                RowProblem(
                    table: table, row: row, name: name, column: "external_ids:\(refusal.key)", value: refusal.value,
                    reason: refusal.reason))
        }
        return marks.isEmpty ? nil : marks
    }

    mutating func router(_ datapath: DatapathBinding) -> RouterView {
        let row = routersByUUID[datapath.northboundUUID]
        let ports = (index.routerPorts[datapath.uuid] ?? []).sorted { $0.logicalPort < $1.logicalPort }
        var gateways: [GatewayPort] = []
        var interfaces: [RouterInterface] = []
        var projects: Set<String> = []
        var portLabels: Set<String> = []
        for port in ports {
            guard let (mac, addresses) = identity(of: port) else { continue }
            let link = link(of: port)
            let labels = link?.externalIDs.labels ?? [:]
            let marks = link.flatMap { bgpvpns(in: labels, of: PortBinding.table, $0.uuid, $0.logicalPort) }
            portLabels.formUnion(labels.lazy.filter(\.key.isRouterLabel).map { "\($0)=\($1)" })
            let network = network(behind: port)
            if isGateway(port, network: network) {
                // The bound part of a distributed port is its chassisredirect twin; an l3gateway port is bound itself.
                let bound = index.redirects[port.logicalPort] ?? port
                gateways.append(
                    GatewayPort(
                        logicalPort: port.logicalPort, chassis: chassis(of: bound), isUp: bound.isUp && !isTakenDown(port),
                        mac: mac, addresses: addresses,
                        network: network.map(identity(of:)), localnets: network.map { localnets(of: $0.uuid) } ?? [],
                        bgpvpns: marks))
            } else {
                if let project = link?.externalIDs.nonEmpty(NeutronName.projectID) { projects.insert(project) }
                var machines = network.map { hosts(in: $0.uuid, within: addresses) } ?? []
                // Nothing passes between the router and the network.
                if isTakenDown(port) { machines = machines.map { $0.takenDown() } }
                interfaces.append(
                    RouterInterface(
                        logicalPort: port.logicalPort, mac: mac, addresses: addresses, network: network.map(identity(of:)),
                        hosts: machines.filter { $0.chassis != nil }, unbound: machines.filter { $0.chassis == nil },
                        bgpvpns: marks))
            }
        }
        let routes = (row?.staticRoutes ?? []).compactMap { staticRoutes[$0] }.filter(\.isOfMainTable).sorted()
        return RouterView(
            id: datapath.identifier, name: row?.displayName ?? datapath.displayName ?? datapath.identifier, project: projects.sole,
            datapath: datapath.uuid, northboundUUID: datapath.northboundUUID,
            isDistributed: !ports.contains { $0.kind == .l3Gateway }, labels: row?.labels ?? [:],
            portLabels: portLabels.isEmpty ? nil : portLabels.sorted(), gateways: gateways,
            interfaces: interfaces,
            natRules: (row?.natRules ?? []).compactMap { natRules[$0] }.sorted(),
            balanced: row.map { balancers.addresses(of: $0, within: interfaces.flatMap(\.addresses)) } ?? [],
            staticRoutes: routes.filter { !$0.isBySource }, sourceRoutes: routes.filter(\.isBySource),
            policies: (row?.policies ?? []).compactMap { policies[$0] }.sorted(),
            disabledPorts: (row?.ports ?? []).compactMap { disabledRouterPorts[$0] }.sorted())
    }

    /// Whether an admin has taken down the network's port that it is joined by: it drops all.
    private func isTakenDown(_ port: PortBinding) -> Bool {
        guard let disabled else { return false }
        return link(of: port).map { disabled.contains($0.logicalPort) } ?? false
    }

    /// A distributed port is a gateway where it has a chassisredirect twin; a port of an l3gateway router, where its network
    /// touches a physical one. Neutron's own word goes before either: it may centralise ports of VLAN tenant networks,
    /// and a gateway that no chassis may host has no twin.
    private func isGateway(_ port: PortBinding, network: DatapathBinding?) -> Bool {
        switch (port.externalIDs[NeutronName.isExternalGateway], port.kind) {
        case ("False", _): false
        case ("True", _): true
        case (_, .l3Gateway): network.map { !(index.localnets[$0.uuid] ?? []).isEmpty } ?? false
        default: index.redirects[port.logicalPort] != nil
        }
    }

    /// Newer northd copies no names into the southbound database, and a new name stands in the northbound one first.
    private func identity(of network: DatapathBinding) -> NetworkIdentity {
        NetworkIdentity(network, named: switchesByUUID[network.northboundUUID]?.displayName)
    }

    /// The switch at the other end of a router port; nil if there is none, or if it is another router.
    private func network(behind port: PortBinding) -> DatapathBinding? {
        guard let link = link(of: port), let datapath = index.datapaths[link.datapath], datapath.kind == .network else { return nil }
        return datapath
    }

    /// The port at the other end of a router port.
    private func link(of port: PortBinding) -> PortBinding? { port.options["peer"].flatMap { index.links[$0] } }

    private func localnets(of datapath: OVSDBUUID) -> [LocalnetPort] { (index.localnets[datapath] ?? []).sorted() }

    private mutating func identity(of port: PortBinding) -> (MACAddress, [InterfaceAddress])? {
        var found: (mac: MACAddress, addresses: [InterfaceAddress])?
        for entry in addresses(of: port) {
            guard let mac = entry.mac else { continue }
            found = (found?.mac ?? mac, (found?.addresses ?? []) + entry.interfaces)
        }
        if found == nil { problems.append(port.problem("mac", port.addresses.joined(separator: ", "), "holds no MAC address")) }
        return found
    }

    private mutating func addresses(of port: PortBinding) -> [PortAddresses] {
        port.addresses.map { entry in
            let addresses = PortAddresses(entry)
            for word in addresses.nonsense { problems.append(port.problem("mac", word, "is not a MAC or IP address")) }
            return addresses
        }
    }

    private mutating func chassis(of port: PortBinding) -> String? {
        guard let chassis = port.chassis else { return nil }
        guard let name = index.chassisNames[chassis] else {
            problems.append(port.problem("chassis", chassis.description, "is an unknown chassis"))
            return nil
        }
        return name
    }

    private mutating func hosts(in datapath: OVSDBUUID, within interface: [InterfaceAddress]) -> [Host] {
        let all: [Host]
        if let known = hostsByNetwork[datapath] {
            all = known
        } else {
            let found = (index.hosts[datapath] ?? []).compactMap { host($0) }.sorted { $0.logicalPort < $1.logicalPort }
            // An address of another port is that one's, whoever else may have it.
            let taken = found.contains { !$0.allowed.isEmpty } ? Set(found.lazy.flatMap(\.addresses)) : []
            all = found.map { host in
                host.allowed.isEmpty ? host : host.with(host.addresses, allowed: host.allowed.filter { !taken.contains($0) })
            }
            hostsByNetwork[datapath] = all
        }
        let (subnets, own) = (interface.map(\.prefix), interface.map(\.address))
        func isInside(_ address: IPAddress) -> Bool { subnets.contains { $0.contains(address) } }
        return all.compactMap { host in
            let addresses = host.addresses.filter(isInside)
            let allowed = host.allowed.filter { isInside($0) && !own.contains($0) }
            return addresses.isEmpty && allowed.isEmpty ? nil : host.with(addresses, allowed: allowed)
        }
    }

    private mutating func host(_ port: PortBinding) -> Host? {
        var seen: [IPAddress] = []
        for entry in addresses(of: port) {
            for interface in entry.interfaces where !seen.contains(interface.address) { seen.append(interface.address) }
        }
        guard !seen.isEmpty else { return nil }
        // A tenant may write any network here, up to all of the Internet: single addresses only.
        var allowed: Set<IPAddress> = []
        for entry in port.portSecurity where !port.addresses.contains(entry) {
            for interface in PortAddresses(entry).interfaces where interface.length == interface.address.family.width {
                if !seen.contains(interface.address) { allowed.insert(interface.address) }
            }
        }
        // What an admin has taken down is as if it were bound nowhere, whoever has claimed it.
        let isDisabled = disabled?.contains(port.logicalPort)
        let chassis = isDisabled == true ? nil : chassis(of: port)
        let labels = port.externalIDs.labels
        return Host(
            logicalPort: port.logicalPort, name: port.externalIDs.nonEmpty(NeutronName.portName) ?? port.externalIDs.nonEmpty("name"),
            project: port.externalIDs.nonEmpty(NeutronName.projectID), chassis: chassis, isDisabled: isDisabled, isUp: port.isUp,
            labels: labels, bgpvpns: bgpvpns(in: labels, of: PortBinding.table, port.uuid, port.logicalPort), addresses: seen,
            allowed: allowed.sorted())
    }
}

extension Host {
    fileprivate func takenDown() -> Host {
        var host = self
        (host.chassis, host.isDisabled) = (nil, true)
        return host
    }

    fileprivate func with(_ addresses: [IPAddress], allowed: [IPAddress]) -> Host {
        Host(
            logicalPort: logicalPort, name: name, project: project, chassis: chassis, isDisabled: isDisabled, isUp: isUp, labels: labels,
            bgpvpns: bgpvpns, addresses: addresses, allowed: allowed)
    }
}

extension String {
    /// Whether a pair with this key on a port of a router may be a label of the router: what tells of BGPVPNs is of the port alone, and a key with
    /// `=` could be read as another one.
    fileprivate var isRouterLabel: Bool { !contains("=") && !hasPrefix(BGPVPNMark.key) && !hasPrefix(BGPVPNMark.incumbentKey) }
}

extension Set<String> {
    /// The only member; nil if there are several or none.
    fileprivate var sole: String? { count == 1 ? first : nil }
}

extension Sequence {
    /// The first of each key.
    fileprivate func indexed<Key>(by key: KeyPath<Element, Key>) -> [Key: Element] {
        Dictionary(map { ($0[keyPath: key], $0) }, uniquingKeysWith: { first, _ in first })
    }
}
