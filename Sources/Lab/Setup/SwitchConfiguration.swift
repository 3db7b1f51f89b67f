import NetworkTypes

/// The Open_vSwitch database of a node: bridges, what OVN asks for, and the taps of its machines.
package struct SwitchConfiguration: Sendable {
    private var transaction = Transaction()
    private var bridges: [Transaction.Reference] = []

    private let datapath: SwitchDatapath

    private init(_ datapath: SwitchDatapath) { self.datapath = datapath }

    /// The operations that fill an empty database.
    package static func operations(
        for node: String, of cloud: Scenario.Cloud, plan: AddressPlan, datapath: SwitchDatapath
    ) -> [JSON] {
        var configuration = SwitchConfiguration(datapath)
        configuration.write(node, cloud, plan)
        return configuration.transaction.operations
    }

    private mutating func write(_ node: String, _ cloud: Scenario.Cloud, _ plan: AddressPlan) {
        let ids = NeutronCloud(cloud)
        let isGateway = cloud.gateways.contains { $0.name == node }
        let machines = cloud.machines.filter { $0.node == node }
        let taps = machines.map { tap(ids.port($0.name), machine: $0.name) }
        bridge("br-int", ports: taps, ["fail_mode": .set(["secure"]), "other_config": .map(["disable-in-band": "true"])])
        if isGateway {
            // A bridge's MAC address would follow its ports; this one stays.
            let number = cloud.number * 16 + (cloud.nodes.firstIndex(of: node) ?? 0)
            bridge(
                "br-ex", ports: [port("provider")],
                ["other_config": .map(["hwaddr": MACAddress(bits: 0x02ee_0000_0000 + UInt64(number)).description])])
        }
        let tunnel = plan.tunnel(cloud, node)
        if cloud.nodes.count > 1 { bridge("br-fabric", ports: [port("fabric")], [:]) }
        var keys = [
            "system-id": ids.chassis(node), "hostname": ids.chassis(node),
            "ovn-remote": "tcp:\(plan.management(.central(cloud.name)) ?? ""):6642", "ovn-encap-type": "geneve", "ovn-encap-ip": tunnel,
            "ovn-bridge": "br-int", "ovn-bridge-datapath-type": datapath.rawValue, "ovn-remote-probe-interval": "60000",
            "ovn-monitor-all": "true",
        ]
        if isGateway {
            keys["ovn-bridge-mappings"] = "physnet1:br-ex"
            keys["ovn-cms-options"] = "enable-chassis-as-gw"
        }
        transaction.insert(
            "Open_vSwitch",
            ["bridges": .set(bridges), "external_ids": .map(keys), "next_cfg": 1])
    }

    private mutating func bridge(_ name: String, ports: [Transaction.Reference], _ columns: [String: JSON]) {
        let own = port(name, kind: "internal")
        var row: [String: JSON] = ["name": .string(name), "ports": .set([own] + ports), "datapath_type": .string(datapath.rawValue)]
        row.merge(columns) { _, new in new }
        bridges.append(transaction.insert("Bridge", row))
    }

    private mutating func port(_ name: String, kind: String = "", keys: [String: String] = [:]) -> Transaction.Reference {
        let interface = transaction.insert(
            "Interface", ["name": .string(name), "type": .string(kind), "external_ids": .map(keys)])
        return transaction.insert("Port", ["name": .string(name), "interfaces": .set([interface])])
    }

    /// What Nova and os-vif write for a port that they plug.
    private mutating func tap(_ id: OpenStackID, machine: String) -> Transaction.Reference {
        port(
            NeutronName.tap(id),
            keys: [
                "iface-id": id.description, "iface-status": "active", "attached-mac": id.mac,
                "vm-uuid": OpenStackID(of: "server/\(machine)").description,
            ])
    }
}
