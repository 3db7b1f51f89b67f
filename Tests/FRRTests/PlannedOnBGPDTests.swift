import EVPN
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@testable import FRR
@testable import VTY

@Suite("What the planner has written to a real bgpd", .serialized, .timeLimit(.minutes(1)))
struct PlannedOnBGPDTests {
    /// All that is known of the rest of the node: zebra has the devices.
    private static let interfaces = """
        {"fedbr1":{"vrfName":"fed1","administrativeStatus":"up"},"fedvx1":{"vrfName":"fed1","administrativeStatus":"up"}}
        """

    private func design(_ change: (inout GatewayIntent) -> Void = { _ in }) -> HostDesign {
        var intent = Samples.intent()
        change(&intent)
        var indexes = LocalIndexes()
        return Designer.design(
            .init(intent: intent, routers: [Samples.router()], destinations: [:], switching: nil), indexes: &indexes)
    }

    /// What the plan writes to bgpd now.
    private func steps(_ design: HostDesign, _ bgpd: VTYClient) async throws -> (steps: [Step], problems: [Problem]) {
        let routing = ObservedRouting(
            bgpd: try await bgpd.running(), zebra: RunningConfiguration(parsing: ""), vnis: [:], zebraVNIs: [],
            interfaces: try ZebraInterface.decode(Self.interfaces), claimed: [])
        let host = ObservedHost(kernel: ObservedKernel(), switching: ObservedSwitch(), flows: [:], routing: routing)
        let base = Planner.plan(base: design.base, asn: Samples.intent().base.asn, on: host)
        let vpns = design.vpns.values.map { Planner.plan($0, isBaseInForce: base.isSettled, on: host) }
        return ((base.steps + vpns.flatMap(\.steps)).filter { $0.surface == .bgpd }, base.problems)
    }

    @Test(
        "is found in force at the next look, alone and beside the operator's lines, through each change of the intent",
        arguments: [
            [], ["router bgp 4200000001", " bgp router-id 192.0.2.1", " neighbor 10.0.1.0 remote-as 65010", "exit"],
            ["router bgp 4200000001", " neighbor 10.255.0.254 remote-as 65009", " neighbor 10.255.0.254 description mine", "exit"],
        ])
    func settles(operators: [String]) async throws {
        let namespace = try NetworkNamespace("pl")
        let daemons = try await Daemons(in: namespace)
        let bgpd = try await client(daemons.bgpd)
        if !operators.isEmpty { #expect(try await bgpd.configure(operators).isEmpty) }
        let blue = VPNName(unchecked: "blue")
        let changes: [(inout GatewayIntent) -> Void] = [
            { _ in }, { $0.base.isDraining = true }, { $0.vpns[blue]?.importTargets = [] }, { $0.vpns[blue]?.localPreference = 200 },
            { $0.vpns[blue]?.importFilter = [PrefixRule(.permit, .everything(.ipv4), ge: 0, le: 24)] },
            { $0.vpns[blue]?.originated = [IPPrefix("10.0.0.0/8")!] }, { $0.base.peers = [] }, { _ in },
        ]
        for (round, change) in changes.enumerated() {
            let design = design(change)
            for _ in 0..<3 {
                for step in try await steps(design, bgpd).steps {
                    #expect(try await bgpd.configure(step.lines()).isEmpty, "round \(round): \(step)")
                }
            }
            let left = try await steps(design, bgpd)
            #expect(left.steps == [], "round \(round)")
            let isTaken = operators.contains { $0.contains("10.255.0.254") } && design.base?.peers.isEmpty == false
            #expect(left.problems.map(\.code) == (isTaken ? [.peerTaken] : []), "round \(round)")
        }
        withExtendedLifetime(daemons) {}
    }
}
