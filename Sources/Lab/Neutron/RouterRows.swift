import NetworkTypes

/// A router as Neutron writes it into a running cloud, beside those of the scenario.
///
/// Its ids are of its own: `generation` tells it from others of the same name.
package struct RouterRows: Sendable {
    package let cloud: Scenario.Cloud
    package let name: String
    /// The tenant whose it is.
    package let project: String
    package let generation: String
    private let ids: NeutronCloud

    package init(_ name: String, of project: String, in cloud: Scenario.Cloud, generation: String) {
        self.name = name
        self.project = project
        self.cloud = cloud
        self.generation = generation
        ids = NeutronCloud(cloud)
    }

    package var id: OpenStackID { own("router", "") }
    var gatewayPort: OpenStackID { own("gateway", "") }

    private func own(_ kind: String, _ rest: String) -> OpenStackID {
        OpenStackID(of: "\(cloud.name)/\(kind)/\(name)\(rest)#\(generation)")
    }

    /// The operations that make it.
    ///
    /// - Parameters:
    ///   - subnets: with a port in each, which has the router's address and the MAC that the scenario's router has there; machines know it.
    ///   - external: its addresses in the provider network; nil: it has no gateway port.
    package func creation(subnets: [(network: Scenario.Network, prefix: IPPrefix)], external: [String]?) -> [JSON] {
        var transaction = Transaction()
        var ports: [Transaction.Reference] = []
        for (network, prefix) in subnets {
            let port = own("interface", "/\(prefix)")
            let address = InterfaceAddress(address: Scenario.Network.gateway(of: prefix), length: prefix.length).description
            join(
                &transaction, port, to: ids.network(network.name), [address], owner: "network:router_interface",
                project: ids.project(project).compact, options: [:])
            ports.append(
                transaction.insert(
                    "Logical_Router_Port",
                    [
                        "name": .string(NeutronName.routerPort(port)), "mac": .string(ids.interface(name, prefix.description).mac),
                        "networks": .set([address]),
                        "external_ids": .map(
                            keys(ids.network(network.name), isGateway: false, [ids.subnet(network.name, prefix.description)])),
                    ]))
        }
        var routes: [Transaction.Reference] = []
        if let external {
            ports.append(gateway(&transaction, external))
            routes = cloud.provider.map { address, prefix in
                transaction.insert(
                    "Logical_Router_Static_Route",
                    [
                        "ip_prefix": .string(prefix.contains(":") ? "::/0" : "0.0.0.0/0"), "nexthop": .string(address),
                        "external_ids": .map([
                            "neutron:is_ext_gw": "true", "neutron:is_static_route": "true",
                            "neutron:subnet_id": ids.subnet("public", prefix).description,
                        ]),
                    ])
            }
        }
        // Neutron's default, for routers with a gateway.
        var translations: [Transaction.Reference] = []
        if cloud.router(name)?.snat == true, !subnets.isEmpty, let address = external?.first?.prefix(while: { $0 != "/" }) {
            translations.append(
                transaction.insert("NAT", ["type": "snat", "external_ip": .string(String(address)), "logical_ip": "0.0.0.0/0"]))
        }
        transaction.insert(
            "Logical_Router",
            [
                "name": .string(NeutronName.resource(id)), "enabled": .set([.bool(true)]),
                "options": .map([
                    "always_learn_from_arp_request": "false", "dynamic_neigh_routers": "true", "mac_binding_age_threshold": "300",
                ]),
                "external_ids": .map([
                    "neutron:availability_zone_hints": "", "neutron:revision_number": "2", "neutron:router_name": name,
                ]),
                "ports": .set(ports), "static_routes": .set(routes), "nat": .set(translations),
            ])
        return transaction.operations
    }

    private func gateway(_ transaction: inout Transaction, _ external: [String]) -> Transaction.Reference {
        let candidates = cloud.gateways.enumerated().map { index, gateway in
            transaction.insert(
                "HA_Chassis",
                ["chassis_name": .string(ids.chassis(gateway.name)), "priority": .number(Double(cloud.gateways.count - index))])
        }
        let group = transaction.insert(
            "HA_Chassis_Group",
            [
                "name": .string(NeutronName.resource(id)), "ha_chassis": .set(candidates),
                "external_ids": .map(["neutron:availability_zone_hints": "", "neutron:router_id": id.description]),
            ])
        join(
            &transaction, gatewayPort, to: ids.provider, external, owner: "network:router_gateway", project: "",
            options: ["exclude-lb-vips-from-garp": "true", "nat-addresses": "router"])
        return transaction.insert(
            "Logical_Router_Port",
            [
                "name": .string(NeutronName.routerPort(gatewayPort)), "mac": .string(gatewayPort.mac), "networks": .set(external),
                "ha_chassis_group": group.json,
                "options": .map(["gateway_mtu": "\(NorthboundContents.tenantMTU)", "reside-on-redirect-chassis": "true"]),
                "external_ids": .map(
                    keys(ids.provider, isGateway: true, cloud.provider.map { ids.subnet("public", $0.prefix) })),
            ])
    }

    /// The switch's side of a router port.
    private func join(
        _ transaction: inout Transaction, _ port: OpenStackID, to network: OpenStackID, _ cidrs: [String], owner: String, project: String,
        options: [String: String]
    ) {
        let keys = NorthboundContents.portKeys(
            name: "", network: network, cidrs: cidrs, device: id.description, owner: owner, project: project, securityGroups: [],
            revision: 2)
        let reference = transaction.insert(
            "Logical_Switch_Port",
            [
                "name": .string(port.description), "type": "router", "addresses": .set(["router"]), "enabled": .set([.bool(true)]),
                "options": .map(options.merging(["router-port": NeutronName.routerPort(port)]) { own, _ in own }),
                "external_ids": .map(keys),
            ])
        transaction.mutate(
            "Logical_Switch", where: [.equals("name", .string(NeutronName.resource(network)))], "ports", "insert", .set([reference]))
    }

    private func keys(_ network: OpenStackID, isGateway: Bool, _ subnets: [OpenStackID]) -> [String: String] {
        [
            "neutron:is_ext_gw": isGateway ? "True" : "False", "neutron:network_name": NeutronName.resource(network),
            "neutron:revision_number": "2", "neutron:router_name": NeutronName.resource(id),
            "neutron:subnet_ids": subnets.map(\.description).joined(separator: " "),
        ]
    }

    /// Takes a router of any id out of a running cloud, with its ports.
    package static func remove(_ id: String, from database: Database) async throws {
        let mine = ["neutron:device_id": id]
        let ports = try await database.select(
            "Logical_Switch_Port", where: [["external_ids", "includes", .map(mine)]], columns: ["_uuid"]
        ).compactMap { $0["_uuid"] }
        var transaction = Transaction()
        if !ports.isEmpty { transaction.mutate("Logical_Switch", where: [], "ports", "delete", .set(ports)) }
        transaction.delete("Logical_Router", where: [.equals("name", .string("neutron-\(id)"))])
        _ = try await database.transact(transaction.operations)
        // The port that refers to the group goes at the end of a transaction, with its router.
        var second = Transaction()
        second.delete("HA_Chassis_Group", where: [.equals("name", .string("neutron-\(id)"))])
        _ = try await database.transact(second.operations)
    }
}
