import FederationAPI
import FederationModel
import FederationViews
import NetworkTypes
import Terminal
import Testing
import Verification

@testable import fedctl

@Suite("fedctl routes")
struct RoutesTests {
    private func state() throws -> GatewayState {
        let target = try RouteTarget(parsing: "64900:10001")
        let distinguisher = try RouteDistinguisher(parsing: "10.255.1.1:1")
        let vtep = try address("10.255.1.1")
        func route(_ text: String, _ target: RouteTarget, best: Bool = true) throws -> ReceivedRoute {
            ReceivedRoute(
                prefix: try prefix(text), routeDistinguisher: distinguisher, nextHop: vtep, routeTargets: [target],
                routerMAC: try MACAddress(parsing: "02:fe:d0:00:00:01"), asPath: [4_200_009_999, 4_200_000_001], isValid: true, isBest: best
            )
        }
        let name = vpn("blue")
        let intent = GatewayIntent(
            federation: FederationID(unchecked: "demo"), epoch: "e", revision: 1, gateway: try gateway("tokyo/gw1"),
            base: BaseIntent(
                version: "v", asn: try ASN(parsing: "4200000002"), vtep: try IPv4Address(parsing: "10.255.2.1"),
                routerMAC: try MACAddress(parsing: "02:fe:d0:00:00:02"), probeAddress: try IPv4Address(parsing: "100.127.0.2"),
                management: .agent, peers: [], underlayMTU: 1500),
            vpns: [
                name: VPNIntent(
                    version: "v", name: name, encapsulation: .vxlan(try VNI(parsing: "10001")),
                    routeDistinguisher: try RouteDistinguisher(parsing: "10.255.2.1:1"),
                    importTargets: [target], exportTargets: [target], attachments: [])
            ])
        let report = GatewayReport(
            vpns: [
                name: VPNReport(
                    name: name, expected: [try prefix("10.2.0.11/32"), try prefix("10.2.0.12/32")],
                    advertised: [try prefix("10.2.0.11/32")],
                    imported: [ImportedRoute(prefix: try prefix("10.1.0.11/32"), nextHop: vtep, isBest: true)],
                    installed: [InstalledRoute(prefix: try prefix("10.1.0.11/32"), nextHop: vtep, tunnelReady: true)],
                    steered: [try prefix("10.1.0.11/32")], exempted: [try prefix("10.1.0.11/32")])
            ],
            received: [
                try route("10.1.0.11/32", target), try route("10.1.0.12/32", target, best: false),
                try route("10.9.0.1/32", RouteTarget(parsing: "64900:99")),
            ])
        return GatewayState(gateway: try gateway("tokyo/gw1"), connected: true, receivedAt: 0, intent: intent, report: report)
    }

    private func vteps() throws -> [IPAddress: GatewayID] { [try address("10.255.1.1"): try gateway("paris/gw1")] }

    @Test("a row per prefix says how far it came; what no VPN imports stands last")
    func table() throws {
        let routes = RouteView.all([try state()], vteps: try vteps(), vpn: nil)
        #expect(
            routes.page.rendered() == """
                VPN   GATEWAY    PREFIX        FROM       ADVERTISED  RECEIVED  IMPORTED  INSTALLED  STEERED
                blue  tokyo/gw1  10.1.0.11/32  paris/gw1              yes       yes       yes        yes
                blue  tokyo/gw1  10.1.0.12/32  paris/gw1              not best  no        no         no
                blue  tokyo/gw1  10.2.0.11/32  local      yes
                blue  tokyo/gw1  10.2.0.12/32  local      no
                none  tokyo/gw1  10.9.0.1/32   paris/gw1              yes       no        no         no

                5 routes: 2 from gateways’ own ports, 3 learned

                """)
        #expect(
            routes.page.rendered(wide: true).contains(
                "yes      yes         10.255.1.1  10.255.1.1:1  64900:10001    02:fe:d0:00:00:01  4200009999 4200000001"))
    }

    @Test("a route that nobody may have sent is marked, once, whichever pairs it fails")
    func intruders() throws {
        let intruder = Intruder(
            gateway: try gateway("tokyo/gw1"), prefix: try prefix("10.1.0.11/32"), nextHop: try address("10.255.9.9"),
            routeDistinguisher: nil, originAS: nil, announcer: nil, reason: .unknownVTEP, isInstalled: true)
        var pairs = [try pair("blue", "paris", "tokyo", .failed), try pair("blue", "lima", "tokyo", .failed)]
        for index in pairs.indices { pairs[index].intruders = [intruder] }
        let routes = RouteView.all([try state()], vteps: try vteps(), vpn: nil, pairs: pairs)
        #expect(routes.count == 5 && routes.flatMap(\.intruders) == [intruder])
        let text = routes.page.rendered()
        #expect(text.contains("blue  tokyo/gw1  10.1.0.11/32  paris/gw1              yes       INTRUDER  yes        yes\n"))
        #expect(text.hasSuffix("1 from an intruder; details: fedctl verify\n"))
        let json = try OutputFormat.json.text(of: routes, page: Page(), coloured: false)
        #expect(json.contains("\"reason\" : \"unknown-vtep\"") && json.contains("\"nextHop\" : \"10.255.9.9\""))
    }

    @Test("of one VPN only its own are shown")
    func selection() throws {
        let routes = RouteView.all([try state()], vteps: try vteps(), vpn: vpn("blue"))
        #expect(routes.count == 4 && routes.allSatisfy { $0.vpn == vpn("blue") })
        #expect(RouteView.all([try state()], vteps: [:], vpn: vpn("red")).isEmpty)
    }

    @Test("a silent source counts as a problem, with since when, why and what to do")
    func silentSources() throws {
        var state = try state()
        state.report?.base.silentSources = [
            SilentSource(.southbound, since: 960_000, reason: "connection refused", remedy: "`systemctl status frr`")
        ]
        let agents = AgentView.all(status([try agent("tokyo/gw1")]), [state])
        #expect(agents[0].problemCount == 1)
        let text = agents[0].description(now: 1_000_000).rendered()
        #expect(text.contains("SILENT SOURCES\n") && text.contains("not heard for 40s: connection refused"), "\(text)")
        let json = try OutputFormat.json.text(of: agents, page: Page(), coloured: false)
        #expect(json.contains("\"since\" : \"1970-01-01T00:16:00.000Z\"") && json.contains("\"source\" : \"southbound\""))
    }

    @Test("agents are shown from the same reports: sessions, counters, repairs")
    func agents() throws {
        var state = try state()
        state.report?.base = BaseReport(
            sessions: [
                PeerSession(address: try address("10.255.0.254"), asn: try ASN(parsing: "4200009999"), state: "Active", prefixesReceived: 0)
            ],
            problems: [], writes: WriteCounters(reconciles: 12, netlink: 3, ovsdb: 1, vty: 5, openflow: 2), software: "fed-agent 0.1.0")
        state.report?.vpns[vpn("blue")]?.drift = [Drift(object: "route 10.1.0.0/24 table 10001", change: "removed", repairedAt: 995_000)]
        let agents = AgentView.all(status([try agent("tokyo/gw1")]), [state])
        #expect(
            agents.page(now: 1_000_000).rendered() == """
                AGENT      STATE      SEEN  APPLIED  SESSIONS  VPNS  PROBLEMS  SOFTWARE
                tokyo/gw1  connected   12s      2/2       0/1     1         0  fed-agent 0.1.0, FRR 8.4.4

                """)
        let text = agents[0].description(now: 1_000_000).rendered()
        #expect(text.contains("  repairs   5s ago: route 10.1.0.0/24 table 10001 was removed\n"))
        #expect(text.contains("  writes         netlink 3, OVSDB 1, vty 5, OpenFlow 2\n"))
        let json = try OutputFormat.json.text(of: agents, page: Page(), coloured: false)
        for member in [
            "\"reconciles\" : 12", "\"openflow\" : 2", "\"repairedAt\" : \"1970-01-01T00:16:35.000Z\"",
            "\"object\" : \"route 10.1.0.0/24 table 10001\"",
        ] {
            #expect(json.contains(member))
        }
    }
}
