import NetworkTypes

/// Links, addresses and routes of all namespaces, as input of `ip -batch`: one process per namespace, however much there is.
package struct Wiring: Sendable {
    private let scenario: Scenario
    private let plan: AddressPlan
    /// Lines for the lab's own namespace: namespaces and the links between them.
    package private(set) var outer: [String] = []
    /// Lines for each namespace.
    package private(set) var inner: [Host: [String]] = [:]

    /// - Parameter inGuest: whether a guest's kernel has the other end of what is outside.
    package init(_ scenario: Scenario, inGuest: Bool = false) {
        self.scenario = scenario
        plan = AddressPlan(scenario)
        for host in scenario.hosts {
            outer.append("netns add \(host.namespace)")
            inner[host] = ["link set lo up"]
        }
        wireManagement()
        if scenario.outside != nil { wireOutside(inGuest) }
        inner[.spine]?.append("address add \(scenario.spine.address)/32 dev lo")
        for cloud in scenario.clouds {
            wireUplinks(cloud)
            wireProvider(cloud)
            if cloud.nodes.count > 1 { wireFabric(cloud) }
            for machine in cloud.machines { wireMachine(machine, of: cloud) }
        }
    }

    /// A pair of ends, each named in its namespace.
    private mutating func link(_ one: Host, _ oneName: String, _ other: Host, _ otherName: String, mtu: Int = 1500, mac: String? = nil) {
        let address = mac.map { " address \($0)" } ?? ""
        outer.append(
            "link add \(oneName) netns \(one.namespace)\(address) mtu \(mtu) type veth peer name \(otherName) netns \(other.namespace) mtu \(mtu)"
        )
    }

    private mutating func bridge(in host: Host, _ name: String, mtu: Int = 1500) {
        inner[host]?.append("link add \(name) type bridge stp_state 0 forward_delay 0")
        inner[host]?.append("link set \(name) mtu \(mtu) up")
    }

    private mutating func wireManagement() {
        bridge(in: .management, "mgmt0")
        inner[.management]?.append("address add \(AddressPlan.coordinator)/24 dev mgmt0")
        for (index, host) in scenario.hosts.enumerated() {
            guard let address = plan.management(host) else { continue }
            link(host, "mgmt", .management, "leg\(index)")
            inner[host]? += ["address add \(address)/24 dev mgmt", "link set mgmt up"]
            inner[.management]?.append("link set leg\(index) master mgmt0 up")
        }
    }

    /// The management network's way out of the lab.
    private mutating func wireOutside(_ inGuest: Bool) {
        let leg = Outside.leg(inGuest: inGuest)
        outer.append("link set \(leg) netns \(Host.management.namespace)")
        inner[.management]?.append("link set \(leg) master mgmt0 up")
    }

    private mutating func wireUplinks(_ cloud: Scenario.Cloud) {
        for gateway in cloud.gateways {
            let host = Host.node(cloud.name, gateway.name)
            let ends = plan.uplink(of: cloud.name, gateway.name)
            let position = plan.position(of: cloud.name, gateway.name)
            link(host, "uplink", .spine, "down\(position)")
            inner[host]? += ["address add \(gateway.vtep)/32 dev lo", "address add \(ends.gateway)/31 dev uplink", "link set uplink up"]
            inner[.spine]? += ["address add \(ends.spine)/31 dev down\(position)", "link set down\(position) up"]
            guard cloud.underlay == .static else { continue }
            // What an operator without a routing protocol writes: each far end by way of the spine, and this VTEP at the spine.
            let others = scenario.clouds.flatMap(\.gateways).map(\.vtep).filter { $0 != gateway.vtep } + [scenario.spine.address]
            inner[host]? += others.map { "route add \($0)/32 via \(ends.spine) dev uplink src \(gateway.vtep)" }
            inner[.spine]?.append("route add \(gateway.vtep)/32 via \(ends.gateway) dev down\(position)")
        }
    }

    /// The provider network: the stand-in's bridge, with a leg in br-ex of every gateway.
    private mutating func wireProvider(_ cloud: Scenario.Cloud) {
        let internet = Host.internet(cloud.name)
        bridge(in: internet, "provider")
        inner[internet]? += [
            "address add 172.24.\(cloud.number).1/24 dev provider", "address add fd24:\(cloud.number)::1/64 dev provider nodad",
        ]
        for address in cloud.internet { inner[internet]?.append("address add \(IPPrefix(host: address)) dev lo") }
        for (index, gateway) in cloud.gateways.enumerated() {
            link(.node(cloud.name, gateway.name), "provider", internet, "leg\(index)")
            inner[.node(cloud.name, gateway.name)]?.append("link set provider up")
            inner[internet]?.append("link set leg\(index) up")
            guard let vlan = cloud.providerVLAN else {
                inner[internet]?.append("link set leg\(index) master provider")
                continue
            }
            inner[internet]? += [
                "link add leg\(index).\(vlan) link leg\(index) type vlan id \(vlan)", "link set leg\(index).\(vlan) master provider up",
            ]
        }
    }

    /// What carries Geneve between the nodes of a cloud. OVS's userspace datapath only takes tunnel packets from a bridge
    /// of its own (`br-fabric`), so nodes have no address here.
    private mutating func wireFabric(_ cloud: Scenario.Cloud) {
        bridge(in: .fabric(cloud.name), "fabric", mtu: 1600)
        for (index, node) in cloud.nodes.enumerated() {
            link(.node(cloud.name, node), "fabric", .fabric(cloud.name), "leg\(index)", mtu: 1600)
            inner[.node(cloud.name, node)]?.append("link set fabric up")
            inner[.fabric(cloud.name)]?.append("link set leg\(index) master fabric up")
        }
    }

    private mutating func wireMachine(_ machine: Scenario.Machine, of cloud: Scenario.Cloud) {
        let host = Host.node(cloud.name, machine.name)
        let port = NeutronCloud(cloud).port(machine.name)
        link(host, "eth0", .node(cloud.name, machine.node), NeutronName.tap(port), mtu: NorthboundContents.tenantMTU, mac: port.mac)
        inner[.node(cloud.name, machine.node)]?.append("link set \(NeutronName.tap(port)) up")
        inner[host]?.append("link set eth0 up")
        guard let network = cloud.network(machine.network) else { return }
        for address in machine.addresses {
            guard let subnet = network.subnets.first(where: { $0.contains(address) }) else { continue }
            inner[host]?.append("address add \(address)/\(subnet.length) dev eth0\(address.family == .ipv6 ? " nodad" : "")")
            inner[host]?.append("route add default via \(Scenario.Network.gateway(of: subnet)) dev eth0")
        }
    }
}
