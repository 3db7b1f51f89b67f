import Testing

@testable import FRR
@testable import NetworkTypes
@testable import VTY

/// Two gateways that talk EVPN, with an L3VNI each in the default VRF: this needs no VRF device, so that it runs on any kernel with `vxlan`.
struct GatewayPair {
    /// Gateway 1 and gateway 2: AS 420000000N, VTEP 10.255.0.N, router MAC 02:00:00:00:0N:50.
    private(set) var bgpds: [VTYClient] = []
    private(set) var zebras: [VTYClient] = []
    let namespaces: [NetworkNamespace]
    private var daemons: [Daemons] = []

    /// - Parameters:
    ///   - networks: what each originates.
    ///   - filter: lines for each, before `router bgp`, and the name of the route-map that its advertisements pass; nil: none.
    init(_ label: String, networks: (String) -> [String], filter: ((String) -> (name: String, lines: [String]))? = nil) async throws {
        namespaces = [try NetworkNamespace(label + "l"), try NetworkNamespace(label + "r")]
        let (left, right) = (namespaces[0], namespaces[1])
        try run("ip", "-n", left.name, "link", "add", "name", "eth0", "type", "veth", "peer", "name", "eth0", "netns", right.name)
        for (namespace, own, other) in [(left, "1", "2"), (right, "2", "1")] {
            try Self.prepare(namespace, own: own, other: other)
            daemons.append(try await Daemons(in: namespace))
            let bgpd = try await client(daemons[daemons.count - 1].bgpd)
            let zebra = try await client(daemons[daemons.count - 1].zebra)
            let base = EVPNBaseStanza(
                asn: try ASN(parsing: "420000000\(own)"), routerID: try IPv4Address(parsing: "10.255.0.\(own)"),
                vtep: try IPAddress(parsing: "10.255.0.\(own)"), peers: [try .at("10.255.0.\(other)", "420000000\(other)")],
                timers: BGPTimers(keepalive: 1, hold: 3, connectRetry: 1))
            let export = filter?(own)
            let tenant =
                (export?.lines ?? []) + [
                    "router bgp 420000000\(own)", " no bgp network import-check", " address-family l2vpn evpn",
                    "  rd 10.255.0.\(own):5000", "  route-target import 64900:5000", "  route-target export 64900:5000",
                    "  advertise ipv4 unicast" + (export.map { " route-map \($0.name)" } ?? ""), " exit-address-family",
                    " address-family ipv4 unicast",
                ] + networks(own).map { "  network \($0)" } + [" exit-address-family", "exit"]
            _ = try await eventually(
                { try ZebraInterface.decode(try await zebra.show("show interface vrf all json")) },
                {
                    $0["br5000"]?.isOperationallyUp == true && $0["vx5000"] != nil
                })
            #expect(try await bgpd.configure(EVPNBaseStanza.changes(from: nil, to: base) + tenant).isEmpty)
            #expect(try await zebra.configure(["vni 5000"]).isEmpty)
            bgpds.append(bgpd)
            zebras.append(zebra)
        }
    }

    private static func prepare(_ namespace: NetworkNamespace, own: String, other: String) throws {
        let name = namespace.name
        try run("ip", "-n", name, "addr", "add", "10.255.0.\(own)/32", "dev", "lo")
        try run("ip", "-n", name, "addr", "add", "10.0.0.\(own)/30", "dev", "eth0")
        try run("ip", "-n", name, "link", "set", "eth0", "up")
        try run("ip", "-n", name, "route", "add", "10.255.0.\(other)/32", "via", "10.0.0.\(other)")
        // 5000 is the L3VNI; 100 is somebody's L2VNI, whose type-3 routes must stay at home.
        for vni in ["5000", "100"] {
            let mac = "02:00:00:00:0\(own):\(vni.prefix(2))"
            try run("ip", "-n", name, "link", "add", "name", "br\(vni)", "address", mac, "type", "bridge")
            try run("ip", "-n", name, "link", "set", "br\(vni)", "addrgenmode", "none")
            try run("ip", "-n", name, "link", "set", "br\(vni)", "up")
            try run(
                "ip", "-n", name, "link", "add", "name", "vx\(vni)", "type", "vxlan", "id", vni, "dstport", "4789", "local",
                "10.255.0.\(own)", "nolearning")
            try run("ip", "-n", name, "link", "set", "vx\(vni)", "master", "br\(vni)")
            try run("ip", "-n", name, "link", "set", "vx\(vni)", "up")
        }
    }
}

/// Asks until the answer holds, 15 seconds at most; the last answer.
func eventually<T>(_ what: () async throws -> T, _ holds: (T) -> Bool) async throws -> T {
    var value = try await what()
    for _ in 0..<300 where !holds(value) {
        try await Task.sleep(for: .milliseconds(50))
        value = try await what()
    }
    return value
}
