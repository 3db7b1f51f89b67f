import Testing

@testable import FRR
@testable import NetworkTypes

@Suite("The running configuration")
struct RunningConfigurationTests {
    private static let text = """
        frr version 8.4.4
        frr defaults traditional
        !
        hostname gw1
        ! "log file x" enabled by "--log" startup option
        !
        router bgp 4200000001
         bgp router-id 10.255.0.1
         neighbor 10.0.1.0 remote-as 4200009999
         !
         address-family ipv4 unicast
          network 10.255.0.1/32
         exit-address-family
         !
         address-family l2vpn evpn
          advertise-all-vni
          vni 5001
           rd 10.255.0.1:5001
          exit-vni
         exit-address-family
        exit
        !
        router bgp 64086.59905 vrf fed1 as-notation dot
         !
         address-family l2vpn evpn
          rd 10.255.0.1:1
         exit-address-family
        exit
        !
        router bgp 65001 view looking-glass
        exit
        !
        ip prefix-list FED-fed1-IPV4 seq 5 permit 10.1.0.0/24 le 32
        ip prefix-list FED-fed1-IPV4 seq 10 permit 10.2.0.0/24 le 32
        route-map FED-fed1-IPV4 permit 10
         match ip address prefix-list FED-fed1-IPV4
        exit
        vrf fed1
         vni 10001
        exit-vrf
        end
        """

    @Test("knows each line's blocks")
    func contexts() throws {
        let running = RunningConfiguration(parsing: Self.text)
        let body = try #require(running.sections(about: .bgp(vrf: nil)).first).body
        let instance = ["router bgp 4200000001"]
        let evpn = instance + ["address-family l2vpn evpn"]
        #expect(body.contains(ConfigurationLine("bgp router-id 10.255.0.1", in: instance)))
        #expect(body.contains(ConfigurationLine("advertise-all-vni", in: evpn)))
        #expect(body.contains(ConfigurationLine("rd 10.255.0.1:5001", in: evpn + ["vni 5001"])))
        #expect(!body.contains { $0.text.contains("exit") || $0.text.contains("!") })
    }

    @Test("finds instances, filters and VRFs by their subject, in later releases' spelling too")
    func subjects() throws {
        let running = RunningConfiguration(parsing: Self.text)
        #expect(running.defaultASN == ASN(value: 4_200_000_001))
        #expect(running.bgpVRFs.map(\.name) == ["fed1"])
        #expect(running.bgpVRFs.map(\.asn) == [ASN(value: 4_200_000_001)])
        #expect(running.sections(about: .prefixList(.ipv4, "FED-fed1-IPV4")).count == 2)
        #expect(running.sections(about: .vrf("fed1"))[0].body.map(\.text) == ["vni 10001"])
        #expect(ZebraVRFStanza.parse(running, vrf: "fed1") == ZebraVRFStanza(vrf: "fed1", vni: try VNI(parsing: "10001")))
    }

    @Test(
        "takes any text without complaint",
        arguments: ["", "\n\n\n", "  indented under nothing", "router bgp", "router bgp x vrf", " !\r\n a\r\nb\r\n  c", "vrf\tx"])
    func robust(text: String) {
        let running = RunningConfiguration(parsing: text)
        #expect(running.defaultASN == nil)
        #expect(VRFStanza.parse(running, vrf: "fed1", asn: ASN(value: 1)!) == nil)
    }

    @Test("survives every cut of a real text")
    func cuts() throws {
        let asn = try ASN(parsing: "4200000001")
        for length in stride(from: 0, to: Self.text.utf8.count, by: 7) {
            let running = RunningConfiguration(parsing: String(Self.text.prefix(length)))
            _ = VRFStanza.parse(running, vrf: "fed1", asn: asn)
            _ = EVPNBaseStanza.parse(running)
            _ = ZebraVRFStanza.parse(running, vrf: "fed1")
        }
    }
}
