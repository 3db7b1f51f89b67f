import Testing

@testable import FRR
@testable import NetworkTypes

/// Two gateways with an L3VNI each, in the default VRF: this needs no VRF device, so that it runs on any kernel with `vxlan`.
@Suite("Type-5 routes between two real gateways", .serialized, .timeLimit(.minutes(1)))
struct TypeFiveTests {
    private func prepare(_ namespace: NetworkNamespace, own: String, other: String) throws {
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

    private func eventually<T>(_ what: () async throws -> T, _ holds: (T) -> Bool) async throws -> T {
        var value = try await what()
        for _ in 0..<300 where !holds(value) {
            try await Task.sleep(for: .milliseconds(50))
            value = try await what()
        }
        return value
    }

    @Test("go out and come in under the base's filters; type 3 does not; the shows tell the whole way")
    func journey() async throws {
        let left = try NetworkNamespace("t5l")
        let right = try NetworkNamespace("t5r")
        try run("ip", "-n", left.name, "link", "add", "name", "eth0", "type", "veth", "peer", "name", "eth0", "netns", right.name)
        var daemons: [Daemons] = []
        var bgpds: [VTYClient] = []
        var zebras: [VTYClient] = []
        for (namespace, own, other) in [(left, "1", "2"), (right, "2", "1")] {
            try prepare(namespace, own: own, other: other)
            daemons.append(try await Daemons(in: namespace))
            let bgpd = try await client(daemons[daemons.count - 1].bgpd)
            let zebra = try await client(daemons[daemons.count - 1].zebra)
            let base = EVPNBaseStanza(
                asn: try ASN(parsing: "420000000\(own)"), routerID: try IPv4Address(parsing: "10.255.0.\(own)"),
                vtep: try IPAddress(parsing: "10.255.0.\(own)"), peers: [try .at("10.255.0.\(other)", "420000000\(other)")],
                timers: BGPTimers(keepalive: 1, hold: 3, connectRetry: 1))
            let tenant = [
                "router bgp 420000000\(own)", " no bgp network import-check", " address-family l2vpn evpn", "  rd 10.255.0.\(own):5000",
                "  route-target import 64900:5000", "  route-target export 64900:5000", "  advertise ipv4 unicast", " exit-address-family",
                " address-family ipv4 unicast", "  network 10.\(own).0.11/32", " exit-address-family", "exit",
            ]
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
        for (index, own, other) in [(0, "1", "2"), (1, "2", "1")] {
            let bgpd = bgpds[index]
            let zebra = zebras[index]
            let vtep = try IPAddress(parsing: "10.255.0.\(other)")
            let mac = try MACAddress(parsing: "02:00:00:00:0\(other):50")
            let routes = try await eventually(
                { try EVPNPrefixRoutes.decode(try await bgpd.show("show bgp l2vpn evpn route type prefix json")) },
                // Best only once bgpd has tracked the next hop: until then the answers below would differ by that.
                {
                    !$0.received.isEmpty && !$0.local.isEmpty && ($0.received + $0.local).allSatisfy(\.isBest)
                })
            #expect(routes.local.map(\.prefix.description) == ["10.\(own).0.11/32"])
            let received = try #require(routes.received.first)
            #expect(routes.received.count == 1)
            #expect(received.prefix.description == "10.\(other).0.11/32")
            #expect(received.nextHop == vtep)
            #expect(received.routerMAC == mac)
            #expect(received.targets.map(\.description) == ["64900:5000"])
            #expect(received.path == [4_200_000_000 + (UInt32(other) ?? 0)])
            #expect(received.distinguisher.description == "10.255.0.\(other):5000")

            // What of the other side arrived at all: its type-3 route of VNI 100 did not.
            let everything = try await bgpd.show("show bgp l2vpn evpn json")
            #expect(everything.contains("[3]:[0]:[32]:[10.255.0.\(own)]"))
            #expect(!everything.contains("[3]:[0]:[32]:[10.255.0.\(other)]"))
            #expect(try EVPNPrefixRoutes.decode(everything) == routes)

            let vnis = try BGPVNI.decode(try await bgpd.show("show bgp l2vpn evpn vni json"))
            let vni = try #require(VNI(value: 5000))
            #expect(vnis[vni]?.kind == .l3)
            #expect(vnis[vni]?.importTargets.isExactly([RouteTarget(.as2(64900, 5000))]) == true)
            #expect(try EVPNImportTable.decode(try await bgpd.show("show bgp l2vpn evpn vrf-import-rt json"))["64900:5000"] == ["default"])
            #expect(try BGPInstance.decode(try await bgpd.show("show bgp vrfs json"))["default"]?.l3VNI == vni)

            let table = try await eventually(
                { try BGPVRFTable.decode(try await bgpd.show("show bgp vrf default ipv4 unicast json")) },
                {
                    $0.routes.contains { !$0.isLocal && $0.isBest }
                })
            #expect(table.routes.first { !$0.isLocal }?.nextHops == [vtep])
            let endpoint = EVPNEndpoint(vni: vni, vtep: vtep, routerMAC: mac)
            for command in ["show evpn rmac vni all json", "show evpn next-hops vni all json"] {
                let endpoints = try await eventually({ try EVPNEndpoint.decode(try await zebra.show(command)) }, { !$0.isEmpty })
                #expect(endpoints == [endpoint], "\(command)")
            }
            let bound = try ZebraVNI.decode(try await zebra.show("show vrf vni json"))
            #expect(bound.map(\.isUp) == [true])
            #expect(bound.first?.bridge == "br5000")
        }
        withExtendedLifetime(daemons) {}
    }
}
