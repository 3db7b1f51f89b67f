import Federation
import FederationModel
import NetworkTypes
import Testing

@Suite("A cloud gets another AS")
struct ASChangeTests {
    private let wanted = ASN("65099")!

    private func world(running: String? = nil, in cloud: String = "paris") throws -> PlanWorld {
        var world = try PlanWorld.inForce()
        for (id, intent) in world.snapshot.compilation?.intents ?? [:] { world.facts[id]?.base.asn = intent.base.asn }
        if let running { world.facts[gateway("\(cloud)/gw1")]?.base.asn = ASN(running) }
        world.graph.clouds[Self.paris]!.asn = wanted
        return world
    }

    private static let paris = CloudName("paris")!

    private func findings(_ world: PlanWorld, silent: Set<GatewayID> = []) throws -> [Finding] {
        guard
            case .planned(let change) = Planning.plan(
                world.graph, on: world.snapshot, facts: world.facts, silent: silent, at: PlanWorld.now)
        else {
            Issue.record("refused")
            return []
        }
        return change.plan.findings.filter { [.asChange, .bgpdRunsOtherAS].contains($0.code) }
    }

    @Test("it is refused while bgpd of a live agent runs another AS, with what it does to sessions and the operator’s steps in order")
    func refused() throws {
        let found = try findings(world())
        #expect(found.map(\.code) == [.bgpdRunsOtherAS] && found.map(\.severity) == [.error] && found.map(\.path) == ["clouds.paris.as"])
        let finding = try #require(found.first)
        #expect(finding.reason.contains("AS 65002 → 65099: all 2 EVPN sessions of paris reset"))
        #expect(finding.reason.contains("bgpd on paris/gw1 runs AS 65002"))
        let steps = [
            "systemctl stop fed-agent", "sed -i 's/^router bgp 65002\\b/router bgp 65099/' /etc/frr/frr.conf", "systemctl restart frr",
            "fedctl set cloud paris as=65099", "systemctl start fed-agent",
        ]
        let places = steps.map { finding.remedy.range(of: $0)?.lowerBound }
        #expect(places.allSatisfy { $0 != nil } && places.compactMap(\.self) == places.compactMap(\.self).sorted())
        #expect(try !world().plan().refusals().isEmpty)
    }

    @Test("it is a warning once bgpd runs the new one, and where nobody can say what bgpd runs")
    func warned() throws {
        let ready = try findings(world(running: "65099"))
        #expect(ready.map(\.code) == [.asChange] && ready.map(\.severity) == [.warning])
        #expect(ready[0].reason.contains("EVPN sessions of paris reset") && !ready[0].reason.contains("not known"))
        let silent = try findings(world(), silent: [gateway("paris/gw1")])
        #expect(silent.map(\.severity) == [.warning])
        #expect(silent[0].reason.contains("the AS of bgpd on paris/gw1 is not known") && silent[0].remedy.contains("systemctl stop"))
        var never = try world()
        never.facts = [:]
        #expect(try findings(never).map(\.severity) == [.warning])
    }

    @Test("other edits, new clouds and clouds that go are no AS change, whatever bgpd runs")
    func others() throws {
        var world = try world(running: "65050", in: "tokyo")
        world.graph.clouds[Self.paris]!.asn = ASN("65002")
        world.graph.clouds[Self.paris]!.underlayMTU = 1600
        #expect(try findings(world) == [])
        world.graph.clouds[CloudName("oslo")!] = Cloud(
            asn: ASN("65044"), underlayMTU: 9000, gateways: [NodeName("gw1")!: Gateway(vtep: IPv4Address("10.255.9.1")!)])
        #expect(try findings(world) == [])
    }
}
