import NetworkTypes

/// What Neutron's ML2/OVN driver writes into OVN_Northbound for a cloud of a scenario: names, external_ids and options as
/// Neutron 29.0.0 (2026.2) wrote them into OVN 23.03, compared with its database in the tests.
package struct NorthboundContents {
    private let cloud: Scenario.Cloud
    private let ids: NeutronCloud
    private var transaction = Transaction()
    /// Ports of each project, for its security group.
    private var members: [String: [Transaction.Reference]] = [:]
    private var dhcp: [String: Transaction.Reference] = [:]

    /// Geneve takes 58 bytes of 1500 (RFC 8926 with OVN's one option).
    package static let tenantMTU = 1442

    /// The operations of one transaction that fills an empty database.
    package static func operations(for cloud: Scenario.Cloud) -> [JSON] {
        var contents = NorthboundContents(cloud)
        contents.write()
        return contents.transaction.operations
    }

    private init(_ cloud: Scenario.Cloud) {
        self.cloud = cloud
        ids = NeutronCloud(cloud)
    }

    private mutating func write() {
        transaction.insert("NB_Global", [:])
        var providerPorts = [localnet(ids.segment, vlan: cloud.providerVLAN)]
        var routerPorts: [String: [Transaction.Reference]] = [:]
        for network in cloud.networks { writeNetwork(network, routerPorts: &routerPorts) }
        for router in cloud.routers { providerPorts.append(writeRouter(router, interfaces: routerPorts[router.name] ?? [])) }
        writeProviderNetwork(ports: providerPorts)
        transaction.insertSecurityGroups(members, ids: ids)
    }

    // MARK: Networks

    private func networkKeys(name: String, mtu: Int, kind: String) -> [String: String] {
        [
            "neutron:availability_zone_hints": "", "neutron:mtu": "\(mtu)", "neutron:network_name": name,
            "neutron:provnet-network-type": kind, "neutron:revision_number": "1",
        ]
    }

    private static let switchOptions = ["mcast_flood_unregistered": "false", "mcast_snoop": "false", "vlan-passthru": "false"]

    private mutating func localnet(_ segment: OpenStackID, vlan: Int?) -> Transaction.Reference {
        transaction.insert(
            "Logical_Switch_Port",
            [
                "name": .string(NeutronName.provider(segment)), "tag": .set(vlan.map { [.number(Double($0))] } ?? []),
                "type": "localnet", "addresses": .set(["unknown"]),
                "options": .map([
                    "localnet_learn_fdb": "false", "mcast_flood": "false", "mcast_flood_reports": "true", "network_name": "physnet1",
                ]),
                "external_ids": .map(["neutron:provnet-physical-network": "physnet1"]),
            ])
    }

    private mutating func writeProviderNetwork(ports: [Transaction.Reference]) {
        var keys = networkKeys(name: "public", mtu: 1500, kind: cloud.providerVLAN == nil ? "flat" : "vlan")
        keys["neutron:provnet-physical-network"] = "physnet1"
        var options = Self.switchOptions
        options["broadcast-arps-to-all-routers"] = "true"
        options["fdb_age_threshold"] = "300"
        transaction.insert(
            "Logical_Switch",
            [
                "name": .string(NeutronName.resource(ids.provider)), "external_ids": .map(keys), "other_config": .map(options),
                "ports": .set(ports),
            ])
    }

    private mutating func writeNetwork(_ network: Scenario.Network, routerPorts: inout [String: [Transaction.Reference]]) {
        guard let router = cloud.router(network.router) else { return }
        var ports: [Transaction.Reference] = []
        for subnet in network.subnets {
            let port = ids.interface(router.name, subnet.description)
            let gateway = InterfaceAddress(address: Scenario.Network.gateway(of: subnet), length: subnet.length)
            writeDHCP(subnet, of: network, router: port)
            ports.append(
                routerSidePort(
                    port, in: ids.network(network.name), router: router.name, cidrs: [gateway.description],
                    owner: "network:router_interface", project: ids.project(router.project).compact, revision: 2, options: [:]))
            routerPorts[router.name, default: []].append(
                transaction.insert(
                    "Logical_Router_Port",
                    [
                        "name": .string(NeutronName.routerPort(port)), "mac": .string(port.mac), "networks": .set([gateway.description]),
                        // What a router forwards for a network of the fabric passes the gateway's chassis: others have its MAC address too.
                        "options": .map(network.vlan == nil ? [:] : ["reside-on-redirect-chassis": "true"]),
                        "external_ids": .map(
                            routerPortKeys(
                                router: router.name, network: ids.network(network.name), isGateway: false, revision: 2,
                                subnets: [ids.subnet(network.name, subnet.description)])),
                    ]))
        }
        for machine in cloud.machines where machine.network == network.name {
            let port = machinePort(machine, in: network, project: router.project)
            members[router.project, default: []].append(port)
            ports.append(port)
        }
        var keys = networkKeys(name: network.name, mtu: Self.tenantMTU, kind: network.vlan == nil ? "geneve" : "vlan")
        if let vlan = network.vlan {
            ports.append(localnet(ids.segment(network.name), vlan: vlan))
            keys["neutron:provnet-physical-network"] = "physnet1"
        }
        transaction.insert(
            "Logical_Switch",
            [
                "name": .string(NeutronName.resource(ids.network(network.name))), "external_ids": .map(keys),
                "other_config": .map(Self.switchOptions), "ports": .set(ports),
            ])
    }

    private mutating func writeDHCP(_ subnet: IPPrefix, of network: Scenario.Network, router: OpenStackID) {
        guard subnet.family == .ipv4 else { return }
        let gateway = Scenario.Network.gateway(of: subnet).description
        dhcp[network.name] = transaction.insert(
            "DHCP_Options",
            [
                "cidr": .string(subnet.description),
                "options": .map([
                    "dns_server": "{10.255.255.53}", "lease_time": "43200", "mtu": "\(Self.tenantMTU)", "router": gateway,
                    "server_id": gateway, "server_mac": router.mac,
                ]),
                "external_ids": .map([
                    "neutron:network_id": ids.network(network.name).description, "neutron:revision_number": "0",
                    "subnet_id": ids.subnet(network.name, subnet.description).description,
                ]),
            ])
    }

    // MARK: Ports

    /// A logical switch port's external_ids; all keys are always there, many of them empty.
    package static func portKeys(
        name: String, network: OpenStackID, cidrs: [String], device: String, owner: String, project: String, securityGroups: [OpenStackID],
        revision: Int
    ) -> [String: String] {
        [
            "neutron:cidrs": cidrs.joined(separator: " "), "neutron:device_id": device, "neutron:device_owner": owner, "neutron:mtu": "",
            "neutron:network_name": NeutronName.resource(network), "neutron:port_capabilities": "", "neutron:port_name": name,
            "neutron:project_id": project, "neutron:revision_number": "\(revision)",
            "neutron:security_group_ids": securityGroups.map(\.description).joined(separator: " "),
            "neutron:subnet_pool_addr_scope4": "", "neutron:subnet_pool_addr_scope6": "", "neutron:vnic_type": "normal",
        ]
    }

    private mutating func routerSidePort(
        _ port: OpenStackID, in network: OpenStackID, router: String, cidrs: [String], owner: String, project: String, revision: Int,
        options: [String: String]
    ) -> Transaction.Reference {
        let keys = Self.portKeys(
            name: "", network: network, cidrs: cidrs, device: ids.router(router).description, owner: owner, project: project,
            securityGroups: [], revision: revision)
        return transaction.insert(
            "Logical_Switch_Port",
            [
                "name": .string(port.description), "type": "router", "addresses": .set(["router"]), "enabled": .set([.bool(true)]),
                "options": .map(options.merging(["router-port": NeutronName.routerPort(port)]) { own, _ in own }),
                "external_ids": .map(keys),
            ])
    }

    private mutating func machinePort(_ machine: Scenario.Machine, in network: Scenario.Network, project: String) -> Transaction.Reference {
        let row = Self.machineRow(machine, of: cloud, project: project)
        return transaction.insert(
            "Logical_Switch_Port",
            row.merging(dhcp[network.name].map { ["dhcpv4_options": .set([$0])] } ?? [:]) { own, _ in own })
    }

    /// The port of a machine, without DHCP options.
    package static func machineRow(_ machine: Scenario.Machine, of cloud: Scenario.Cloud, project: String) -> [String: JSON] {
        let ids = NeutronCloud(cloud)
        let port = ids.port(machine.name)
        let addresses = ([port.mac] + machine.addresses.map(\.description)).joined(separator: " ")
        let subnets = cloud.network(machine.network)?.subnets ?? []
        let cidrs = machine.addresses.map { address in
            "\(address)/\(subnets.first { $0.contains(address) }?.length ?? address.family.width)"
        }
        let keys = portKeys(
            name: machine.name, network: ids.network(machine.network), cidrs: cidrs, device: machine.name, owner: "compute:nova",
            project: ids.project(project).compact, securityGroups: [ids.securityGroup(project)], revision: 3)
        return [
            "name": .string(port.description), "addresses": .set([addresses]), "port_security": .set([addresses]),
            "enabled": .set([.bool(true)]), "options": .map(["requested-chassis": ids.chassis(machine.node)]), "external_ids": .map(keys),
        ]
    }

    private func routerPortKeys(router: String, network: OpenStackID, isGateway: Bool, revision: Int, subnets: [OpenStackID]) -> [String:
        String]
    {
        [
            "neutron:is_ext_gw": isGateway ? "True" : "False", "neutron:network_name": NeutronName.resource(network),
            "neutron:revision_number": "\(revision)", "neutron:router_name": NeutronName.resource(ids.router(router)),
            "neutron:subnet_ids": subnets.map(\.description).joined(separator: " "),
        ]
    }

    // MARK: Routers

    /// Writes a router and returns its port on the provider network's side.
    private mutating func writeRouter(_ router: Scenario.Router, interfaces: [Transaction.Reference]) -> Transaction.Reference {
        let port = ids.gateway(router.name)
        let external = cloud.external(router.name)
        let gatewayPort = transaction.insert(
            "Logical_Router_Port",
            [
                "name": .string(NeutronName.routerPort(port)), "mac": .string(port.mac), "networks": .set(external),
                "ha_chassis_group": writeCandidates(router).json,
                "options": .map(["gateway_mtu": "\(Self.tenantMTU)", "reside-on-redirect-chassis": "true"]),
                "external_ids": .map(
                    routerPortKeys(
                        router: router.name, network: ids.provider, isGateway: true, revision: 1,
                        subnets: cloud.provider.map { ids.subnet("public", $0.prefix) })),
            ])
        let routes = cloud.provider.map { gateway, prefix in
            transaction.insert(
                "Logical_Router_Static_Route",
                [
                    "ip_prefix": .string(prefix.contains(":") ? "::/0" : "0.0.0.0/0"), "nexthop": .string(gateway),
                    "external_ids": .map([
                        "neutron:is_ext_gw": "true", "neutron:is_static_route": "true",
                        "neutron:subnet_id": ids.subnet("public", prefix).description,
                    ]),
                ])
        }
        var translations: [Transaction.Reference] = []
        if router.snat, let address = cloud.externalIPv4(router.name) {
            translations.append(
                transaction.insert(
                    "NAT", ["type": "snat", "external_ip": .string(address.description), "logical_ip": "0.0.0.0/0"]))
        }
        transaction.insert(
            "Logical_Router",
            [
                "name": .string(NeutronName.resource(ids.router(router.name))), "enabled": .set([.bool(true)]),
                "options": .map([
                    "always_learn_from_arp_request": "false", "dynamic_neigh_routers": "true", "mac_binding_age_threshold": "300",
                ]),
                "external_ids": .map([
                    "neutron:availability_zone_hints": "", "neutron:revision_number": "2", "neutron:router_name": router.name,
                ]),
                "ports": .set(interfaces + [gatewayPort]), "static_routes": .set(routes), "nat": .set(translations),
            ])
        return routerSidePort(
            port, in: ids.provider, router: router.name, cidrs: external, owner: "network:router_gateway", project: "", revision: 1,
            options: ["exclude-lb-vips-from-garp": "true", "nat-addresses": "router"])
    }

    /// The gateways that may host a router, the first with the highest priority.
    private mutating func writeCandidates(_ router: Scenario.Router) -> Transaction.Reference {
        let candidates = router.gateways.enumerated().map { index, gateway in
            transaction.insert(
                "HA_Chassis",
                ["chassis_name": .string(ids.chassis(gateway)), "priority": .number(Double(router.gateways.count - index))])
        }
        return transaction.insert(
            "HA_Chassis_Group",
            [
                "name": .string(NeutronName.resource(ids.router(router.name))), "ha_chassis": .set(candidates),
                "external_ids": .map([
                    "neutron:availability_zone_hints": "", "neutron:router_id": ids.router(router.name).description,
                ]),
            ])
    }
}
