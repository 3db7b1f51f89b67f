import NetworkTypes
import OVN
import OVSDB

/// Builds the databases of a small cloud as Neutron and northd write them: one provider network, and routers with one tenant network each.
struct CloudBuilder {
    struct Router {
        var name: String
        /// Where the gateway port is bound; nil: nowhere.
        var chassis: String? = "gw1"
        var number: UInt8 = 1
        var subnets = ["10.1.0.0/24", "fd10:1::/64"]
        /// Bound VMs: addresses separated by spaces.
        var hosts = ["10.1.0.11 fd10:1::11"]
        /// Positions in `hosts` of those whose port is bound nowhere, and of those whose port is bound and down.
        var unbound: Set<Int> = []
        var down: Set<Int> = []
        /// Of those whose port an admin has taken down.
        var disabled: Set<Int> = []
        /// What load balancers of the router answer on.
        var balanced: [String] = []
        /// Addresses with a floating IP that is translated on the VM's own chassis.
        var distributed: [String] = []
        var hasGateway = true
        /// ovn-controller has installed the gateway port's flows.
        var isGatewayUp = true
        /// It has another gateway port, on the same provider network and chassis, which is up.
        var secondGateway = false
        /// Of the gateway port, on the provider network.
        var gatewayAddresses = ["172.24.1.1N/24", "fd24:1::1N/64"]
        /// It has a port in a tenant network.
        var hasInterface = true
        /// Whose it is, as its ports say; the network and the VMs too.
        var project: String?
        /// Of the metadata port of its network; nil: there is none.
        var networkProject: String?
        /// The number of another router, in whose network it has its port.
        var inNetworkOf: UInt8?
        var labels: [String: String] = [:]
        var networkLabels: [String: String] = [:]
        /// Of the network's port that its interface is joined by, and of the provider network's that its gateway port is.
        var interfaceLabels: [String: String] = [:]
        var gatewayLabels: [String: String] = [:]
        /// By logical port: `vm-ROUTER-INDEX`.
        var portLabels: [String: [String: String]] = [:]
        /// Its IPv4 traffic is translated, as Neutron has it by default.
        var isTranslated = false
        /// `PREFIX NEXTHOP`.
        var staticRoutes: [String] = []
        /// `PRIORITY ACTION MATCH`.
        var policies: [String] = []
        /// Ports of its own that are disabled, though they are still bound.
        var disabledPorts: [String] = []
        /// The VMs are on this chassis.
        var hostChassis = "gw1"
        var isInSouthbound = true
        /// Its row and its network's.
        var isInNorthbound = true
        /// Its ports are there, not only its datapath.
        var hasPorts = true

        /// What the northbound database has of them.
        fileprivate var ports: [String] {
            [(hasGateway, "g"), (secondGateway, "h"), (hasInterface, "t")].filter(\.0).map { "lrp-\($0.1)\(number)" }
        }
    }

    var routers: [Router] = []
    /// The registered ones. What is on another one is bound nowhere.
    var chassis = ["gw1", "gw2"]
    /// Of the southbound rows: a database that was made anew has other ones.
    var generation: UInt64 = 0
    /// Of the chassis' rows alone.
    var registration: UInt64 = 0
    /// The northbound database has the provider network.
    var hasProvider = true
    /// The northbound database can be read.
    var hasNorthbound = true
    /// Of NB_Global.
    var global: [String: String] = [:]

    init(_ routers: [Router]) { self.routers = routers }

    /// The OpenStack id that a router of that number gets.
    static func id(router number: UInt8) -> String { OVSDBUUID(high: 0xa, low: UInt64(number)).description }
    static func id(network number: UInt8) -> String { OVSDBUUID(high: 0xb, low: UInt64(number)).description }

    func view() -> CloudView {
        let (south, north) = make()
        return CloudView(southbound: south, northbound: hasNorthbound ? NorthboundRows(north) : nil)
    }

    func northbound() -> NorthboundView {
        NorthboundView(NorthboundRows(make().north))
    }

    private func make() -> (south: OVSDBReplica, north: OVSDBReplica) {
        var south = OVSDBReplica()
        for (table, columns) in OVNMonitor.southbound { south.tables[table] = OVSDBTable(columns: columns) }
        var north = OVSDBReplica()
        for (table, columns) in OVNMonitor.northbound { north.tables[table] = OVSDBTable(columns: columns) }

        var chassis: [String: OVSDBUUID] = [:]
        for name in self.chassis {
            chassis[name] = add("Chassis", "\(name) \(registration)", ["name": text(name), "hostname": text(name)], to: &south)
        }
        if !global.isEmpty { _ = add("NB_Global", "", ["external_ids": map(global)], to: &north) }
        if hasProvider { _ = add("Logical_Switch", "public", [:], to: &north) }
        let isEmpty = !routers.isEmpty && !routers.contains(where: \.isInSouthbound)
        var unread = south
        let provider = add(
            "Datapath_Binding", "public",
            ["external_ids": map(["logical-switch": id("public"), "name": "neutron-\(id("public network"))", "name2": "public"])],
            to: &unread)
        _ = add(
            "Port_Binding", "provnet-1",
            [
                "logical_port": text("provnet-1"), "type": text("localnet"), "datapath": .atom(.uuid(provider)),
                "options": map(["network_name": "physnet1"]),
            ], to: &unread)
        if !isEmpty { south = unread }
        var networks: [UInt8: OVSDBUUID] = [:]
        for router in routers {
            let name = "neutron-\(Self.id(router: router.number))"
            let n = router.number
            var unread = OVSDBReplica()
            for (table, columns) in OVNMonitor.northbound { unread.tables[table] = OVSDBTable(columns: columns) }
            if router.isInNorthbound { unread = north }
            let routes = router.staticRoutes.map { route in
                let words = route.split(separator: " ").map(String.init)
                return add(
                    "Logical_Router_Static_Route", "\(n) \(route)", ["ip_prefix": text(words[0]), "nexthop": text(words[1])], to: &unread)
            }
            let policies = router.policies.map { policy in
                let words = policy.split(separator: " ", maxSplits: 2).map(String.init)
                return add(
                    "Logical_Router_Policy", "\(n) \(policy)",
                    ["priority": .atom(.integer(Int64(words[0])!)), "action": text(words[1]), "match": text(words[2])], to: &unread)
            }
            for port in router.disabledPorts {
                _ = add(
                    "Logical_Router_Port", port,
                    ["name": text(port), "networks": text(router.subnets[0]), "enabled": .atom(.boolean(false))], to: &unread)
            }
            let rules = (router.isTranslated ? router.subnets.filter { !$0.contains(":") } : []).map { subnet in
                add(
                    "NAT", "\(n) \(subnet)",
                    ["type": text("snat"), "external_ip": text("172.24.1.1\(router.number)"), "logical_ip": text(subnet)], to: &unread)
            }
            let floating = router.distributed.enumerated().map { index, address in
                add(
                    "NAT", "\(n) floating \(address)",
                    [
                        "type": text("dnat_and_snat"), "external_ip": text("172.24.1.20\(index)"), "logical_ip": text(address),
                        "logical_port": text("vm-\(router.number)-\(index)"), "external_mac": text("fa:16:3e:00:ff:0\(index)"),
                    ], to: &unread)
            }
            let balancers = router.balanced.map { address in
                add("Load_Balancer", "\(n) \(address)", ["vips": map(["\(address):80": ""])], to: &unread)
            }
            for index in router.disabled {
                _ = add(
                    "Logical_Switch_Port", "\(n) \(index)", ["name": text("vm-\(n)-\(index)"), "enabled": .atom(.boolean(false))],
                    to: &unread)
            }
            let row = add(
                "Logical_Router", "\(n)",
                [
                    "name": text(name), "external_ids": map(["neutron:router_name": router.name].merging(router.labels) { $1 }),
                    "static_routes": .set(routes.map { .uuid($0) }), "policies": .set(policies.map { .uuid($0) }),
                    "nat": .set((rules + floating).map { .uuid($0) }), "load_balancer": .set(balancers.map { .uuid($0) }),
                    "ports": .set(router.ports.map { .uuid(uuid($0, in: "Logical_Router_Port")) }),
                ], to: &unread)
            let switching = add("Logical_Switch", "\(n)", ["external_ids": map(router.networkLabels)], to: &unread)
            if router.isInNorthbound { north = unread }
            guard router.isInSouthbound else { continue }
            let datapath = add(
                "Datapath_Binding", "router \(n)",
                ["external_ids": map(["logical-router": row.description, "name": name, "name2": router.name])],
                to: &south)
            let network = add(
                "Datapath_Binding", "network \(n)",
                [
                    "external_ids": map([
                        "logical-switch": switching.description, "name": "neutron-\(Self.id(network: router.number))",
                        "name2": "\(router.name)-net",
                    ])
                ], to: &south)
            networks[n] = network
            guard router.hasPorts else { continue }
            let owner = router.project.map { ["neutron:project_id": $0] } ?? [:]
            func patch(
                _ port: String, _ peer: String, _ path: OVSDBUUID, _ mac: String, _ extra: [String: String] = [:],
                _ external: [String: String] = [:]
            ) {
                _ = add(
                    "Port_Binding", port,
                    [
                        "logical_port": text(port), "type": text("patch"), "datapath": .atom(.uuid(path)), "mac": text(mac),
                        "options": map(["peer": peer].merging(extra) { $1 }), "external_ids": map(external),
                    ],
                    to: &south)
            }
            if router.hasGateway {
                let addresses = router.gatewayAddresses.map { $0.replacing("N", with: "\(n)") }
                let mac = (["fa:16:3e:00:0\(n):01"] + addresses).joined(separator: " ")
                patch("lrp-g\(n)", "g\(n)", datapath, mac, ["chassis-redirect-port": "cr-lrp-g\(n)"])
                patch("g\(n)", "lrp-g\(n)", provider, "router", [:], router.gatewayLabels)
                _ = add(
                    "Port_Binding", "cr-lrp-g\(n)",
                    [
                        "logical_port": text("cr-lrp-g\(n)"), "type": text("chassisredirect"), "datapath": .atom(.uuid(datapath)),
                        "mac": text(mac),
                        "options": map(["distributed-port": "lrp-g\(n)"]),
                        "chassis": .set((router.chassis.flatMap { chassis[$0] }).map { [.uuid($0)] } ?? []),
                        "up": .atom(.boolean(router.isGatewayUp)),
                    ], to: &south)
            }
            if router.secondGateway {
                let mac = "fa:16:3e:00:0\(n):81 172.24.1.18\(n)/24 fd24:1::18\(n)/64"
                patch("lrp-h\(n)", "h\(n)", datapath, mac, ["chassis-redirect-port": "cr-lrp-h\(n)"])
                patch("h\(n)", "lrp-h\(n)", provider, "router")
                _ = add(
                    "Port_Binding", "cr-lrp-h\(n)",
                    [
                        "logical_port": text("cr-lrp-h\(n)"), "type": text("chassisredirect"), "datapath": .atom(.uuid(datapath)),
                        "mac": text(mac), "options": map(["distributed-port": "lrp-h\(n)"]),
                        "chassis": .set((router.chassis.flatMap { chassis[$0] }).map { [.uuid($0)] } ?? []), "up": .atom(.boolean(true)),
                    ], to: &south)
            }
            let addresses = router.subnets.map { subnet in
                subnet.replacing("0/", with: "1/", maxReplacements: 1).replacing("::/", with: "::1/")
            }
            if router.hasInterface {
                let place = router.inNetworkOf.flatMap { networks[$0] } ?? network
                patch("lrp-t\(n)", "t\(n)", datapath, (["fa:16:3e:00:0\(n):02"] + addresses).joined(separator: " "))
                patch("t\(n)", "lrp-t\(n)", place, "router", [:], owner.merging(router.interfaceLabels) { $1 })
            }
            if let project = router.networkProject {
                _ = add(
                    "Port_Binding", "meta-\(n)",
                    [
                        "logical_port": text("meta-\(n)"), "type": text("localport"), "datapath": .atom(.uuid(network)),
                        "external_ids": map(["neutron:device_owner": "network:distributed", "neutron:project_id": project]),
                    ], to: &south)
            }
            for (index, host) in router.hosts.enumerated() {
                _ = add(
                    "Port_Binding", "vm-\(n)-\(index)",
                    [
                        "logical_port": text("vm-\(n)-\(index)"), "type": text(""), "datapath": .atom(.uuid(network)),
                        "mac": text("fa:16:3e:00:0\(n):1\(index) \(host)"),
                        "external_ids": map(owner.merging(router.portLabels["vm-\(n)-\(index)"] ?? [:]) { $1 }),
                        "chassis": .set(router.unbound.contains(index) ? [] : chassis[router.hostChassis].map { [.uuid($0)] } ?? []),
                        "up": .atom(.boolean(!router.down.contains(index))),
                    ], to: &south)
            }
        }
        return (south, north)
    }

    /// The same text has the same id, so that a row is the same one in every view.
    private func id(_ text: String, in table: String = "") -> String { uuid(text, in: table).description }

    private func uuid(_ text: String, in table: String) -> OVSDBUUID {
        let isSouthbound = OVNMonitor.southbound[table] != nil
        // FNV-1a.
        let low = "\(table) \(text)".utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return OVSDBUUID(high: 0xd + (isSouthbound ? generation << 8 : 0), low: low)
    }

    private func add(_ table: String, _ name: String, _ values: [String: OVSDBValue], to replica: inout OVSDBReplica) -> OVSDBUUID {
        let uuid = uuid(name, in: table)
        let columns = replica.tables[table]?.columns ?? []
        replica.tables[table]?.rows[uuid] = OVSDBRow(uuid: uuid, values: columns.map { values[$0] ?? .set([]) })
        return uuid
    }

    private func text(_ value: String) -> OVSDBValue { .atom(.string(value)) }
    private func map(_ pairs: [String: String]) -> OVSDBValue {
        .map(Dictionary(uniqueKeysWithValues: pairs.map { (.string($0), .string($1)) }))
    }
}
