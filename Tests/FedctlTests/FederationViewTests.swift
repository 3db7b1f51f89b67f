import FederationAPI
import FederationModel
import Foundation
import GRPCCore
import Terminal
import Testing

@testable import fedctl

@Suite("fedctl get, watch and complaints")
struct FederationViewTests {
    private let text = """
        federation: demo   # mine
        clouds:
          paris: {gateways: {gw1: {vtep: 10.255.1.1}}}
          tokyo: {as: 65002, gateways: {gw1: {vtep: 10.255.2.1}}}
        vpns:
          blue:
            attachments: [{cloud: paris, router: r}, {cloud: tokyo, network: n}]
        """

    private func applied() throws -> AppliedGraph {
        try AppliedGraph(
            revision: 1, epoch: "e", text: text,
            allocations: [
                .init(kind: "as", owner: "paris", value: "4200000001"), .init(kind: "vni", owner: "blue", value: "10000"),
                .init(kind: "rt", owner: "blue", value: "64900:10000"),
                .init(kind: "router-mac", owner: "paris/gw1", value: "02:fe:d0:00:00:01"),
            ])
    }

    @Test("what the file leaves out is shown as allocated, what it gives as given")
    func graph() throws {
        let agents = [try agent("paris/gw1"), try agent("tokyo/gw1", connected: false)]
        #expect(
            try applied().page(status: status(agents)).rendered() == """
                federation demo, revision 1

                CLOUD          AS  GATEWAYS  CONNECTED  VPNS
                paris  4200000001         1          1  blue
                tokyo       65002         1          0  blue

                VPN     VNI  ROUTE TARGET  KIND  POLICY     CLOUDS
                blue  10000  64900:10000   l3    full-mesh  paris, tokyo

                """)
    }

    @Test("a name that is not there is answered with those that are")
    func missing() throws {
        let graph = try applied().required()
        #expect(throws: Complaint("there is no VPN “bleu” in the federation", remedy: "did you mean “blue”? take one of: blue")) {
            try find(vpn("bleu"), in: graph.vpns, "VPN")
        }
        #expect(throws: Complaint.self) { try AppliedGraph(revision: 0, epoch: "e", text: "", allocations: []).required() }
    }

    @Test("events are a line each")
    func events() throws {
        var wire = WireFederationEvent()
        wire.atMilliseconds = (18 * 3600 + 4 * 60 + 5) * 1000 + 7
        wire.driftRepaired.gateway = WireGateway(try gateway("paris/gw1"))
        wire.driftRepaired.vpn = "blue"
        wire.driftRepaired.drift = WireDrift(Drift(object: "flow br-ex", change: "removed", repairedAt: 0))
        #expect(
            try EventView(wire)?.line.plain
                == "18:04:05.007  drift-repaired      paris/gw1  VPN blue: flow br-ex was removed")
        wire.verdictChanged.before = .ok
        wire.verdictChanged.verdict = WirePairVerdict(try pair("blue", "paris", "tokyo", .failed, working: 0, cause: sessionDown))
        #expect(
            try EventView(wire)?.line.plain.contains(
                "verdict             blue paris → tokyo  PROGRAMMED → FAIL (session-down): tokyo/gw1 has no")
                == true)
        wire.verdictChanged.before = .failed
        wire.verdictChanged.verdict = WirePairVerdict(try pair("blue", "paris", "tokyo", .ok))
        #expect(try EventView(wire)?.line.plain.hasSuffix("blue paris → tokyo  FAIL → PROGRAMMED, not probed") == true)
        wire.event = nil
        #expect(try EventView(wire) == nil)
    }

    @Test("calls that fail say what to do, and whether asking again may help")
    func failures() {
        let endpoint = Endpoint(host: "192.0.2.1", port: 7443)
        func failure(_ code: RPCError.Code, trouble: String? = nil) -> CallFailure {
            CallFailure(RPCError(code: code, message: "why"), at: endpoint, trouble: trouble)
        }
        #expect(failure(.unavailable).isUnreachable)
        #expect(failure(.unavailable).complaint.reason == "the coordinator at 192.0.2.1:7443 cannot be reached")
        #expect(failure(.deadlineExceeded).complaint.reason == "the coordinator at 192.0.2.1:7443 does not answer within 10 s")
        #expect(failure(.unavailable, trouble: "revoked").complaint.reason.hasSuffix("revoked"))
        for code in [RPCError.Code.permissionDenied, .aborted, .internalError, .resourceExhausted] {
            #expect(!failure(code).isUnreachable && !failure(code).complaint.remedy.isEmpty)
        }
    }

    @Test("options win over the environment, and the environment over the defaults")
    func options() throws {
        let none = try ConnectionOptions.parse([])
        #expect(try none.endpoint(environment: [:]).description == "localhost:7443" && none.folder(environment: [:]) == "certs")
        let environment = ["FEDCTL_COORDINATOR": "192.0.2.1:1", "FEDCTL_CERTS": "/etc/x"]
        #expect(
            try none.endpoint(environment: environment).description == "192.0.2.1:1" && none.folder(environment: environment) == "/etc/x")
        let given = try ConnectionOptions.parse(["--coordinator", "[2001:db8::1]:2", "--certs", "y"])
        #expect(
            try given.endpoint(environment: environment).description == "[2001:db8::1]:2" && given.folder(environment: environment) == "y")
        #expect(throws: Complaint.self) { try none.endpoint(environment: ["FEDCTL_COORDINATOR": "nowhere:x"]) }
    }
}
