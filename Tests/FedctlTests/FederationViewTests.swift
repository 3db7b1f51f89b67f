import FederationAPI
import FederationModel
import FederationViews
import Foundation
import Terminal
import Testing
import Verification

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
            AppliedFile(
                revision: 1, epoch: "e", text: text,
                allocations: [
                    .init(kind: .asn, owner: "paris", value: "4200000001"), .init(kind: .vni, owner: "blue", value: "10000"),
                    .init(kind: .routeTarget, owner: "blue", value: "64900:10000"),
                    .init(kind: .routerMAC, owner: "paris/gw1", value: "02:fe:d0:00:00:01"),
                ]))
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
        #expect(throws: CommandError("unknown VPN “bleu”", remedy: "did you mean “blue”? choose one of: blue")) {
            try find(vpn("bleu"), in: graph.vpns, "VPN")
        }
        #expect(throws: CommandError.self) { try AppliedGraph(AppliedFile(revision: 0, epoch: "e", text: "", allocations: [])).required() }
    }

    @Test("events are a line each")
    func events() throws {
        func line(_ kind: FederationEvent.Kind) -> String {
            EventView(FederationEvent(at: (18 * 3600 + 4 * 60 + 5) * 1000 + 7, kind)).line.plain
        }
        let drift = Drift(object: "flow br-ex", change: "removed", repairedAt: 0)
        #expect(
            line(.driftRepaired(try gateway("paris/gw1"), vpn("blue"), drift))
                == "18:04:05.007  drift-repaired      paris/gw1  VPN blue: flow br-ex was removed")
        let broken = try pair("blue", "paris", "tokyo", .failed, working: 0, cause: sessionDown)
        #expect(
            line(
                .verdictsChanged(VerdictTransition(before: Judgement(state: .programmed), after: Judgement(broken), pairs: [broken.pair]))
            )
            .contains("verdict             blue paris → tokyo  PROGRAMMED → FAIL (session-down): tokyo/gw1 has no"))
        let mended = VerdictTransition(
            before: Judgement(broken), after: Judgement(state: .programmed), pairs: [broken.pair], pairCount: 3)
        #expect(line(.verdictsChanged(mended)).hasSuffix("blue paris → tokyo and 2 more  FAIL → PROGRAMMED, not probed"))
        #expect(
            line(.recordingBegan(until: (18 * 3600 + 2 * 60) * 1000)).hasSuffix(
                "coordinator  recording again; nothing was recorded since 1970-01-01T18:02:00.000Z"))
    }

    @Test("calls that fail say what to do, and whether asking again may help")
    func failures() {
        let endpoint = Endpoint(host: "192.0.2.1", port: 7443)
        func failure(_ cause: CallFailure.Cause, trouble: String? = nil) -> CallFailure {
            CallFailure(cause, at: endpoint, trouble: trouble)
        }
        #expect(failure(.unreachable).isUnreachable && failure(.timedOut).isUnreachable)
        #expect(failure(.unreachable).commandError(nil).reason == "the coordinator at 192.0.2.1:7443 cannot be reached")
        #expect(failure(.timedOut).commandError.reason == "the coordinator at 192.0.2.1:7443 does not answer within 10 s")
        #expect(failure(.unreachable, trouble: "revoked").commandError.reason.hasSuffix("revoked"))
        let conflict = AdminRefusal(.conflict, "revision 4 is in force; not 3", remedy: "look again")
        for cause in [CallFailure.Cause.notAuthorized("why"), .refused(conflict), .failed("why"), .exhausted("why"), .incompleteBackup] {
            #expect(!failure(cause).isUnreachable && !failure(cause).commandError.remedy.isEmpty)
        }
        // A sentence may have what once parted reason and remedy.
        #expect(failure(.refused(conflict)).commandError.reason.hasSuffix("revision 4 is in force; not 3"))
        #expect(failure(.refused(conflict)).exitStatus == .conflict && failure(.failed("why")).exitStatus == .error)
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
        #expect(throws: CommandError.self) { try none.endpoint(environment: ["FEDCTL_COORDINATOR": "nowhere:x"]) }
    }
}
