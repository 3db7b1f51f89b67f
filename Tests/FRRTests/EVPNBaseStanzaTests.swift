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
                 no bgp default ipv4-unicast
                 neighbor OVN-FEDERATION peer-group
                 neighbor OVN-FEDERATION ebgp-multihop 255
                 neighbor OVN-FEDERATION update-source 10.255.0.1
                 neighbor OVN-FEDERATION timers 3 9
                 neighbor OVN-FEDERATION timers connect 5
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
        #expect(!EVPNBaseStanza.changes(from: running, to: wanted).contains { $0.contains("10.255.0.2") })
    }

    @Test("takes up a peer that it was interrupted on")
    func interrupted() throws {
        let running = try parse("router bgp 4200000001\n neighbor 10.255.0.2 remote-as 4200000002\nexit\n")
        let wanted = try EVPNBaseStanza.example()
        #expect(wanted.conflicts(beside: running).isEmpty)
        #expect(EVPNBaseStanza.changes(from: running, to: wanted).contains(" neighbor 10.255.0.2 peer-group OVN-FEDERATION"))
    }

    @Test("writes descriptions that survive a configuration line")
    func descriptions() throws {
        #expect(try EVPNPeer.at("10.0.0.1", "65001", "Zürich gw\n1").description == "Z_rich_gw_1")
        #expect(try EVPNPeer.at("10.0.0.1", "65001", "").description == nil)
    }
}
