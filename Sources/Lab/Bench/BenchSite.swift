import Foundation
import NetworkTypes

/// A network with many ports behind a federated router, made for a benchmark as Neutron would make it.
struct BenchSite: Sendable {
    private let lab: Lab
    private let cloud: Scenario.Cloud
    private let router: Scenario.Router
    /// Where the ports are plugged: the gateway that hosts the router.
    let gateway: Host
    /// Whose kernel is watched.
    let viewer: Host

    private var northbound: Database { lab.layout.northbound(cloud.name) }
    private var southbound: Database { lab.layout.southbound(cloud.name) }

    init?(_ lab: Lab) {
        guard let cloud = lab.scenario.clouds.first, let router = cloud.routers.first, let node = router.gateways.first,
            let other = lab.scenario.clouds.dropFirst().first, let viewer = other.gateways.first
        else { return nil }
        self.lab = lab
        self.cloud = cloud
        self.router = router
        gateway = .node(cloud.name, node)
        self.viewer = .node(other.name, viewer.name)
    }

    private var subnet: String { "10.\(cloud.number).128.0/20" }

    func addresses(_ count: Int) -> [IPAddress] {
        (10..<count + 10).compactMap {
            IPAddress(octets: [10, cloud.number, 128 + $0 / 256, $0 % 256].map { UInt8(truncatingIfNeeded: $0) })
        }
    }

    private func port(_ index: Int) -> OpenStackID { OpenStackID(of: "\(cloud.name)/bench/\(index)") }
    private func interface(_ index: Int) -> String { NeutronName.tap(port(index)) }

    /// Writes the network, its ports and the router's interface into the northbound database, in one transaction.
    func createNetwork(ports: Int) async throws {
        guard let prefix = IPPrefix(subnet), let node = router.gateways.first else { return }
        var cloud = cloud
        let network = Scenario.Network(name: "bench-net", router: router.name, subnets: [prefix])
        cloud.networks.append(network)
        let ids = NeutronCloud(cloud)
        var transaction = Transaction()
        let routerPort = ids.interface(router.name, subnet)
        let own = Scenario.Network.gateway(of: prefix)
        var references = [
            transaction.insert(
                "Logical_Switch_Port",
                [
                    "name": .string(routerPort.description), "type": "router", "addresses": .set(["router"]),
                    "options": .map(["router-port": NeutronName.routerPort(routerPort)]),
                    "external_ids": .map(
                        NorthboundContents.portKeys(
                            name: "", network: ids.network(network.name), cidrs: ["\(own)/\(prefix.length)"],
                            device: ids.router(router.name).description, owner: "network:router_interface",
                            project: ids.project(router.project).compact, securityGroups: [], revision: 2)),
                ])
        ]
        for (index, address) in addresses(ports).enumerated() {
            let machine = Scenario.Machine(name: "bench-\(index)", network: network.name, node: node, addresses: [address])
            var row = NorthboundContents.machineRow(machine, of: cloud, project: router.project)
            row["name"] = .string(port(index).description)
            row["addresses"] = .set(["\(port(index).mac) \(address)"])
            row["port_security"] = row["addresses"]
            references.append(transaction.insert("Logical_Switch_Port", row))
        }
        transaction.insert(
            "Logical_Switch",
            [
                "name": .string(NeutronName.resource(ids.network(network.name))), "ports": .set(references),
                "external_ids": .map(["neutron:network_name": network.name, "neutron:mtu": "1442", "neutron:revision_number": "1"]),
            ])
        let interface = transaction.insert(
            "Logical_Router_Port",
            [
                "name": .string(NeutronName.routerPort(routerPort)), "mac": .string(routerPort.mac),
                "networks": .set(["\(own)/\(prefix.length)"]),
                "external_ids": .map([
                    "neutron:is_ext_gw": "False", "neutron:network_name": NeutronName.resource(ids.network(network.name)),
                    "neutron:router_name": NeutronName.resource(ids.router(router.name)), "neutron:revision_number": "2",
                    "neutron:subnet_ids": ids.subnet(network.name, subnet).description,
                ]),
            ])
        transaction.mutate(
            "Logical_Router", where: [.equals("name", .string(NeutronName.resource(ids.router(router.name))))], "ports", "insert",
            .set([interface]))
        _ = try await northbound.transact(transaction.operations)
        try await eventually(within: .seconds(30), "southbound rows of all ports") {
            try await bindings(nil).count >= ports
        }
    }

    /// The first `count` ports appear in br-int, or go, in one transaction.
    ///
    /// They are patch ports without a peer: OVN binds them like any other, and no kernel device has to be made for each.
    func plug(_ count: Int, _ bound: Bool) async throws {
        let database = lab.layout.switchDatabase(gateway)
        var transaction = Transaction()
        let bridge: [JSON] = [.equals("name", "br-int")]
        if bound {
            let ports = (0..<count).map { index in
                let interface = transaction.insert(
                    "Interface",
                    [
                        "name": .string(interface(index)), "type": "patch", "options": .map(["peer": "bench-\(index)"]),
                        "external_ids": .map([
                            "iface-id": port(index).description, "attached-mac": port(index).mac, "iface-status": "active",
                        ]),
                    ])
                return transaction.insert("Port", ["name": .string(self.interface(index)), "interfaces": .set([interface])])
            }
            transaction.mutate("Bridge", where: bridge, "ports", "insert", .set(ports))
        } else {
            let wanted = Set((0..<count).map(interface))
            let rows = try await database.select("Port", columns: ["_uuid", "name"])
            let gone = rows.filter { $0["name"]?.string.map(wanted.contains) == true }.compactMap { $0["_uuid"] }
            transaction.mutate("Bridge", where: bridge, "ports", "delete", .set(gone))
        }
        transaction.mutate("Open_vSwitch", where: [], "next_cfg", "+=", 1)
        _ = try await database.transact(transaction.operations)
    }

    /// Returns when the southbound database has the first `count` ports bound, or none of them.
    func waitForBinding(_ count: Int, _ bound: Bool) async throws {
        for index in Set([0, count - 1]) { try await waitForBinding(of: index, bound) }
        guard count > 2 else { return }
        let names = Set((0..<count).map { port($0).description })
        try await eventually(within: .seconds(120), "binding of \(count) ports") {
            Set(try await bindings(true)).intersection(names).count == (bound ? count : 0)
        }
    }

    /// The server tells when it is so: a question every few milliseconds would take the time that is to be measured.
    private func waitForBinding(of index: Int, _ bound: Bool) async throws {
        try await southbound.wait(
            "Port_Binding", where: [.equals("logical_port", .string(port(index).description))], column: "chassis",
            until: bound ? "!=" : "==", .set([String]()), limit: .seconds(120))
    }

    /// Names of VIF port bindings: all, or those with (or without) a chassis.
    private func bindings(_ bound: Bool?) async throws -> [String] {
        var conditions: [JSON] = [.equals("type", "")]
        if let bound { conditions.append(["chassis", bound ? "!=" : "==", .set([String]())]) }
        return try await southbound.select("Port_Binding", where: conditions, columns: ["logical_port"]).compactMap {
            $0["logical_port"]?.string
        }
    }
}
