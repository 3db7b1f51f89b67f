import Testing

@testable import FRR
@testable import NetworkTypes

extension EVPNBaseStanza {
    static func example(_ change: (inout EVPNBaseStanza) throws -> Void = { _ in }) throws -> EVPNBaseStanza {
        var stanza = EVPNBaseStanza(
            asn: try ASN(parsing: "4200000001"), routerID: try IPv4Address(parsing: "10.255.0.1"),
            vtep: try IPAddress(parsing: "10.255.0.1"),
            peers: [try .at("10.255.0.2", "4200000002", "tokyo/gw1"), try .at("10.255.0.3", "4200000003", "lima/gw1")])
        try change(&stanza)
        return stanza
    }
}

extension EVPNPeer {
    static func at(_ address: String, _ asn: String, _ description: String? = nil) throws -> EVPNPeer {
        EVPNPeer(address: try IPAddress(parsing: address), asn: try ASN(parsing: asn), description: description)
    }
}

@Suite("The EVPN base, as text")
struct EVPNBaseStanzaTests {
    private func parse(_ text: String) throws -> EVPNBaseStanza? {
        try EVPNBaseStanza.parse(RunningConfiguration(parsing: text), asn: try ASN(parsing: "4200000001"))
    }

    @Test("brings route-maps first, complete groups next, members last")
    func rendering() throws {
        let stanza = try EVPNBaseStanza.example { $0.peers = [try .at("10.255.0.2", "4200000002", "tokyo/gw1")] }
        #expect(
            stanza.render.joined(separator: "\n") == """
                route-map FED-EVPN-IN permit 65535
                 match evpn route-type prefix
                exit
                route-map FED-EVPN-OUT permit 65535
                 match evpn route-type prefix
                exit
                router bgp 4200000001
                 bgp router-id 10.255.0.1
                 neighbor OVN-FEDERATION peer-group
                 neighbor OVN-FEDERATION ebgp-multihop 255
                 neighbor OVN-FEDERATION update-source 10.255.0.1
                 neighbor OVN-FEDERATION timers 3 9
                 neighbor OVN-FEDERATION timers connect 5
                 address-family ipv4 unicast
                  no neighbor OVN-FEDERATION activate
                 exit-address-family
                 address-family l2vpn evpn
                  neighbor OVN-FEDERATION activate
                  neighbor OVN-FEDERATION route-map FED-EVPN-IN in
                  neighbor OVN-FEDERATION route-map FED-EVPN-OUT out
                  advertise-all-vni
                 exit-address-family
                 neighbor 10.255.0.2 remote-as 4200000002
                 neighbor 10.255.0.2 peer-group OVN-FEDERATION
                 neighbor 10.255.0.2 description tokyo/gw1
                exit
                """)
    }

    @Test("sets local preferences by route target before it lets everything pass, and reads them back")
    func preferences() throws {
        let stanza = try EVPNBaseStanza.example {
            $0.preferences = [
                RoutePreference(
                    name: "fed7", sequence: 7, targets: [RouteTarget(.as2(64900, 10001)), RouteTarget(.as2(64900, 3))], localPreference: 200
                )
            ]
        }
        #expect(
            stanza.render.prefix(10) == [
                "bgp extcommunity-list standard FED-IN:fed7 permit rt 64900:3",
                "bgp extcommunity-list standard FED-IN:fed7 permit rt 64900:10001",
                "route-map FED-EVPN-IN permit 7", " match evpn route-type prefix", " match extcommunity FED-IN:fed7",
                " set local-preference 200", "exit", "route-map FED-EVPN-IN permit 65535", " match evpn route-type prefix", "exit",
            ])
        #expect(try parse(stanza.render.joined(separator: "\n")) == stanza)
    }

    @Test("never sets next-hop-self, whoever the peers are")
    func nextHop() throws {
        let stanza = try EVPNBaseStanza.example { $0.peers.insert(try .at("10.255.0.9", "4200000001")) }
        #expect(!stanza.render.contains { $0.contains("next-hop-self") })
    }

    @Test("refuses another AS's instance with a typed error")
    func otherASN() throws {
        let running = try ASN(parsing: "65001")
        let wanted = try ASN(parsing: "4200000001")
        #expect(throws: BGPConflict.otherASN(running: running, wanted: wanted)) { try parse("router bgp 65001\nexit\n") }
    }

    @Test("leaves the operator's neighbour at a peer's address alone, and says so")
    func takenNeighbour() throws {
        let running = try parse(
            """
            router bgp 4200000001
             neighbor 10.255.0.2 remote-as 65009
             neighbor 10.255.0.2 description mine
            exit
            """)
        let wanted = try EVPNBaseStanza.example()
        #expect(wanted.conflicts(beside: running) == [.neighbourTaken(try IPAddress(parsing: "10.255.0.2"))])
        #expect(try !EVPNBaseStanza.changes(from: running, to: wanted).contains { $0.contains("10.255.0.2") })
    }

    @Test("takes up a peer that it was interrupted on, and no neighbour of the operator that looks like one")
    func interrupted() throws {
        let text = "router bgp 4200000001\n neighbor 10.255.0.2 remote-as 4200000002\nexit\n"
        let address = try IPAddress(parsing: "10.255.0.2")
        let wanted = try EVPNBaseStanza.example()
        let ours = try EVPNBaseStanza.parse(RunningConfiguration(parsing: text), asn: wanted.asn, claimed: [address])
        #expect(wanted.conflicts(beside: ours).isEmpty)
        #expect(try EVPNBaseStanza.changes(from: ours, to: wanted).contains(" neighbor 10.255.0.2 peer-group OVN-FEDERATION"))
        // His whole underlay session may be this line.
        let theirs = try parse(text)
        #expect(wanted.conflicts(beside: theirs) == [.neighbourTaken(address)])
        #expect(try !EVPNBaseStanza.changes(from: theirs, to: wanted).contains { $0.contains("10.255.0.2") })
    }

    @Test("gives no instance another AS, and takes none away, whatever is in it")
    func otherASNWanted() throws {
        let wanted = try EVPNBaseStanza.example { $0.asn = try ASN(parsing: "65009") }
        for text in [
            "router bgp 4200000001\nexit\n", "router bgp 4200000001\n neighbor 10.0.1.0 remote-as 4200009999\nexit\n",
            try EVPNBaseStanza.example().render.joined(separator: "\n"),
        ] {
            let running = try parse(text)
            let conflict = BGPConflict.otherASN(running: try ASN(parsing: "4200000001"), wanted: wanted.asn)
            #expect(throws: conflict) { try EVPNBaseStanza.changes(from: running, to: wanted) }
            #expect(try !EVPNBaseStanza.changes(from: running, to: nil).contains { $0.hasPrefix("no router bgp") })
        }
        // What is left of us where the operator took the instance away is no instance.
        let rests = try parse("route-map FED-EVPN-IN permit 65535\n match evpn route-type prefix\nexit\n")
        #expect(try EVPNBaseStanza.changes(from: rests, to: wanted).contains("router bgp 65009"))
    }

    @Test("sets a router id only where there is none and nothing else, and never what changes the meaning of others’ lines")
    func instanceWide() throws {
        let wanted = try EVPNBaseStanza.example()
        func lines(beside text: String) throws -> [String] { try EVPNBaseStanza.changes(from: try parse(text), to: wanted) }
        #expect(try lines(beside: "router bgp 4200000001\nexit\n").contains(" bgp router-id 10.255.0.1"))
        for text in ["bgp router-id 192.0.2.1", "bgp bestpath as-path multipath-relax"] {
            #expect(try !lines(beside: "router bgp 4200000001\n \(text)\nexit\n").contains { $0.contains("router-id") })
        }
        #expect(!wanted.render.contains { $0.contains("bgp default ipv4-unicast") })
    }

    @Test("writes descriptions that survive a configuration line")
    func descriptions() throws {
        #expect(try EVPNPeer.at("10.0.0.1", "65001", "Zürich gw\n1").description == "Z_rich_gw_1")
        #expect(try EVPNPeer.at("10.0.0.1", "65001", "").description == nil)
    }
}
