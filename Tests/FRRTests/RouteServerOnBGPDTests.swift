import Testing

@testable import FRR
@testable import NetworkTypes
@testable import VTY

/// A gateway with an L3VNI in the default VRF, and a route server that has no VNI, as a spine.
private struct ServedGateway {
    let gateway: VTYClient
    let zebra: VTYClient
    let server: VTYClient
    let namespaces: [NetworkNamespace]
    private let daemons: [Daemons]

    init(_ label: String) async throws {
        namespaces = [try NetworkNamespace(label + "g"), try NetworkNamespace(label + "s")]
        let (own, spine) = (namespaces[0].name, namespaces[1].name)
        try run("ip", "-n", own, "link", "add", "name", "eth0", "type", "veth", "peer", "name", "eth0", "netns", spine)
        for (name, vtep, link, other, hop) in [
            (own, "10.255.0.1", "10.0.0.1", "10.255.0.254", "10.0.0.2"), (spine, "10.255.0.254", "10.0.0.2", "10.255.0.1", "10.0.0.1"),
        ] {
            try run("ip", "-n", name, "addr", "add", "\(vtep)/32", "dev", "lo")
            try run("ip", "-n", name, "addr", "add", "\(link)/30", "dev", "eth0")
            try run("ip", "-n", name, "link", "set", "eth0", "up")
            try run("ip", "-n", name, "route", "add", "\(other)/32", "via", hop)
        }
        try run("ip", "-n", own, "addr", "add", "10.255.0.77/32", "dev", "lo")
        try run("ip", "-n", own, "link", "add", "name", "br5000", "address", "02:00:00:00:01:50", "type", "bridge")
        try run("ip", "-n", own, "link", "set", "br5000", "addrgenmode", "none", "up")
        daemons = [try await Daemons(in: namespaces[0]), try await Daemons(in: namespaces[1])]
        gateway = try await client(daemons[0].bgpd)
        zebra = try await client(daemons[0].zebra)
        server = try await client(daemons[1].bgpd)
        try tunnel(from: "10.255.0.1")
        #expect(try await zebra.configure(["vni 5000"]).isEmpty)
        #expect(
            try await gateway.configure([
                "router bgp 4200000001", " bgp router-id 10.255.0.1", " no bgp default ipv4-unicast", " no bgp ebgp-requires-policy",
                " no bgp network import-check", " neighbor 10.255.0.254 remote-as 4200009999", " neighbor 10.255.0.254 ebgp-multihop 4",
                " neighbor 10.255.0.254 update-source 10.255.0.1", " neighbor 10.255.0.254 timers connect 1",
                " neighbor 10.255.0.254 advertisement-interval 0", " address-family ipv4 unicast", "  network 10.1.0.11/32",
                " exit-address-family", " address-family l2vpn evpn", "  neighbor 10.255.0.254 activate", "  advertise-all-vni",
                "  rd 10.255.0.1:5000", "  route-target import 64900:5000", "  route-target export 64900:5000", "  advertise ipv4 unicast",
                " exit-address-family", "exit",
            ]).isEmpty)
        #expect(
            try await server.configure(["router bgp 4200009999", " bgp router-id 10.255.0.254", " no bgp default ipv4-unicast", "exit"])
                .isEmpty)
    }

    /// The VTEP is what bgpd puts into its routes as next hop.
    func tunnel(from vtep: String) throws {
        let name = namespaces[0].name
        try? run("ip", "-n", name, "link", "del", "vx5000")
        try run(
            "ip", "-n", name, "link", "add", "name", "vx5000", "type", "vxlan", "id", "5000", "dstport", "4789", "local", vtep, "nolearning"
        )
        try run("ip", "-n", name, "link", "set", "vx5000", "master", "br5000", "up")
    }

    func evpn(_ lines: String...) async throws {
        let wrapped = ["router bgp 4200000001", " address-family l2vpn evpn"] + lines.map { "  " + $0 } + [" exit-address-family", "exit"]
        #expect(try await gateway.configure(wrapped).isEmpty)
    }

    func accepted() async throws -> [EVPNPrefixRoute] {
        try EVPNPrefixRoutes.decode(try await server.show("show bgp l2vpn evpn route type prefix json")).received
    }

    /// The server asks for all routes anew first, as it does when the filter changes.
    func arrives(_ expected: Bool) async throws -> Bool {
        try await eventually({ !(try await accepted()).isEmpty }, { $0 == expected })
    }
}

@Suite("A route server's configuration, on bgpd", .serialized, .timeLimit(.minutes(2)))
struct RouteServerOnBGPDTests {
    private func lines(_ stanza: RouteServerStanza) -> [String] {
        stanza.text.split(separator: "\n").filter { !$0.hasPrefix("!") }.map(String.init)
    }

    private func stanza(exports: [[String]], imports: [String] = ["64900:5000"]) throws -> RouteServerStanza {
        try RouteServerStanzaTests.server([RouteServerStanzaTests.client(1, "paris/gw1", exports: exports, imports: imports)])
    }

    @Test("is taken whole, twice is as once, and what it was made anew for replaces it")
    func accepted() async throws {
        let world = try await ServedGateway("rsa")
        let first = try stanza(exports: [["64900:5000"], ["64900:1", "65010:7"]])
        #expect(try await world.server.configure(lines(first)).isEmpty)
        let running = try await world.server.show("show running-config")
        for line in lines(first) where !line.contains("activate") { #expect(running.contains(line.trimmingPrefix(" ")), "\(line)") }
        #expect(try await world.server.configure(lines(first)).isEmpty)
        #expect(try await world.server.show("show running-config") == running)
        let second = try stanza(exports: [["64900:6000"]])
        #expect(try await world.server.configure(lines(second)).isEmpty)
        let then = try await world.server.show("show running-config")
        #expect(then.split(separator: "\n").count { $0.contains("route-map FED-paris/gw1-IN") && $0.hasSuffix(" in") } == 1)
    }

    @Test("lets the client’s own through, and neither another target, nor one more, nor another AS, nor another next hop")
    func filters() async throws {
        let world = try await ServedGateway("rsf")
        #expect(try await world.server.configure(lines(stanza(exports: [["64900:5000"]]))).isEmpty)
        #expect(try await world.arrives(true))
        try await world.evpn("route-target export 64900:6000")
        #expect(try await world.arrives(false) == false, "a route with a target more")
        try await world.evpn("no route-target export 64900:5000")
        #expect(try await world.arrives(false) == false, "a route with another target")
        try await world.evpn("route-target export 64900:5000", "no route-target export 64900:6000")
        #expect(try await world.arrives(true))
        #expect(try await world.gateway.configure(["route-map FORGED permit 10", " set as-path prepend 4200000007", "exit"]).isEmpty)
        try await world.evpn("neighbor 10.255.0.254 route-map FORGED out")
        #expect(try await world.arrives(false) == false, "a path that begins in another AS")
        try await world.evpn("no neighbor 10.255.0.254 route-map FORGED out")
        #expect(try await world.arrives(true))
        try world.tunnel(from: "10.255.0.77")
        #expect(try await world.arrives(false) == false, "another next hop")
        try world.tunnel(from: "10.255.0.1")
        #expect(try await world.arrives(true))
    }

    @Test("of several targets all are needed, and none more; a client that exports nothing announces nothing")
    func several() async throws {
        let world = try await ServedGateway("rsm")
        try await world.evpn("route-target export 64900:6000")
        #expect(try await world.server.configure(lines(stanza(exports: [["64900:5000", "64900:6000"], ["64900:1"]]))).isEmpty)
        #expect(try await world.arrives(true))
        try await world.evpn("no route-target export 64900:6000")
        #expect(try await world.arrives(false) == false)
        try await world.evpn("route-target export 64900:6000", "route-target export 64900:7000")
        try await Task.sleep(for: .seconds(2))
        #expect(try await world.arrives(false) == false)
        try await world.evpn("no route-target export 64900:7000")
        #expect(try await world.arrives(true))
        #expect(try await world.server.configure(lines(stanza(exports: []))).isEmpty)
        #expect(try await world.arrives(false) == false)
    }
}
