import Testing

@testable import FRR
@testable import NetworkTypes
@testable import VTY

@Suite("The EVPN base on a real bgpd", .serialized, .timeLimit(.minutes(1)))
struct EVPNBaseOnBGPDTests {
    private let passwords: SessionPasswords

    init() throws { passwords = try SessionPasswords(parsing: "10.255.0.3 Correct-Horse\n* Battery-Staple\n") }

    private func parse(_ bgpd: VTYClient) async throws -> EVPNBaseStanza? {
        EVPNBaseStanza.parse(try await bgpd.running(passwords))
    }

    private func randomStanza(_ chance: inout SeededGenerator) throws -> EVPNBaseStanza {
        let pool = try [
            EVPNNeighbour.at("10.255.0.2", "4200000002", "tokyo/gw1"), .at("10.255.0.2", "4200000001"),
            .at("10.255.0.2", "4200000007", "x"),
            .at("10.255.0.3", "4200000003"), .at("10.255.0.4", "4200000001", "paris/gw2"), .at("fd00::5", "65005", "lima"),
        ]
        return try .example {
            var peers: [IPAddress: EVPNNeighbour] = [:]
            for peer in pool.shuffled(using: &chance).prefix(Int.random(in: 0...pool.count, using: &chance)) {
                peers[peer.address] = peer
                peers[peer.address]?.authentication = Bool.random(using: &chance) ? .md5 : nil
            }
            $0.peers = Set(peers.values)
            if !peers.isEmpty {
                $0.failureDetection = Bool.random(using: &chance) ? .bfd : nil
                $0.maximumHops = [nil, 1, 3, 254].randomElement(using: &chance) ?? nil
            }
            $0.preferences = try randomPreferences(&chance)
            if !peers.isEmpty { $0.timers = BGPTimers(hold: UInt16.random(in: 6...12, using: &chance)) }
        }
    }

    private func randomPreferences(_ chance: inout SeededGenerator) throws -> Set<RoutePreference> {
        let targets = try ["64900:1", "64900:100001", "192.0.2.1:7", "4200000001:9"].map { try RouteTarget(parsing: $0) }
        var found: Set<RoutePreference> = []
        for number in [1, 10, 65534] as [UInt16] where Bool.random(using: &chance) {
            found.insert(
                RoutePreference(
                    name: "fed\(number)", sequence: number,
                    targets: Set(targets.shuffled(using: &chance).prefix(Int.random(in: 1...4, using: &chance))),
                    localPreference: [0, 50, 200, .max].randomElement(using: &chance) ?? 0))
        }
        return found
    }

    @Test(
        "100 random changes each end in exactly what was wanted, on an instance that holds nothing else",
        arguments: ["traditional", "datacenter"])
    func alone(profile: String) async throws {
        let namespace = try NetworkNamespace("own")
        let daemons = try await Daemons(in: namespace, profile: profile)
        let bgpd = try await client(daemons.bgpd)
        var chance = SeededGenerator(state: 4)
        var running: EVPNBaseStanza?
        for round in 0..<100 {
            let wanted = round % 20 == 19 ? nil : try randomStanza(&chance)
            let lines = passwords.reveal(try EVPNBaseStanza.changes(from: running, to: wanted))
            #expect(try await bgpd.configure(lines).isEmpty, "round \(round): \(lines)")
            running = try await parse(bgpd)
            #expect(running?.peers ?? [] == wanted?.peers ?? [], "round \(round): \(lines)")
            if wanted?.peers.isEmpty == false { #expect(running == wanted, "round \(round): \(lines)") }
            #expect(try EVPNBaseStanza.changes(from: running, to: wanted).isEmpty, "round \(round)")
        }
        withExtendedLifetime(daemons) {}
    }

    @Test(
        "the operator's lines stay as they are, letter by letter, through 60 random changes and after we left",
        arguments: [[String](), [" no bgp default ipv4-unicast"]])
    func coexistence(knob: [String]) async throws {
        let namespace = try NetworkNamespace("mix")
        let daemons = try await Daemons(in: namespace)
        let bgpd = try await client(daemons.bgpd)
        let theirs =
            [
                "ip prefix-list UNDERLAY permit 10.255.0.0/16 le 32", "route-map UNDERLAY permit 10",
                " match ip address prefix-list UNDERLAY", "exit",
                "router bgp 4200000001", " bgp router-id 192.0.2.1", " bgp bestpath as-path multipath-relax",
            ] + knob + [
                " neighbor FABRIC peer-group", " neighbor FABRIC remote-as external", " neighbor FABRIC timers 1 3",
                " neighbor 10.0.1.0 peer-group FABRIC", " neighbor 10.0.1.0 description spine one",
                " neighbor 10.0.1.2 remote-as 4200009999",
                " neighbor 10.0.1.2 password secret",
                " address-family ipv4 unicast", "  network 10.255.0.1/32", "  redistribute connected route-map UNDERLAY",
                "  neighbor FABRIC activate", "  neighbor FABRIC route-map UNDERLAY in", "  neighbor 10.0.1.2 activate",
                "  neighbor 10.0.1.2 allowas-in 2", " exit-address-family", "exit",
            ]
        #expect(try await bgpd.configure(theirs).isEmpty)
        let before = try await bgpd.show("show running-config")
        var chance = SeededGenerator(state: 11)
        var running = try await parse(bgpd)
        for round in 0..<60 {
            let wanted = try randomStanza(&chance)
            let lines = passwords.reveal(try EVPNBaseStanza.changes(from: running, to: wanted))
            #expect(try await bgpd.configure(lines).isEmpty, "round \(round): \(lines)")
            running = try await parse(bgpd)
            #expect(running?.peers == wanted.peers)
            #expect(running?.routerID == IPv4Address("192.0.2.1"))
            #expect(try EVPNBaseStanza.changes(from: running, to: wanted).isEmpty, "round \(round)")
            // Their lines, in their order, are what remains when ours are taken out.
            let ours = Set(try await bgpd.show("show running-config").split(separator: "\n"))
            for line in before.split(separator: "\n") { #expect(ours.contains(line), "round \(round)") }
        }
        #expect(try await bgpd.configure(EVPNBaseStanza.changes(from: running, to: nil)).isEmpty)
        let after = try await bgpd.show("show running-config")
        // Comments and empty address families carry no configuration; everything else must be the same text.
        func significant(_ text: String) -> [Substring] { text.split(separator: "\n").filter { !$0.contains("!") } }
        #expect(significant(after) == significant(before))
        withExtendedLifetime(daemons) {}
    }

    @Test("what is typed by hand on our peers and filters is taken away, and what is taken away comes back")
    func repair() async throws {
        let namespace = try NetworkNamespace("rep")
        let daemons = try await Daemons(in: namespace)
        let bgpd = try await client(daemons.bgpd)
        let wanted = try EVPNBaseStanza.example()
        #expect(try await bgpd.configure(EVPNBaseStanza.changes(from: nil, to: wanted)).isEmpty)
        let instance = "router bgp 4200000001"
        let evpn = " address-family l2vpn evpn"
        let damages: [[String]] = [
            [instance, evpn, "  neighbor OVN-FEDERATION next-hop-self", "  neighbor 10.255.0.2 soft-reconfiguration inbound", "exit"],
            [instance, evpn, "  no neighbor OVN-FEDERATION route-map FED-EVPN-IN in", "  no advertise-all-vni", "exit"],
            [instance, evpn, "  neighbor OVN-FEDERATION route-map OTHER out", "  no neighbor OVN-FEDERATION activate", "exit"],
            [
                instance, " neighbor 10.255.0.2 shutdown", " neighbor 10.255.0.2 timers 5 15", " neighbor 10.255.0.3 description other",
                "exit",
            ],
            [instance, " no neighbor 10.255.0.2", " neighbor 10.255.0.3 remote-as 65003", "exit"],
            [instance, " no neighbor OVN-FEDERATION peer-group", "exit"],
            [instance, " address-family ipv4 unicast", "  neighbor OVN-FEDERATION activate", "exit"],
            ["no route-map FED-EVPN-OUT"],
            [
                "route-map FED-EVPN-IN permit 5", "exit", "route-map FED-EVPN-IN permit 10", " match evpn vni 7",
                " match evpn route-type macip", "exit",
            ],
            ["no router bgp 4200000001"],
        ]
        for damage in damages {
            _ = try await bgpd.configure(damage)
            let damaged = try await parse(bgpd)
            let lines = try EVPNBaseStanza.changes(from: damaged, to: wanted)
            #expect(!lines.isEmpty, "\(damage) was not seen")
            #expect(try await bgpd.configure(lines).isEmpty, "after \(damage): \(lines)")
            let repaired = try await parse(bgpd)
            #expect(repaired == wanted, "after \(damage)")
            #expect(try EVPNBaseStanza.changes(from: repaired, to: wanted).isEmpty, "after \(damage)")
        }
        withExtendedLifetime(daemons) {}
    }

    @Test("two gateways over a veth reach Established, with each other's route-maps in force")
    func established() async throws {
        let left = try NetworkNamespace("l")
        let right = try NetworkNamespace("r")
        try run("ip", "-n", left.name, "link", "add", "name", "eth0", "type", "veth", "peer", "name", "eth0", "netns", right.name)
        for (side, own, other) in [(left, "1", "2"), (right, "2", "1")] {
            try run("ip", "-n", side.name, "addr", "add", "10.255.0.\(own)/32", "dev", "lo")
            try run("ip", "-n", side.name, "addr", "add", "10.0.0.\(own)/30", "dev", "eth0")
            try run("ip", "-n", side.name, "link", "set", "eth0", "up")
            try run("ip", "-n", side.name, "route", "add", "10.255.0.\(other)/32", "via", "10.0.0.\(other)")
        }
        let daemons = [try await Daemons(in: left), try await Daemons(in: right)]
        var clients: [VTYClient] = []
        for (index, own) in ["1", "2"].enumerated() {
            let other = own == "1" ? "2" : "1"
            let stanza = EVPNBaseStanza(
                asn: try ASN(parsing: "420000000\(own)"), routerID: try IPv4Address(parsing: "10.255.0.\(own)"),
                vtep: try IPAddress(parsing: "10.255.0.\(own)"),
                peers: [try .at("10.255.0.\(other)", "420000000\(other)", "cloud\(other)/gw1")],
                timers: BGPTimers(keepalive: 1, hold: 3, connectRetry: 1))
            let bgpd = try await client(daemons[index].bgpd)
            #expect(try await bgpd.configure(EVPNBaseStanza.changes(from: nil, to: stanza)).isEmpty)
            clients.append(bgpd)
        }
        var states: [BGPPeerState] = []
        for _ in 0..<300 {
            states = []
            for bgpd in clients { states += try BGPSummary.decode(try await bgpd.show("show bgp l2vpn evpn summary json")).peers }
            if states.count == 2, states.allSatisfy(\.isEstablished) { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(states.map(\.state) == ["Established", "Established"])
        #expect(states.map(\.remoteASN) == [ASN(value: 4_200_000_002), ASN(value: 4_200_000_001)])
        #expect(states.map(\.description) == ["cloud2/gw1", "cloud1/gw1"])
        withExtendedLifetime(daemons) {}
    }
}
