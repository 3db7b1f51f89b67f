import Testing

@testable import FRR
@testable import NetworkTypes

@Suite("Answers of FRR 8.4.4 to show … json")
struct ShowDecodingTests {
    private let target = RouteTarget(.as2(64900, 1001))

    @Test("show bgp l2vpn evpn vni: the VNI with its effective targets")
    func vnis() throws {
        let vni = try #require(try BGPVNI.decode(fixture("show_bgp_l2vpn_evpn_vni.json")).values.first)
        #expect(vni.vni.value == 1001)
        #expect(vni.kind == .l3)
        #expect(vni.inKernel)
        #expect(vni.distinguisher == RouteDistinguisher("10.255.0.1:1001"))
        #expect(vni.routerMAC == MACAddress("02:10:01:00:00:01"))
        #expect(vni.importTargets.isExactly([target]))
        #expect(vni.exportTargets.isExactly([target]))
    }

    @Test("a wildcard target, as later releases show it, is never what was asked for")
    func wildcard() throws {
        let vni = try #require(
            try BGPVNI.decode(
                #"{"1001":{"vni":1001,"type":"L3","importRTs":["64900:1001","*:1001"],"exportRts":"64900:1001","tenantVrf":"fed1"}}"#
            ).values.first)
        #expect(vni.importTargets.others == ["*:1001"])
        #expect(!vni.importTargets.isExactly([target]))
        #expect(vni.exportTargets.isExactly([target]))
        #expect(vni.vrf == "fed1")
    }

    @Test("show bgp l2vpn evpn vrf-import-rt: who imports what")
    func importTable() throws {
        #expect(try EVPNImportTable.decode(fixture("show_bgp_l2vpn_evpn_vrf-import-rt.json")) == ["64900:1001": ["vrf-1001"]])
        #expect(try EVPNImportTable.decode(fixture("show_bgp_l2vpn_evpn_import-rt.json")).isEmpty)
    }

    @Test(
        "type-5 routes, local and received, however deep the paths are nested and whatever else is in the table",
        arguments: ["show_bgp_l2vpn_evpn_route_type_prefix.json", "show_bgp_l2vpn_evpn_route_detail.json", "show_bgp_l2vpn_evpn.json"])
    func routes(name: String) throws {
        let routes = try EVPNPrefixRoutes.decode(fixture(name))
        #expect(routes.local.count == 6)
        #expect(routes.received.count == 6)
        let local = try #require(routes.local.first { $0.prefix == IPPrefix("10.1.0.11/32") })
        #expect(local.isLocal && local.isValid && local.isBest && local.path.isEmpty)
        #expect(local.distinguisher == RouteDistinguisher("10.255.0.1:1001"))
        let received = try #require(routes.received.first { $0.prefix == IPPrefix("fd10:2::11/128") })
        #expect(received.nextHop == IPAddress("10.255.0.2"))
        #expect(received.targets == [target])
        #expect(received.routerMAC == MACAddress("02:10:01:00:00:02"))
        #expect(received.path == [4_200_009_999, 4_200_000_002])
        #expect(received.peer == "10.0.1.0")
        #expect(received.isValid && received.isBest)
    }

    @Test("an EVPN table without routes, as FRR 10.3 writes it: an object that begins with a comma", .timeLimit(.minutes(1)))
    func noRoutes() throws {
        let routes = try EVPNPrefixRoutes.decode("{\n,\"numPrefix\":0,\"numPaths\":0}\n")
        #expect(routes.local.isEmpty && routes.received.isEmpty)
        #expect(throws: FRRDecodingError.self) { try EVPNPrefixRoutes.decode("{,}") }
        #expect(throws: FRRDecodingError.self) { try EVPNPrefixRoutes.decode("{,,\"numPrefix\":0}") }
    }

    @Test("show bgp l2vpn evpn summary, alone or wrapped in its address family")
    func summary() throws {
        let text = try fixture("show_bgp_l2vpn_evpn_summary.json")
        for summary in [try BGPSummary.decode(text), try BGPSummary.decode("{\"ipv4Unicast\":{\"peers\":{}},\"l2VpnEvpn\":\(text)}")] {
            #expect(summary.routerID == IPv4Address("10.255.0.1"))
            #expect(summary.asn == ASN(value: 4_200_000_001))
            let peer = try #require(summary.peers.first)
            #expect(peer.address == IPAddress("10.0.1.0"))
            #expect(peer.isEstablished)
            #expect(peer.uptimeMilliseconds == 167_000)
            #expect([peer.prefixesReceived, peer.prefixesSent, peer.connectionsDropped] == [6, 12, 0])
        }
        #expect(try BGPSummary.decode("{}").peers.isEmpty)
    }

    @Test("show bgp vrf: own and imported routes; IPv6 over an IPv4 VTEP has the VTEP as next hop")
    func vrfTable() throws {
        let ipv4 = try BGPVRFTable.decode(fixture("show_bgp_vrf_vrf-1001_ipv4_unicast.json"))
        #expect(ipv4.vrf == "vrf-1001")
        #expect(ipv4.version == 6)
        #expect(ipv4.routes.filter(\.isLocal).map(\.prefix.description) == ["10.1.0.11/32", "10.1.0.12/32", "172.24.1.1/32"])
        let ipv6 = try BGPVRFTable.decode(fixture("show_bgp_vrf_vrf-1001_ipv6_unicast.json"))
        let imported = ipv6.routes.filter { !$0.isLocal }
        #expect(imported.count == 3)
        #expect(imported.allSatisfy { $0.nextHops == [IPAddress("10.255.0.2")] && $0.isBest && $0.isValid })
        #expect(throws: FRRDecodingError.warning("View/Vrf is unknown")) {
            try BGPVRFTable.decode("{\n  \"warning\":\"View/Vrf is unknown\"\n}\n")
        }
    }

    @Test("show bgp vrfs, show vrf vni: who is bound to which VNI")
    func bindings() throws {
        let instances = try BGPInstance.decode(fixture("show_bgp_vrfs.json"))
        #expect(instances["vrf-1001"]?.l3VNI == VNI(value: 1001))
        #expect(instances["vrf-1001"]?.interface == "br-1001")
        #expect(instances["default"]?.l3VNI == nil)
        #expect(instances["default"]?.routerMAC == nil)
        let bound = try #require(try ZebraVNI.decode(fixture("show_vrf_vni.json")).first)
        #expect(bound.isUp && bound.vxlanInterface == "vxlan-1001" && bound.bridge == "br-1001" && bound.vrf == "vrf-1001")
        let unbound = try ZebraVNI.decode(
            #"{"vrfs":[{"vrf":"fed1","vni":10001,"vxlanIntf":"None","sviIntf":"None","state":"Down","routerMac":"None"}]}"#)
        #expect(unbound == [ZebraVNI(vrf: "fed1", vni: try VNI(parsing: "10001"), isUp: false)])
    }

    @Test("show interface: names, VRFs and states")
    func interfaces() throws {
        let interfaces = try ZebraInterface.decode(fixture("show_interface_vrf_vrf-1001.json"))
        let bridge = try #require(interfaces["br-1001"])
        #expect(
            bridge.vrf == "vrf-1001" && bridge.isOperationallyUp && bridge.isAdministrativelyUp && bridge.index == 9 && bridge.mtu == 1500)
        #expect(interfaces.count >= 3)
    }

    @Test("router MACs and next hops say the same of a VTEP, once")
    func endpoints() throws {
        let endpoint = EVPNEndpoint(
            vni: try VNI(parsing: "1001"), vtep: try IPAddress(parsing: "10.255.0.2"),
            routerMAC: try MACAddress(parsing: "02:10:01:00:00:02"))
        #expect(try EVPNEndpoint.decode(fixture("show_evpn_rmac_vni_all.json")) == [endpoint])
        #expect(try EVPNEndpoint.decode(fixture("show_evpn_next-hops_vni_all.json")) == [endpoint])
    }

    @Test(
        "show version, of releases and of development builds",
        arguments: [
            ("FRRouting 8.4.4 (vm) on Linux(6.1).\nCopyright", FRRVersion(8, 4, 4)),
            ("FRRouting 10.2-dev (a) on Linux.", FRRVersion(10, 2)),
            ("FRRouting 9.1.0-01 (a)", FRRVersion(9, 1)),
        ])
    func version(text: String, expected: FRRVersion) {
        #expect(FRRVersion(parsing: text) == expected)
        #expect(FRRVersion(parsing: "Quagga 1.2") == nil)
    }

    /// Every decoder, for what must hold for all of them.
    private static let decoders: [@Sendable (String) throws -> Void] = [
        { _ = try BGPVNI.decode($0) }, { _ = try EVPNImportTable.decode($0) }, { _ = try EVPNPrefixRoutes.decode($0) },
        { _ = try BGPSummary.decode($0) }, { _ = try BGPVRFTable.decode($0) }, { _ = try BGPInstance.decode($0) },
        { _ = try ZebraVNI.decode($0) }, { _ = try EVPNEndpoint.decode($0) }, { _ = try ZebraInterface.decode($0) },
    ]

    private static let answers = [
        "show_bgp_l2vpn_evpn_vni.json", "show_bgp_l2vpn_evpn_route_type_prefix.json", "show_bgp_l2vpn_evpn_route_detail.json",
        "show_bgp_l2vpn_evpn_summary.json", "show_bgp_vrf_vrf-1001_ipv6_unicast.json", "show_bgp_vrfs.json", "show_vrf_vni.json",
        "show_evpn_next-hops_vni_all.json", "show_interface_vrf_vrf-1001.json",
    ]

    @Test("no decoder takes a text that is cut off, and none crashes on it", arguments: answers)
    func truncated(name: String) throws {
        let text = try fixture(name).trimmingSpaces
        for length in stride(from: 0, to: text.utf8.count, by: max(1, text.utf8.count / 300)) {
            for decode in Self.decoders {
                #expect(throws: FRRDecodingError.self) { try decode(String(text.prefix(length))) }
            }
        }
    }

    @Test("no decoder crashes on another command's answer or on damaged bytes", arguments: answers)
    func damaged(name: String) throws {
        let bytes = Array(try fixture(name).utf8)
        var chance = SeededGenerator(state: 7)
        for _ in 0..<200 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 0...5, using: &chance) {
                damaged[Int.random(in: 0..<bytes.count, using: &chance)] = Array("{}[],:\"0n\\".utf8).randomElement(using: &chance) ?? 0
            }
            for decode in Self.decoders { try? decode(String(decoding: damaged, as: UTF8.self)) }
        }
    }

    @Test("1,000 routes are read in tens of milliseconds, also by a build without optimisation")
    func speed() throws {
        let route = { (index: Int) in
            let address = "10.\(index / 250).0.\(index % 250)"
            return """
                "[5]:[0]:[32]:[\(address)]":{"prefix":"[5]:[0]:[32]:[\(address)]","prefixLen":352,"paths":[[{"valid":true,"bestpath":true,\
                "selectionReason":"First path received","pathFrom":"external","routeType":5,"ethTag":0,"ipLen":32,"ip":"\(address)",\
                "weight":0,"peerId":"10.0.1.0","path":"4200009999 4200000002","origin":"incomplete","extendedCommunity":{"string":"RT:64900:1001 ET:8 \
                Rmac:02:10:01:00:00:02"},"nexthops":[{"ip":"10.255.0.2","hostname":"gw","afi":"ipv4","used":true}]}]]}
                """
        }
        let text =
            "{\"10.255.0.2:1001\":{\"rd\":\"10.255.0.2:1001\"," + (0..<1000).map(route).joined(separator: ",")
            + "},\"numPrefix\":1000,\"numPaths\":1000}"
        let clock = ContinuousClock()
        var count = 0
        let elapsed = try clock.measure { count = try EVPNPrefixRoutes.decode(text).received.count }
        print("measured: 1,000 routes, \(text.utf8.count) bytes: \(elapsed)")
        #expect(count == 1000)
        #expect(elapsed < .seconds(2))
    }
}
