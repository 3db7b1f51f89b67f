import Testing

@testable import FRR
@testable import NetworkTypes

extension VRFStanza {
    static func example(_ change: (inout VRFStanza) throws -> Void = { _ in }) throws -> VRFStanza {
        var stanza = VRFStanza(
            asn: try ASN(parsing: "4200000001"), vrf: "fed1", routerID: try IPv4Address(parsing: "10.255.0.1"),
            distinguisher: try RouteDistinguisher(parsing: "10.255.0.1:1"),
            importTargets: [try RouteTarget(parsing: "64900:10001")], exportTargets: [try RouteTarget(parsing: "64900:10001")],
            networks: [try IPPrefix(parsing: "10.1.0.11"), try IPPrefix(parsing: "fd10:1::11")],
            advertisedSubnets: [try IPPrefix(parsing: "10.1.0.0/24"), try IPPrefix(parsing: "fd10:1::/64")],
            installed: InstallContent.everything(of: [try IPv4Address(parsing: "10.255.0.2")]))
        try change(&stanza)
        return stanza
    }
}

extension InstallContent {
    /// Every prefix of these VTEPs, and default routes of those.
    static func everything(of nextHops: [IPv4Address], defaults: [IPv4Address] = []) -> [AddressFamily: InstallContent] {
        var contents: [AddressFamily: InstallContent] = [:]
        for family in AddressFamily.allCases {
            let prefix = IPPrefix(containing: IPAddress(family: family, bits: 0), length: 0)
            contents[family] = InstallContent(
                entries: [PrefixRule(.permit, prefix, le: family.width)], nextHops: nextHops,
                defaultNextHops: defaults)
        }
        return contents
    }
}

@Suite("A VRF's stanza, as text")
struct VRFStanzaTests {
    @Test("is rendered filters first, then distinguisher and targets, then networks")
    func rendering() throws {
        #expect(
            try VRFStanza.example().render.joined(separator: "\n") == """
                ip prefix-list FED-fed1-IPV4-IN:c0b153e3 seq 5 deny 0.0.0.0/0
                ip prefix-list FED-fed1-IPV4-IN:c0b153e3 seq 10 permit 0.0.0.0/0 le 32
                ip prefix-list FED-fed1-IPV4-IN:c0b153e3-VTEP seq 5 permit 10.255.0.2/32
                route-map FED-fed1-IPV4-IN:c0b153e3 permit 10
                 match ip address prefix-list FED-fed1-IPV4-IN:c0b153e3
                 match ip next-hop prefix-list FED-fed1-IPV4-IN:c0b153e3-VTEP
                exit
                ipv6 prefix-list FED-fed1-IPV6-IN:e4f506b5 seq 5 deny ::/0
                ipv6 prefix-list FED-fed1-IPV6-IN:e4f506b5 seq 10 permit ::/0 le 128
                ipv6 prefix-list FED-fed1-IPV6-IN:e4f506b5-VTEP seq 5 permit ::ffff:aff:2/128
                route-map FED-fed1-IPV6-IN:e4f506b5 permit 10
                 match ipv6 address prefix-list FED-fed1-IPV6-IN:e4f506b5
                 match ipv6 next-hop prefix-list FED-fed1-IPV6-IN:e4f506b5-VTEP
                exit
                ip prefix-list FED-fed1-IPV4 permit 10.1.0.0/24 le 32
                route-map FED-fed1-IPV4 permit 10
                 match ip address prefix-list FED-fed1-IPV4
                exit
                ipv6 prefix-list FED-fed1-IPV6 permit fd10:1::/64 le 128
                route-map FED-fed1-IPV6 permit 10
                 match ipv6 address prefix-list FED-fed1-IPV6
                exit
                router bgp 4200000001 vrf fed1
                 bgp router-id 10.255.0.1
                 no bgp network import-check
                 address-family ipv4 unicast
                  table-map FED-fed1-IPV4-IN:c0b153e3
                 exit-address-family
                 address-family ipv6 unicast
                  table-map FED-fed1-IPV6-IN:e4f506b5
                 exit-address-family
                 address-family l2vpn evpn
                  rd 10.255.0.1:1
                  route-target import 64900:10001
                  route-target export 64900:10001
                  advertise ipv4 unicast route-map FED-fed1-IPV4
                  advertise ipv6 unicast route-map FED-fed1-IPV6
                 exit-address-family
                 address-family ipv4 unicast
                  network 10.1.0.11/32
                 exit-address-family
                 address-family ipv6 unicast
                  network fd10:1::11/128
                 exit-address-family
                exit
                """)
    }

    @Test("adds the new target before it removes the old one")
    func addBeforeRemove() throws {
        let new = try VRFStanza.example { $0.importTargets = [try RouteTarget(parsing: "64900:7")] }
        #expect(
            VRFStanza.changes(from: try .example(), to: new) == [
                "router bgp 4200000001 vrf fed1", " address-family l2vpn evpn", "  route-target import 64900:7",
                "  no route-target import 64900:10001", " exit-address-family", "exit",
            ])
    }

    @Test("never leaves the targets to FRR: an empty set is a target that nobody has")
    func noTargets() throws {
        let hermit = try VRFStanza.example {
            $0.importTargets = []
            $0.exportTargets = []
        }
        #expect(hermit.render.contains("  route-target import 65535:4294967295"))
        #expect(hermit.render.contains("  route-target export 65535:4294967294"))
        let parsed = VRFStanza.parse(RunningConfiguration(parsing: hermit.render.joined(separator: "\n")), vrf: "fed1", asn: hermit.asn)
        #expect(parsed == hermit)
    }

    @Test("replaces what FRR replaces by itself in one line")
    func inPlace() throws {
        let new = try VRFStanza.example {
            $0.distinguisher = RouteDistinguisher("10.255.0.1:2")
            $0.routerID = IPv4Address("10.255.0.9")
        }
        #expect(
            VRFStanza.changes(from: try .example(), to: new) == [
                "router bgp 4200000001 vrf fed1", " bgp router-id 10.255.0.9", " address-family l2vpn evpn", "  rd 10.255.0.1:2",
                " exit-address-family", "exit",
            ])
    }

    @Test("goes away whole")
    func removal() throws {
        #expect(
            VRFStanza.changes(from: try .example(), to: nil) == [
                "no router bgp 4200000001 vrf fed1",
                "no route-map FED-fed1-IPV6 permit 10", "no ipv6 prefix-list FED-fed1-IPV6 permit fd10:1::/64 le 128",
                "no route-map FED-fed1-IPV4 permit 10", "no ip prefix-list FED-fed1-IPV4 permit 10.1.0.0/24 le 32",
                "no route-map FED-fed1-IPV6-IN:e4f506b5 permit 10",
                "no ipv6 prefix-list FED-fed1-IPV6-IN:e4f506b5-VTEP seq 5 permit ::ffff:aff:2/128",
                "no ipv6 prefix-list FED-fed1-IPV6-IN:e4f506b5 seq 10 permit ::/0 le 128",
                "no ipv6 prefix-list FED-fed1-IPV6-IN:e4f506b5 seq 5 deny ::/0",
                "no route-map FED-fed1-IPV4-IN:c0b153e3 permit 10",
                "no ip prefix-list FED-fed1-IPV4-IN:c0b153e3-VTEP seq 5 permit 10.255.0.2/32",
                "no ip prefix-list FED-fed1-IPV4-IN:c0b153e3 seq 10 permit 0.0.0.0/0 le 32",
                "no ip prefix-list FED-fed1-IPV4-IN:c0b153e3 seq 5 deny 0.0.0.0/0",
            ])
    }

    @Test("reads back as itself what it renders")
    func roundTrip() throws {
        let stanza = try VRFStanza.example()
        let text = stanza.render.joined(separator: "\n")
        #expect(VRFStanza.parse(RunningConfiguration(parsing: text), vrf: "fed1", asn: stanza.asn) == stanza)
        #expect(VRFStanza.parse(RunningConfiguration(parsing: text), vrf: "fed2", asn: stanza.asn) == nil)
    }

    @Test("nothing to do is no line at all")
    func nothing() throws {
        #expect(VRFStanza.changes(from: try .example(), to: try .example()).isEmpty)
        #expect(VRFStanza.changes(from: nil, to: nil).isEmpty)
    }
}
