import Testing

@testable import FRR
@testable import NetworkTypes

@Suite("A route server's configuration, as text")
struct RouteServerStanzaTests {
    static func target(_ text: String) throws -> RouteTarget { try RouteTarget(parsing: text) }

    static func client(_ number: Int, _ name: String, exports: [[String]], imports: [String]) throws -> RouteServerStanza.Client {
        RouteServerStanza.Client(
            name: name, vtep: try IPv4Address(parsing: "10.255.0.\(number)"), asn: try ASN(parsing: "420000000\(number)"),
            exports: Set(try exports.map { Set(try $0.map(target)) }), imports: Set(try imports.map(target)))
    }

    static func server(_ clients: [RouteServerStanza.Client]) throws -> RouteServerStanza {
        RouteServerStanza(asn: try ASN(parsing: "4200009999"), address: try IPAddress(parsing: "10.255.0.254"), clients: clients)
    }

    @Test("a client gets in what it exports with its own next hop and AS, and out what it imports; lists stand before what names them")
    func rendering() throws {
        let stanza = try Self.server([
            Self.client(1, "paris/gw1", exports: [["64900:1"], ["64900:2", "65010:7"]], imports: ["64900:1", "65010:7"]),
            Self.client(2, "tap/gw1", exports: [], imports: []),
        ])
        #expect(
            stanza.text == """
                bgp as-path access-list FED-AS-4200000001 seq 5 permit ^4200000001$
                bgp as-path access-list FED-AS-4200000002 seq 5 permit ^4200000002$
                bgp extcommunity-list expanded FED-MORE-THAN-1 seq 5 permit RT:.*RT:
                bgp extcommunity-list expanded FED-MORE-THAN-2 seq 5 permit RT:.*RT:.*RT:
                bgp extcommunity-list standard FED-RT:203ad0ec seq 5 permit rt 64900:1
                bgp extcommunity-list standard FED-RT:203ad0ec seq 10 permit rt 65010:7
                bgp extcommunity-list standard FED-RT:ba864bef seq 5 permit rt 64900:1
                bgp extcommunity-list standard FED-RT:c9cbbf19 seq 5 permit rt 64900:2 rt 65010:7
                !
                ! paris/gw1
                route-map FED-paris/gw1-IN:3f8e6bd7 deny 10
                 match extcommunity FED-MORE-THAN-2
                exit
                route-map FED-paris/gw1-IN:3f8e6bd7 permit 20
                 match evpn route-type prefix
                 match ip next-hop address 10.255.0.1
                 match as-path FED-AS-4200000001
                 match extcommunity FED-RT:c9cbbf19
                exit
                route-map FED-paris/gw1-IN:3f8e6bd7 deny 30
                 match extcommunity FED-MORE-THAN-1
                exit
                route-map FED-paris/gw1-IN:3f8e6bd7 permit 40
                 match evpn route-type prefix
                 match ip next-hop address 10.255.0.1
                 match as-path FED-AS-4200000001
                 match extcommunity FED-RT:ba864bef
                exit
                route-map FED-paris/gw1-OUT:10568db2 permit 10
                 match evpn route-type prefix
                 match extcommunity FED-RT:203ad0ec
                exit
                !
                ! tap/gw1
                route-map FED-tap/gw1-IN:c89935f4 deny 10
                exit
                route-map FED-tap/gw1-OUT:c89935f4 deny 10
                exit
                !
                router bgp 4200009999
                 neighbor 10.255.0.1 remote-as 4200000001
                 neighbor 10.255.0.1 description paris/gw1
                 neighbor 10.255.0.1 ebgp-multihop 255
                 neighbor 10.255.0.1 disable-connected-check
                 neighbor 10.255.0.1 update-source 10.255.0.254
                 neighbor 10.255.0.2 remote-as 4200000002
                 neighbor 10.255.0.2 description tap/gw1
                 neighbor 10.255.0.2 ebgp-multihop 255
                 neighbor 10.255.0.2 disable-connected-check
                 neighbor 10.255.0.2 update-source 10.255.0.254
                 address-family l2vpn evpn
                  neighbor 10.255.0.1 activate
                  neighbor 10.255.0.1 route-server-client
                  neighbor 10.255.0.1 route-map FED-paris/gw1-IN:3f8e6bd7 in
                  neighbor 10.255.0.1 route-map FED-paris/gw1-OUT:10568db2 out
                  neighbor 10.255.0.2 activate
                  neighbor 10.255.0.2 route-server-client
                  neighbor 10.255.0.2 route-map FED-tap/gw1-IN:c89935f4 in
                  neighbor 10.255.0.2 route-map FED-tap/gw1-OUT:c89935f4 out
                 exit-address-family
                exit

                """)
    }
}
