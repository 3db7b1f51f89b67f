import Coordinator
import FederationAPI
import FederationFile
import FederationModel
import FederationViews
import NetworkTypes
import Testing

@Suite("What a cloud has, as a draft of the federation file", .timeLimit(.minutes(1)))
struct ImportTests {
    private static let (gold, twin, layer2) = (
        "7c9e6679-7425-40de-944b-e07fc1f90ae7", "0f8fad5b-d9cb-469f-a165-70867728950e", "4a1d2f6c-6c52-4f6e-8a0e-0a5d1c1f7b11"
    )

    private func draft(_ text: String, _ reports: BGPVPNReports?, foreign: [ForeignVRF] = []) throws -> ImportDraft {
        let graph = try #require(FederationYAML.read(text: text, fileName: "f").graph)
        let applied = try AppliedGraph(
            AppliedFile(
                revision: 3, epoch: "e", text: text,
                allocations: [
                    AppliedFile.Allocation(kind: .vni, owner: "blue", value: "10000"),
                    AppliedFile.Allocation(kind: .routeTarget, owner: "blue", value: "64900:10000"),
                ]))
        let state = GatewayState(
            gateway: try gateway("paris/gw1"), connected: true, receivedAt: 1,
            report: GatewayReport(base: BaseReport(foreignVRFs: ForeignVRFs(foreign)), bgpvpns: reports))
        return ImportDraft(try CloudName(parsing: "paris"), states: [state], applied: applied, graph: graph)
    }

    private func targets(_ texts: String...) -> [RouteTarget] { texts.map { RouteTarget($0)! } }

    @Test(
        "each BGPVPN that is nobody’s becomes a VPN with what it claims and nobody else has; VRFs of others are reserved; clashes are named"
    )
    func added() throws {
        let reports = BGPVPNReports(
            [
                BGPVPNReport(
                    id: Self.gold, name: "gold: 1", project: "p", vni: 20_001, importTargets: ["65010:1"], exportTargets: ["65010:1"],
                    routers: ["r"]),
                BGPVPNReport(
                    id: Self.twin, name: "blue", project: "q", vni: 10_000, importTargets: ["65010:7"], exportTargets: ["65010:7"]),
                BGPVPNReport(id: Self.layer2, name: "bridge", project: "q", type: "l2"),
                BGPVPNReport(id: nil, project: "p", vni: 20_007, networks: ["n"]),
            ], areListed: true)
        let vrf = ForeignVRF(
            name: "customer", vni: VNI("20009"), importTargets: targets("65010:7", "0:5"), exportTargets: targets("65010:9"))
        let found = try draft(Headquarters.file, reports, foreign: [vrf])
        #expect(
            Set(found.graph.vpns.keys.map(\.text)) == ["blue", "gold--1", "blue-0f8fad5b", "vni-20007"])
        let gold = try #require(found.graph.vpns[vpn("gold--1")])
        #expect(gold.vni == VNI("20001") && gold.routeTarget == RouteTarget("65010:1") && gold.project == "p")
        #expect(gold.attachments.map(\.description) == ["paris: BGPVPN id=\(Self.gold)"])
        let twin = try #require(found.graph.vpns[vpn("blue-0f8fad5b")])
        #expect(twin.vni == nil && twin.routeTarget == nil)
        #expect(found.graph.vpns[vpn("vni-20007")]?.attachments.map(\.description) == ["paris: BGPVPN vni=20007"])
        #expect(found.graph.reservations.map(\.reason) == Array(repeating: "VRF customer of paris/gw1", count: 3))
        #expect(
            found.clashes.sorted() == [
                "BGPVPN \(Self.twin) (blue) of project q claims VNI 10000, which VPN blue has: the VPN gets another one",
                "BGPVPN \(Self.twin) (blue) of project q claims route target 65010:7, which VRF customer of paris/gw1 has: the VPN gets another one",
                "BGPVPN \(Self.layer2) (bridge) of project q is of type l2, and VPNs are routed: left out",
            ])
        let reading = FederationYAML.read(text: found.text, fileName: "draft")
        #expect(reading.diagnostics.filter { $0.severity == .error } == [])
        #expect(reading.graph == found.graph)
        // What was applied adds nothing.
        let again = try draft(found.text, reports, foreign: [vrf])
        #expect(again.graph == found.graph && again.added == [], "\(again.added)")
        #expect(again.text.contains("# nothing is added: the file has all of it"))
    }

    @Test("two projects’ keys with one VNI select neither, and are left out")
    func twins() throws {
        let both = BGPVPNReports([
            BGPVPNReport(id: nil, project: "p", vni: 7, networks: ["n"]), BGPVPNReport(id: nil, project: "q", vni: 7, networks: ["m"]),
        ])
        let found = try draft(Headquarters.file, both)
        #expect(found.added == [] && found.clashes.count == 2)
    }

    @Test("the command prints a draft that can be planned, and says where nobody reported")
    func command() async throws {
        try await Headquarters.open { headquarters in
            let tool = headquarters.tool
            #expect(try await tool.run("apply", "-f", "-", input: Headquarters.file).status == 0)
            let silent = try await tool.run("import", "--cloud", "paris")
            #expect(silent.status == 1 && silent.errors.contains("no agent of paris has reported"), "\(silent.errors)")
            let session = try headquarters.connect("paris/gw1")
            let reports = BGPVPNReports([BGPVPNReport(id: Self.gold, name: "gold", project: "p", vni: 20_001)], areListed: true)
            try headquarters.controlPlane.receive(
                .report(ReportPart(sequence: 4, observedAt: 0, content: .bgpvpns(reports))), in: session)
            let draft = try await tool.run("import", "--cloud", "paris")
            #expect(draft.status == 0 && draft.output.contains("# added: VPN gold for BGPVPN \(Self.gold) (gold) of project p"), "\(draft)")
            let plan = try await tool.run("plan", "-f", "-", input: draft.output)
            #expect(plan.status == 2, "\(plan.output)\(plan.errors)")
            #expect(try await tool.run("apply", "-f", "-", "--yes", input: draft.output).status == 0)
            let again = try await tool.run("import", "--cloud", "paris").output
            #expect(again.contains("# nothing is added") && again.contains("gold"), "\(again)")
        }
    }
}
