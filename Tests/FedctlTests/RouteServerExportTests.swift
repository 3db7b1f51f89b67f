import FederationAPI
import FederationModel
import NetworkTypes
import Testing

@testable import fedctl

@Suite("fedctl export --route-server")
struct RouteServerExportTests {
    private let spine = EVPNPeer(name: "spine", address: IPAddress("10.255.0.254")!, asn: ASN("4200009999")!)
    private let other = EVPNPeer(name: "other", address: IPAddress("10.255.0.253")!, asn: ASN("4200009998")!)

    private func state(_ number: Int, _ name: String, peers: [EVPNPeer], vpns: [VPNIntent]) throws -> GatewayState {
        let base = BaseIntent(
            version: "v", asn: ASN("420000000\(number)")!, vtep: IPv4Address("10.255.\(number).1")!,
            routerMAC: MACAddress("02:fe:d0:00:00:0\(number)")!, probeAddress: IPv4Address("100.127.0.\(number)")!, management: .agent,
            peers: peers, underlayMTU: 1500)
        let intent = GatewayIntent(
            federation: FederationID("demo")!, epoch: "e", revision: 7, gateway: try gateway(name), base: base,
            vpns: Dictionary(uniqueKeysWithValues: vpns.map { ($0.name, $0) }))
        return GatewayState(gateway: try gateway(name), connected: true, receivedAt: 0, intent: intent, report: nil)
    }

    private func vpnIntent(_ name: String, _ targets: [String], secondary: [String] = []) -> VPNIntent {
        let targets = targets.map { RouteTarget($0)! }, others = secondary.map { RouteTarget($0)! }
        return VPNIntent(
            version: "v", name: vpn(name), encapsulation: .vxlan(VNI("10001")!), routeDistinguisher: RouteDistinguisher("10.255.1.1:1")!,
            importTargets: targets,
            exportTargets: targets, attachments: [],
            secondary: others.isEmpty
                ? nil
                : Binding(
                    encapsulation: .vxlan(VNI("10777")!), routeDistinguisher: RouteDistinguisher("10.255.1.1:9")!, importTargets: others,
                    exportTargets: others))
    }

    @Test("each gateway gets what its VPNs export and import, of both VNIs of one that is changing; a tap exports nothing")
    func clients() throws {
        var tap = vpnIntent("red", ["64900:2"])
        tap.exportTargets = []
        let export = try RouteServerExport(
            [
                state(1, "paris/gw1", peers: [spine], vpns: [vpnIntent("blue", ["64900:1"], secondary: ["64900:777"]), tap]),
                state(2, "tokyo/gw1", peers: [spine, other], vpns: [vpnIntent("blue", ["64900:1"])]),
                state(3, "lima/gw1", peers: [other], vpns: []),
            ], name: "spine")
        #expect(export.stanza.clients.map(\.name) == ["paris/gw1", "tokyo/gw1"])
        #expect(export.stanza.clients[0].exports == [[RouteTarget("64900:1")!], [RouteTarget("64900:777")!]])
        #expect(export.stanza.clients[0].imports == [RouteTarget("64900:1")!, RouteTarget("64900:2")!, RouteTarget("64900:777")!])
        #expect(export.text.hasPrefix("! Route server spine (10.255.0.254) of federation demo, revision 7."))
        #expect(export.text.contains("router bgp 4200009999\n neighbor 10.255.1.1 remote-as 4200000001\n"))
    }

    @Test("which route server is meant is clear, or asked")
    func names() throws {
        let states = [try state(1, "paris/gw1", peers: [spine, other], vpns: [])]
        #expect(try RouteServerExport(states, name: "10.255.0.253").server == other)
        #expect(
            throws: CommandError(
                "several route servers exist",
                remedy: "choose one with --name NAME-OR-ADDRESS: other (10.255.0.253), spine (10.255.0.254)")
        ) { try RouteServerExport(states, name: nil) }
        #expect(
            throws: CommandError("unknown route server “spin”", remedy: "choose one of: other (10.255.0.253), spine (10.255.0.254)")
        ) { try RouteServerExport(states, name: "spin") }
        let mesh = [
            try state(1, "paris/gw1", peers: [EVPNPeer(name: "tokyo/gw1", address: IPAddress("10.255.2.1")!, asn: ASN("65002")!)], vpns: [])
        ]
        #expect(throws: CommandError.self) { try RouteServerExport(mesh + [state(2, "tokyo/gw1", peers: [], vpns: [])], name: nil) }
        #expect(throws: CommandError.self) { try RouteServerExport([], name: nil) }
        let reflector = EVPNPeer(name: "rr", address: IPAddress("10.255.0.252")!, asn: ASN("4200000001")!)
        let inside = #expect(throws: CommandError.self) {
            try RouteServerExport([state(1, "paris/gw1", peers: [reflector], vpns: [])], name: "rr")
        }
        #expect(inside?.reason.contains("paris/gw1 is also in AS 4200000001") == true)
    }
}
