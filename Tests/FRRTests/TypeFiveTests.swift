import Testing

@testable import FRR
@testable import NetworkTypes

@Suite("Type-5 routes between two real gateways", .serialized, .timeLimit(.minutes(1)))
struct TypeFiveTests {
    @Test("go out and come in under the base's filters; type 3 does not; the shows tell the whole way")
    func journey() async throws {
        let pair = try await GatewayPair("t5", networks: { ["10.\($0).0.11/32"] })
        let (bgpds, zebras) = (pair.bgpds, pair.zebras)
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
        withExtendedLifetime(pair) {}
    }
}
