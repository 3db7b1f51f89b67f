import Testing

@testable import FRR
@testable import NetworkTypes

/// A small pool, so that random stanzas meet each other's lines often.
private func randomStanza(_ chance: inout SeededGenerator) throws -> VRFStanza {
    func some<T: Hashable>(_ pool: [T], atLeast: Int = 0) -> Set<T> {
        Set(pool.shuffled(using: &chance).prefix(Int.random(in: atLeast...pool.count, using: &chance)))
    }
    let targets = try ["64900:1", "64900:100001", "64901:1", "192.0.2.1:7", "4200000001:9"].map { try RouteTarget(parsing: $0) }
    let networks = try ["10.1.0.11/32", "10.1.0.12/32", "10.1.0.0/24", "0.0.0.0/0", "fd10:1::11/128", "fd10:1::/64", "::/0"]
        .map { try IPPrefix(parsing: $0) }
    let subnets = try ["10.1.0.0/24", "10.1.0.7/32", "0.0.0.0/0", "fd10:1::/64", "fd10:1::7/128"].map { try IPPrefix(parsing: $0) }
    let prefixes = try ["10.1.0.0/24", "10.0.0.0/8", "192.168.5.0/24", "fd10::/16"].map { try IPPrefix(parsing: $0) }
    let rules = try [
        ("10.9.0.0/16", 16...32), ("10.0.0.0/8", 24...24), ("10.0.0.0/8", 8...8), ("0.0.0.0/0", 0...32), ("10.1.0.0/24", 25...32),
        ("10.2.0.7/32", 32...32), ("fd10::/16", 64...128), ("fd10::/16", 17...64), ("::/0", 0...128),
    ].map { try (IPPrefix(parsing: $0), $1) }
    let vteps = try ["10.255.0.2", "10.255.0.3", "192.0.2.7"].map { try IPv4Address(parsing: $0) }
    return try .example {
        $0.routerID = IPv4Address(bits: UInt32.random(in: 0x0aff_0001...0x0aff_0003, using: &chance))
        $0.distinguisher = RouteDistinguisher(["10.255.0.1:1", "10.255.0.1:2", "64900:70000"].randomElement(using: &chance) ?? "")
        $0.importTargets = some(targets)
        $0.exportTargets = some(targets)
        $0.networks = some(networks)
        $0.advertisedSubnets = some(subnets)
        $0.advertisedPrefixes = some(prefixes)
        $0.isDraining = !($0.advertisedSubnets.isEmpty && $0.advertisedPrefixes.isEmpty) && Bool.random(using: &chance)
        for family in AddressFamily.allCases {
            func entries() -> [PrefixRule] {
                rules.filter { $0.0.family == family }.shuffled(using: &chance).prefix(Int.random(in: 0...6, using: &chance))
                    .map { PrefixRule(Bool.random(using: &chance) ? .permit : .deny, $0, ge: $1.lowerBound, le: $1.upperBound) }
            }
            $0.installed[family] = InstallContent(
                entries: entries(), nextHops: Array(some(vteps)), defaultNextHops: Array(some(vteps)),
                restrictions: (0..<Int.random(in: 0...2, using: &chance)).map { _ in
                    InstallRestriction(nextHops: some(vteps), entries: entries())
                })
        }
    }
}

@Suite("A VRF's stanza on a real bgpd", .serialized, .timeLimit(.minutes(1)))
struct VRFOnBGPDTests {
    @Test("200 random changes each end in exactly what was wanted, with nothing left to do and nothing refused")
    func randomChanges() async throws {
        let namespace = try NetworkNamespace("vrf")
        let daemons = try await Daemons(in: namespace)
        let bgpd = try await client(daemons.bgpd)
        #expect(try await bgpd.configure(["router bgp 4200000001", "exit"]).isEmpty)
        var chance = SeededGenerator(state: 20_261_123)
        var running: VRFStanza?
        for round in 0..<200 {
            let wanted = round % 20 == 19 ? nil : try randomStanza(&chance)
            let lines = VRFStanza.changes(from: running, to: wanted)
            let rejections = try await bgpd.configure(lines)
            #expect(rejections.isEmpty, "round \(round): \(rejections)")
            running = VRFStanza.parse(try await bgpd.running(), vrf: "fed1", asn: try ASN(parsing: "4200000001"))
            #expect(running == wanted, "round \(round): \(lines)")
            #expect(VRFStanza.changes(from: running, to: wanted).isEmpty, "round \(round)")
            if running != wanted { break }
        }
        withExtendedLifetime(daemons) {}
    }

    @Test("damage by hand is seen and repaired, line by line")
    func repair() async throws {
        let namespace = try NetworkNamespace("fix")
        let daemons = try await Daemons(in: namespace)
        let bgpd = try await client(daemons.bgpd)
        let wanted = try VRFStanza.example()
        let asn = wanted.asn
        #expect(try await bgpd.configure(["router bgp 4200000001", "exit"] + wanted.render).isEmpty)
        let instance = "router bgp 4200000001 vrf fed1"
        let evpn = " address-family l2vpn evpn"
        let ipv4 = " address-family ipv4 unicast"
        let damages: [[String]] = [
            [instance, evpn, "  no route-target import 64900:10001", "exit"],
            [instance, evpn, "  route-target import 64900:666", "exit"],
            [instance, evpn, "  no rd 10.255.0.1:1", "  no advertise ipv4 unicast", "exit"],
            [instance, evpn, "  advertise ipv4 unicast", "  default-originate ipv4", "  no advertise-pip", "exit"],
            [instance, ipv4, "  redistribute kernel", "  redistribute connected metric 5", "exit"],
            [instance, ipv4, "  network 10.1.0.11/32 route-map FOO", "  network 10.6.6.6/32 route-map FOO", "  maximum-paths 4", "exit"],
            [instance, ipv4, "  aggregate-address 10.0.0.0/8 summary-only", "  import vrf default", "exit"],
            [instance, " bgp network import-check", " no bgp router-id 10.255.0.1", " timers bgp 1 3", "exit"],
            [
                instance, " neighbor 10.7.7.7 remote-as 65009", " neighbor 10.7.7.7 description by hand", ipv4,
                "  neighbor 10.7.7.7 route-map FOO in", "exit",
            ],
            ["ip prefix-list FED-fed1-IPV4 permit 0.0.0.0/0 le 32"],
            ["ip prefix-list FED-fed1-IPV4 seq 1 deny any"],
            ["no ip prefix-list FED-fed1-IPV4"],
            ["no route-map FED-fed1-IPV4"],
            ["route-map FED-fed1-IPV4 permit 20", "exit"],
            [
                "route-map FED-fed1-IPV6 permit 10", " set metric 5", " match ipv6 address prefix-list OTHER", " description by hand",
                "exit",
            ],
            ["no router bgp 4200000001 vrf fed1"],
            ["no router bgp 4200000001 vrf fed1", "router bgp 65001 vrf fed1", ipv4, "  network 10.1.0.11/32", "exit"],
        ]
        for damage in damages {
            _ = try await bgpd.configure(damage)
            let damaged = try #require(VRFStanza.parse(try await bgpd.running(), vrf: "fed1", asn: asn))
            #expect(damaged != wanted, "\(damage) was not seen")
            let rejections = try await bgpd.configure(VRFStanza.changes(from: damaged, to: wanted))
            #expect(rejections.isEmpty, "after \(damage)")
            let repaired = VRFStanza.parse(try await bgpd.running(), vrf: "fed1", asn: asn)
            #expect(repaired == wanted, "after \(damage)")
        }
        withExtendedLifetime(daemons) {}
    }

    @Test("what is left after somebody removed the instance goes away too")
    func leftovers() async throws {
        let namespace = try NetworkNamespace("lef")
        let daemons = try await Daemons(in: namespace)
        let bgpd = try await client(daemons.bgpd)
        let wanted = try VRFStanza.example()
        _ = try await bgpd.configure(["router bgp 4200000001", "exit"] + wanted.render + ["no router bgp 4200000001 vrf fed1"])
        let left = try #require(VRFStanza.parse(try await bgpd.running(), vrf: "fed1", asn: wanted.asn))
        #expect(try await bgpd.configure(VRFStanza.changes(from: left, to: nil)).isEmpty)
        #expect(VRFStanza.parse(try await bgpd.running(), vrf: "fed1", asn: wanted.asn) == nil)
        withExtendedLifetime(daemons) {}
    }

    @Test("200 networks go in within one call, and out again, in well under a second each")
    func manyNetworks() async throws {
        let namespace = try NetworkNamespace("net")
        let daemons = try await Daemons(in: namespace)
        let bgpd = try await client(daemons.bgpd)
        let few = try VRFStanza.example()
        #expect(try await bgpd.configure(["router bgp 4200000001", "exit"] + few.render).isEmpty)
        var many = few
        for index in 0..<200 { many.networks.insert(IPPrefix(host: .v4(IPv4Address(bits: 0x0a02_0000 + UInt32(index))))) }
        for (from, to) in [(few, many), (many, few)] {
            let clock = ContinuousClock()
            let start = clock.now
            #expect(try await bgpd.configure(VRFStanza.changes(from: from, to: to)).isEmpty)
            let configured = clock.now - start
            let running = VRFStanza.parse(try await bgpd.running(), vrf: "fed1", asn: few.asn)
            print("200 network lines: configured in \(configured), read back after \(clock.now - start)")
            #expect(running == to)
            #expect(configured < .seconds(1))
        }
        #expect(await bgpd.configurationLinesWritten > 400)
        withExtendedLifetime(daemons) {}
    }
}
