import Federation
import FederationModel
import NetworkTypes
import Testing

@Suite("What is found before a plan is applied")
struct SafetyTests {
    @Test("a sound federation has no findings, and every finding names a path, a reason and a remedy")
    func sound() throws {
        #expect(try PlanWorld().plan().findings.isEmpty)
        #expect(try PlanWorld.inForce().plan().findings.isEmpty)
    }

    @Test("much that goes at once wants its number")
    func mass() throws {
        var world = PlanWorld(vpns: ["blue", "red", "green"])
        try world.apply()
        world.report(hosts: 5)
        var copy = world
        copy.graph.vpns[vpn("blue")] = nil
        // 6 of 18 reachable pairs: a third, but few; 15 of 45 prefixes are both.
        let plan = try copy.plan()
        #expect(plan.lost.count == 6 && plan.withdrawals == 15 && plan.removals == 21)
        let found = plan.findings.filter { $0.code == .massWithdrawal }
        #expect(found.map(\.severity) == [.error])
        #expect(found[0].remedy.contains("--yes-remove 21"))
        #expect(plan.refusals().count == 1 && plan.refusals(granting: 20).count == 1 && plan.refusals(granting: 21).isEmpty)
        copy.report(hosts: 3)
        #expect(try copy.findings(.massWithdrawal).isEmpty)
        copy.facts = [:]
        #expect(try copy.findings(.massWithdrawal).isEmpty)
    }

    @Test("a quarter of all is not more than a quarter")
    func quarter() throws {
        var world = PlanWorld(clouds: ["a", "b", "c", "d"], vpns: ["blue", "red", "green", "grey"])
        try world.apply()
        world.graph.vpns[vpn("blue")] = nil
        let plan = try world.plan()
        #expect(plan.lost.count == 12 && !plan.findings.contains { $0.code == .massWithdrawal })
        world.graph.vpns[vpn("red")]!.attachments.removeLast()
        #expect(try world.plan().findings.contains { $0.code == .massWithdrawal && $0.reason.contains("18 reachable pairs") })
    }

    @Test("an underlay that makes tenants' packets too large")
    func mtu() throws {
        var world = PlanWorld()
        world.graph.clouds[cloud("paris")]!.underlayMTU = 1500
        let found = try world.findings(.tenantMTU)
        #expect(found.map(\.path) == ["clouds.paris.underlayMTU"])
        #expect(found[0].reason.contains("over 1450 bytes") && found[0].remedy.contains("--mtu 1450"))
        for name in ["lima", "paris", "tokyo"] { world.graph.clouds[cloud(name)]!.underlayMTU = nil }
        let silent = try world.findings(.tenantMTU)
        #expect(silent.map(\.path) == ["clouds"] && silent[0].reason.hasPrefix("without underlayMTU, lima, paris, tokyo use 1500 bytes"))
        try world.apply()
        #expect(try world.findings(.tenantMTU) { $0.clouds[cloud("lima")]!.isDraining = true }.isEmpty)
        #expect(try world.findings(.tenantMTU) { $0.clouds[cloud("lima")]!.underlayMTU = 1550 }.isEmpty)
    }

    @Test("VPNs and clouds that reach nobody, and edges that mean nobody")
    func shape() throws {
        let world = PlanWorld()
        let alone = try world.findings(.oneCloudVPN) { $0.vpns[vpn("green")] = VPN(attachments: [PlanWorld.attachment("paris", "green")]) }
        #expect(alone.map(\.path) == ["vpns.green.attachments"])
        #expect(
            try world.findings(.oneCloudVPN) {
                $0.vpns[vpn("green")] = VPN(attachments: [PlanWorld.attachment("paris", "green")], importTargets: [target("65010:7")])
            }.isEmpty)
        let edges = [
            PolicyEdge(from: .cloud(cloud("lima")), to: .labels(["region": "asia"])),
            PolicyEdge(from: .cloud(cloud("lima")), to: .cloud(cloud("paris"))),
        ]
        let found = try world.findings(.edgePicksNobody) { $0.vpns[vpn("blue")]!.policy = .partialMesh(edges) }
        #expect(found.map(\.path) == ["vpns.blue.policy.partial-mesh.edges[0]"])
        #expect(found[0].reason.contains("region=asia"))
        let nobody = try world.findings(.cloudReachesNobody) { $0.vpns[vpn("blue")]!.policy = .partialMesh(edges) }
        #expect(nobody.map { $0.reason.prefix(5) } == ["tokyo"])
        let spokes = try world.findings(.cloudReachesNobody) { $0.vpns[vpn("blue")]!.policy = .hubAndSpoke(transit: []) }
        #expect(spokes.count == 3)
    }

    @Test("a file of another federation is refused")
    func foreign() throws {
        var world = PlanWorld()
        world.graph.federation = FederationID("other")!
        guard case .refused(let findings) = Planning.plan(world.graph, on: world.snapshot, at: 0) else {
            Issue.record("planned")
            return
        }
        #expect(findings.map(\.code) == [.wrongFederation] && findings[0].reason.contains("demo") && findings[0].reason.contains("other"))
    }
}
