import NetworkTypes
import OVN

/// Names as Neutron makes them, short enough to read in a failure.
enum Names {
    static func uuid(_ number: Int) -> String {
        let digits = String(number)
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    static let router = uuid(1)
    static let network = uuid(2)
    static let provider = uuid(3)
}

extension World {
    /// A router with a gateway on provider VLAN 300, one network with an IPv4 and an IPv6 interface, and three chassis:
    /// written to the northbound database as Neutron does, translated by northd, not bound anywhere.
    static func small<T>(_ body: (World) throws -> T) throws -> T {
        try with(.empty, northd: true) { world in
            try world.addChassis("gw1", "gw2", "cmp1")
            try world.addNetwork(Names.provider, name: "public", physical: "physnet1", tag: 300)
            try world.addNetwork(Names.network, name: "net", physical: nil, tag: nil)
            try world.addRouter(Names.router, name: "router")
            try world.attach(Names.router, Names.provider, port: "gw", "172.24.4.10/24 fd24::10/64", isGateway: true)
            try world.attach(Names.router, Names.network, port: "if4", "10.0.1.1/24", isGateway: false)
            try world.attach(Names.router, Names.network, port: "if6", "fd10:1::1/64", isGateway: false)
            try world.sync()
            return try body(world)
        }
    }

    func addNetwork(_ id: String, name: String, physical: String?, tag: Int?, segment: String? = nil) throws {
        try nb("ls-add neutron-\(id)", "set Logical_Switch neutron-\(id) external_ids:neutron\\:network_name=\(name)")
        if let physical { try addSegment(segment ?? id, of: id, physical: physical, tag: tag) }
    }

    func addSegment(_ segment: String, of id: String, physical: String, tag: Int?) throws {
        try nb(
            "lsp-add neutron-\(id) provnet-\(segment)", "lsp-set-type provnet-\(segment) localnet",
            "lsp-set-addresses provnet-\(segment) unknown", "lsp-set-options provnet-\(segment) network_name=\(physical)")
        if let tag { try nb("set Logical_Switch_Port provnet-\(segment) tag=\(tag)") }
    }

    func addRouter(_ id: String, name: String) throws {
        try nb("lr-add neutron-\(id)", "set Logical_Router neutron-\(id) external_ids:neutron\\:router_name=\(name)")
    }

    /// A router port with its switch port. The MAC follows from the port's name.
    func attach(_ router: String, _ network: String, port: String, _ addresses: String, isGateway: Bool) throws {
        let mac = MACAddress(bits: 0x02_00_00_00_00_00 | UInt64(port.utf8.reduce(0) { ($0 &* 31 &+ UInt32($1)) & 0xffffff }))
        try nb(
            "lrp-add neutron-\(router) lrp-\(port) \(mac) \(addresses)",
            "set Logical_Router_Port lrp-\(port) external_ids:neutron\\:is_ext_gw=\(isGateway ? "True" : "False")",
            "lsp-add neutron-\(network) \(port)", "lsp-set-type \(port) router", "lsp-set-addresses \(port) router",
            "lsp-set-options \(port) router-port=lrp-\(port)" + (isGateway ? " nat-addresses=router" : ""))
        if isGateway { try nb("lrp-set-gateway-chassis lrp-\(port) gw1 2", "lrp-set-gateway-chassis lrp-\(port) gw2 1") }
    }

    func addPort(_ port: String, in network: String = Names.network, _ addresses: String...) throws {
        try nb("lsp-add neutron-\(network) \(port)")
        try setAddresses(of: port, addresses)
    }

    func setAddresses(of port: String, _ addresses: [String]) throws {
        try nb("lsp-set-addresses \(port) \(addresses.map { "'\($0)'" }.joined(separator: " "))")
        try sync()
    }

    func router(_ id: String = Names.router) throws -> RouterView? { try view().routers(id: id).first }

    /// `PORT@CHASSIS: ADDRESS ADDRESS` for every host behind a router, sorted.
    func hosts(_ id: String = Names.router) throws -> [String] {
        (try router(id)?.interfaces ?? []).flatMap(\.hosts).map { host in
            "\(host.logicalPort)@\(host.chassis ?? "nowhere"): \(host.addresses.map(\.description).joined(separator: " "))"
        }.sorted()
    }
}
