import Foundation
import NetworkTypes
import Testing

@testable import FRR

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

extension EVPNNeighbour {
    static func at(_ address: String, _ asn: String, _ description: String? = nil) throws -> EVPNNeighbour {
        EVPNNeighbour(address: try IPAddress(parsing: address), asn: try ASN(parsing: asn), description: description)
    }
}

@Suite("The EVPN base, as text")
struct EVPNBaseStanzaTests {
    private func parse(_ text: String) -> EVPNBaseStanza? { EVPNBaseStanza.parse(RunningConfiguration(parsing: text)) }

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
                 match ip next-hop address 10.255.0.1
                exit
                router bgp 4200000001
                 bgp router-id 10.255.0.1
                 neighbor OVN-FEDERATION peer-group
                 neighbor OVN-FEDERATION update-source 10.255.0.1
                 neighbor OVN-FEDERATION disable-connected-check
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
                 neighbor 10.255.0.2 ebgp-multihop 255
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
        #expect(parse(stanza.render.joined(separator: "\n")) == stanza)
    }

    @Test("lets out what is behind its own VTEP alone, and knows that line again where there are no peers")
    func own() throws {
        let stanza = try EVPNBaseStanza.example { $0.peers = [] }
        #expect(stanza.render.contains(" match ip next-hop address 10.255.0.1"))
        let running = try #require(parse(stanza.render.joined(separator: "\n")))
        #expect(running.foreign.isEmpty && running.absent.isEmpty && stanza.isInForce(in: running))
        // One that ran without it gets it, and loses nothing for it.
        let old = parse(stanza.render.filter { !$0.contains("next-hop") }.joined(separator: "\n"))
        #expect(
            try EVPNBaseStanza.changes(from: old, to: stanza)
                == ["route-map FED-EVPN-OUT permit 65535", " match ip next-hop address 10.255.0.1", "exit"])
    }

    @Test("never sets next-hop-self, whoever the peers are")
    func nextHop() throws {
        let stanza = try EVPNBaseStanza.example { $0.peers.insert(try .at("10.255.0.9", "4200000001")) }
        #expect(!stanza.render.contains { $0.contains("next-hop-self") })
    }

    @Test("is in force where nothing is left to do, whatever else the operator has, and where his own peers keep ours out")
    func inForce() throws {
        let wanted = try EVPNBaseStanza.example()
        #expect(!wanted.isInForce(in: nil) && !wanted.isInForce(in: parse("router bgp 4200000001\nexit\n")))
        for theirs in [
            [], [" bgp router-id 192.0.2.1"], [" neighbor 10.0.1.0 remote-as 4200009999"], [" neighbor 10.255.0.2 remote-as 65009"],
        ] {
            let before = parse((["router bgp 4200000001"] + theirs + ["exit"]).joined(separator: "\n"))
            #expect(!wanted.isInForce(in: before))
            #expect(wanted.isInForce(in: wanted.applied(to: before)), "\(theirs)")
        }
        var other = wanted
        other.preferences = []
        other.timers = BGPTimers(hold: 30)
        #expect(!other.isInForce(in: wanted.applied(to: nil)))
    }

    @Test("survives a recording, with all that the operator has around it")
    func recording() throws {
        let text = """
            router bgp 4200000001
             neighbor 10.255.0.2 remote-as 65009
             neighbor 10.255.0.3 remote-as 65009
             neighbor 10.255.0.3 description mine
             neighbor OVN-FEDERATION description ours
            exit
            """
        let running = try #require(parse(text))
        let replayed = try JSONDecoder().decode(EVPNBaseStanza.self, from: JSONEncoder().encode(running))
        let wanted = try EVPNBaseStanza.example()
        #expect(replayed == running && replayed.foreign == running.foreign)
        #expect(try EVPNBaseStanza.changes(from: replayed, to: wanted) == EVPNBaseStanza.changes(from: running, to: wanted))
        #expect(wanted.taken(beside: replayed) == wanted.taken(beside: running))
    }

    @Test("leaves the operator's neighbour at a peer's address alone, and says so")
    func takenNeighbour() throws {
        let running = parse(
            """
            router bgp 4200000001
             neighbor 10.255.0.2 remote-as 65009
             neighbor 10.255.0.2 description mine
            exit
            """)
        let wanted = try EVPNBaseStanza.example()
        #expect(wanted.taken(beside: running) == [try IPAddress(parsing: "10.255.0.2")])
        #expect(try !EVPNBaseStanza.changes(from: running, to: wanted).contains { $0.contains("10.255.0.2") })
    }

    @Test("takes up a peer that it was interrupted on, and no neighbour of the operator that looks like one")
    func interrupted() throws {
        let text = "router bgp 4200000001\n neighbor 10.255.0.2 remote-as 4200000002\nexit\n"
        let address = try IPAddress(parsing: "10.255.0.2")
        let wanted = try EVPNBaseStanza.example()
        let ours = EVPNBaseStanza.parse(RunningConfiguration(parsing: text), claimed: [address])
        #expect(wanted.taken(beside: ours).isEmpty)
        #expect(try EVPNBaseStanza.changes(from: ours, to: wanted).contains(" neighbor 10.255.0.2 peer-group OVN-FEDERATION"))
        // His whole underlay session may be this line.
        let theirs = parse(text)
        #expect(wanted.taken(beside: theirs) == [address])
        #expect(try !EVPNBaseStanza.changes(from: theirs, to: wanted).contains { $0.contains("10.255.0.2") })
    }

    @Test("gives no instance another AS, and takes none away, whatever is in it")
    func otherASNWanted() throws {
        let wanted = try EVPNBaseStanza.example { $0.asn = try ASN(parsing: "65009") }
        for text in [
            "router bgp 4200000001\nexit\n", "router bgp 4200000001\n neighbor 10.0.1.0 remote-as 4200009999\nexit\n",
            try EVPNBaseStanza.example().render.joined(separator: "\n"),
        ] {
            let running = parse(text)
            let conflict = BGPConflict.otherASN(running: try ASN(parsing: "4200000001"), wanted: try ASN(parsing: "65009"))
            #expect(throws: conflict) { try EVPNBaseStanza.changes(from: running, to: wanted) }
            #expect(try !EVPNBaseStanza.changes(from: running, to: nil).contains { $0.hasPrefix("no router bgp") })
        }
        // What is left of us where the operator took the instance away is no instance.
        let rests = parse("route-map FED-EVPN-IN permit 65535\n match evpn route-type prefix\nexit\n")
        #expect(try EVPNBaseStanza.changes(from: rests, to: wanted).contains("router bgp 65009"))
    }

    @Test("sets a router id only where there is none and nothing else, and never what changes the meaning of others’ lines")
    func instanceWide() throws {
        let wanted = try EVPNBaseStanza.example()
        func lines(beside text: String) throws -> [String] { try EVPNBaseStanza.changes(from: parse(text), to: wanted) }
        #expect(try lines(beside: "router bgp 4200000001\nexit\n").contains(" bgp router-id 10.255.0.1"))
        for text in ["bgp router-id 192.0.2.1", "bgp bestpath as-path multipath-relax"] {
            #expect(try !lines(beside: "router bgp 4200000001\n \(text)\nexit\n").contains { $0.contains("router-id") })
        }
        #expect(!wanted.render.contains { $0.contains("bgp default ipv4-unicast") })
    }

    @Test("writes descriptions that survive a configuration line")
    func descriptions() throws {
        #expect(try EVPNNeighbour.at("10.0.0.1", "65001", "Zürich gw\n1").description == "Z_rich_gw_1")
        #expect(try EVPNNeighbour.at("10.0.0.1", "65001", "").description == nil)
    }
}
