import NetworkTypes

/// Does to a cloud's OVN what churn asks for, as Neutron and Nova would.
struct ChurnSite: Sendable {
    let lab: Lab
    let cloud: Scenario.Cloud
    private let network: Scenario.Network
    private let subnet: IPPrefix

    init?(_ lab: Lab, _ cloud: Scenario.Cloud) {
        guard let network = cloud.networks.first, let subnet = network.subnets.first(where: { $0.family == .ipv4 }) else { return nil }
        (self.lab, self.cloud, self.network, self.subnet) = (lab, cloud, network, subnet)
    }

    private var northbound: Database { lab.layout.northbound(cloud.name) }
    private func id(_ port: Churn.Port) -> OpenStackID { OpenStackID(of: "\(cloud.name)/churn/\(port.number)") }
    func address(_ number: Int) -> IPAddress { IPAddress(family: .ipv4, bits: subnet.address.bits + UInt128(number)) }
    /// All routes to ports of this kind are inside of it.
    func owns(_ prefix: IPPrefix) -> Bool {
        subnet.contains(prefix.address) && (100..<200).contains(Int(prefix.address.bits - subnet.address.bits))
    }

    /// The port is there with this address afterwards, whatever there was before.
    func write(_ port: Churn.Port, _ number: Int) async throws {
        let id = id(port)
        let machine = Scenario.Machine(
            name: "churn-\(port.number)", network: network.name, node: cloud.nodes[0], addresses: [address(number)])
        var row = NorthboundContents.machineRow(machine, of: cloud, project: cloud.project(of: machine))
        row["name"] = .string(id.description)
        row["addresses"] = .set(["\(id.mac) \(address(number))"])
        row["port_security"] = row["addresses"]
        row["options"] = .map([:])
        var transaction = Transaction()
        if try await northbound.select("Logical_Switch_Port", where: [.equals("name", .string(id.description))], columns: ["name"]).isEmpty
        {
            let reference = transaction.insert("Logical_Switch_Port", row)
            transaction.mutate("Logical_Switch", where: [.equals("name", switchName)], "ports", "insert", .set([reference]))
        } else {
            transaction.update("Logical_Switch_Port", where: [.equals("name", .string(id.description))], row)
        }
        _ = try await northbound.transact(transaction.operations)
    }

    private var switchName: JSON { .string(NeutronName.resource(NeutronCloud(cloud).network(network.name))) }

    /// Unplugged wherever it was, and deleted.
    func delete(_ port: Churn.Port) async throws {
        try await unplug(port)
        let rows = try await northbound.select(
            "Logical_Switch_Port", where: [.equals("name", .string(id(port).description))], columns: ["_uuid"])
        guard let row = rows.first?["_uuid"] else { return }
        var transaction = Transaction()
        transaction.mutate("Logical_Switch", where: [.equals("name", switchName)], "ports", "delete", .set([row]))
        _ = try await northbound.transact(transaction.operations)
    }

    /// A patch port without a peer: OVN binds it like any other, and no kernel device has to be made.
    func plug(_ port: Churn.Port, at node: String) async throws {
        let id = id(port)
        var transaction = Transaction()
        let interface = transaction.insert(
            "Interface",
            [
                "name": .string(NeutronName.tap(id)), "type": "patch", "options": .map(["peer": "churn-\(port.number)"]),
                "external_ids": .map(["iface-id": id.description, "attached-mac": id.mac, "iface-status": "active"]),
            ])
        let row = transaction.insert("Port", ["name": .string(NeutronName.tap(id)), "interfaces": .set([interface])])
        transaction.mutate("Bridge", where: [.equals("name", "br-int")], "ports", "insert", .set([row]))
        transaction.mutate("Open_vSwitch", where: [], "next_cfg", "+=", 1)
        _ = try await lab.layout.switchDatabase(.node(cloud.name, node)).transact(transaction.operations)
    }

    func unplug(_ port: Churn.Port) async throws {
        for node in cloud.nodes {
            let database = lab.layout.switchDatabase(.node(cloud.name, node))
            let rows = try await database.select("Port", where: [.equals("name", .string(NeutronName.tap(id(port))))], columns: ["_uuid"])
            guard let row = rows.first?["_uuid"] else { continue }
            var transaction = Transaction()
            transaction.mutate("Bridge", where: [.equals("name", "br-int")], "ports", "delete", .set([row]))
            transaction.mutate("Open_vSwitch", where: [], "next_cfg", "+=", 1)
            _ = try await database.transact(transaction.operations)
        }
    }
}
