import FederationModel
import NetworkTypes
import Testing
import TypedCommands
import Verification

@Suite("What fedctl isolation prints works as typed", .serialized, .timeLimit(.minutes(5)))
struct IsolationRemedyTests {
    private func leak(_ break: (inout World) -> Void) throws -> IsolationWitness {
        var world = World()
        for id in world.observations.keys { world.observations[id]!.report.base.foreignVRFs = ForeignVRFs() }
        `break`(&world)
        let vpns = [vpn("blue"): VPN(), vpn("red"): VPN()]
        let proof = proveIsolation(intents: world.intents, vpns: vpns, observations: world.observations, now: World.now)
        return try #require(proof.witnesses.first)
    }

    private func foreign(_ vrf: ForeignVRF) throws -> IsolationWitness {
        try leak { $0.report("tokyo/gw1") { $0.base.foreignVRFs = ForeignVRFs([vrf]) } }
    }

    @Test("on the gateway that it names, and ends what it is about")
    func typed() throws {
        let bench = try Bench("iso")
        try bench.startRouting([
            "router bgp 4200000002", "exit", "router bgp 65010 vrf customer", " address-family l2vpn evpn", "  route-target import 64900:1",
            "  route-target export 64900:1", " exit-address-family", "exit",
        ])
        let target = target("64900:1"), asn = try #require(ASN("65010"))
        let witnesses = [
            try foreign(ForeignVRF(name: "customer", asn: asn, importTargets: [target])),
            try foreign(ForeignVRF(name: "customer", asn: asn, exportTargets: [target])),
            try foreign(ForeignVRF(name: "customer", asn: asn, vni: VNI("1")!, importTargets: [.any(1)])),
            try foreign(ForeignVRF(name: "customer", importedVRFs: [.vpn(vpn("blue"))])),
            try leak { $0.blue("tokyo/gw1") { $0.effective!.importTargets.append(RouteTarget("64900:2")!) } },
            try leak { $0.intend("tokyo/gw1") { $0.vpns[vpn("blue")]!.importTargets.append(RouteTarget("64900:2")!) } },
        ]
        #expect(
            witnesses.map(\.breach) == [.foreignImport, .foreignExport, .foreignImport, .copiedVRF, .extraTarget, .sharedTarget])
        for witness in witnesses {
            #expect(TypedCommand.stray(in: witness.remedy) == nil, "\(witness.remedy)")
            for command in TypedCommand.all(in: witness.remedy) {
                #expect(command.place == (witness.level == .intent ? nil : "gw1 of tokyo"), "\(command)")
                try bench.type(command.line)
            }
        }
        let running = try bench.type("vtysh -c 'show running-config bgpd'")
        #expect(!running.contains("64900:1\n") && running.contains("route-target import 65535:1"), "\(running)")
    }

    @Test("a name that a shell would not take as one word is not printed into a command")
    func names() throws {
        let witness = try foreign(ForeignVRF(name: "a'; reboot; '`\u{1b}[2J", importTargets: [target("64900:1")]))
        #expect(!witness.remedy.contains("reboot") && !witness.sentence.contains("\u{1b}"))
        #expect(TypedCommand.stray(in: witness.remedy) == nil)
    }
}
