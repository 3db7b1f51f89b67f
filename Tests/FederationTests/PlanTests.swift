import Federation
import FederationModel
import Foundation
import NetworkTypes
import Testing

@Suite("What a plan says")
struct PlanTests {
    private func world() throws -> PlanWorld {
        var world = PlanWorld()
        try world.apply()
        world.report()
        return world
    }

    private func lines(_ changes: [GraphChange]) -> [String] {
        changes.map { "\($0.kind.mark) \($0.object)" + ($0.details.isEmpty ? "" : ": \($0.details.joined(separator: "; "))") }
    }

    @Test("what changes in the graph is told in words, with what it was")
    func objects() throws {
        var world = try world()
        world.graph.clouds[cloud("paris")]!.isDraining = true
        world.graph.clouds[cloud("paris")]!.labels = ["region": "eu"]
        world.graph.pools.vnis = 20_000...29_999
        world.graph.reservations = [Reservation(values: .vnis(30_000...30_010), reason: "old fabric")]
        world.graph.vpns[vpn("blue")]!.policy = .hubAndSpoke(transit: [prefix("10.0.0.0/8")])
        world.graph.vpns[vpn("blue")]!.attachments[0].role = .hub
        world.graph.vpns[vpn("blue")]!.attachments[1].advertise = [.hosts, .subnets]
        world.graph.vpns[vpn("red")]!.attachments.removeFirst()
        #expect(
            lines(try world.plan().objects) == [
                "~ federation: VNI pool default → 20000-29999; reserves VNI 30000-30010 (old fabric)",
                "~ cloud paris: labels none → region=eu; drains",
                "~ VPN blue: policy full-mesh → hub-and-spoke; originates transit 10.0.0.0/8",
                "~ attachment of VPN blue: lima: router name=blue-router: role member → hub",
                "~ attachment of VPN blue: paris: router name=blue-router: advertises hosts → hosts, subnets",
                "- attachment of VPN red: lima: router name=red-router",
            ])
    }

    @Test("attachments in another order are no change")
    func order() throws {
        var world = try world()
        world.graph.vpns[vpn("blue")]!.attachments.reverse()
        #expect(try world.plan().isEmpty)
    }

    @Test("what changes on gateways is told by what their intents say")
    func gateways() throws {
        var world = try world()
        let blue = try #require(world.snapshot.ledger.routeTarget(of: vpn("blue")))
        world.graph.vpns[vpn("blue")]!.policy = .hubAndSpoke(transit: [])
        world.graph.vpns[vpn("blue")]!.attachments[0].role = .hub
        let change = try world.planned()
        let spokes = try #require(change.ledger.routeTarget(of: .spoke(vpn("blue"))))
        let told = Dictionary(uniqueKeysWithValues: change.plan.gateways.map { ("\($0.gateway) \($0.resource.title)", $0.details) })
        let spoke =
            ["exports \(spokes)", "no longer exports \(blue)"]
            + ["10.255.2.1 (AS 65002)", "10.255.3.1 (AS 65003)"].map { "no longer accepts routes of \($0)" }
        #expect(told == ["lima/gw1 VPN blue": ["imports \(spokes)"], "paris/gw1 VPN blue": spoke, "tokyo/gw1 VPN blue": spoke])
        #expect(change.plan.affected.count == 3)

        world.graph.vpns[vpn("blue")]!.policy = .fullMesh
        world.graph.vpns[vpn("blue")]!.attachments[0].role = .member
        world.graph.vpns[vpn("blue")]!.vni = VNI(value: 77)
        #expect(try world.plan().gateways.allSatisfy { $0.details.contains("secondary VNI none → 77") })
        world.graph.clouds[cloud("paris")]!.gateways[NodeName("gw2")!] = Gateway(vtep: IPv4Address("10.255.2.2")!)
        let more = try world.plan().gateways
        #expect(more.first { $0.gateway == gateway("tokyo/gw1") && $0.resource == .base }?.details == ["peer paris/gw2 (10.255.2.2) added"])
        #expect(
            more.first { $0.gateway == gateway("paris/gw2") && $0.resource == .vpn(vpn("red")) }?.details.contains(
                "attaches router name=red-router") == true)
    }

    @Test("a hub makes spokes lose each other, and nobody else")
    func blastRadius() throws {
        var world = try world()
        world.graph.vpns[vpn("blue")]!.policy = .hubAndSpoke(transit: [])
        world.graph.vpns[vpn("blue")]!.attachments[0].role = .hub
        let plan = try world.plan()
        #expect(plan.gained.isEmpty)
        #expect(plan.lost.map(\.description) == plan.lost.sorted().map(\.description))
        #expect(plan.lost.map { "\($0.vpn) \($0.from) \($0.to)" } == ["blue paris tokyo", "blue tokyo paris"])
        #expect(plan.withdrawals == 0)
    }

    @Test("withdrawals are the prefixes that agents advertise and will not")
    func withdrawals() throws {
        let world = try world()
        func count(_ change: (inout FederationGraph) -> Void) throws -> Int {
            var copy = world
            change(&copy.graph)
            return try copy.plan().withdrawals
        }
        #expect(try count { $0.vpns[vpn("blue")] = nil } == 6)
        #expect(try count { $0.vpns[vpn("blue")]!.attachments.removeLast() } == 2)
        #expect(try count { $0.vpns[vpn("blue")]!.attachments[0].selector.value = "other" } == 2)
        #expect(try count { $0.vpns[vpn("blue")]!.attachments[0].role = .importOnly } == 2)
        #expect(try count { $0.vpns[vpn("blue")]!.attachments[0].advertise = .subnets } == 2)
        #expect(try count { $0.vpns[vpn("blue")]!.attachments[0].advertise = [.hosts, .subnets] } == 0)
        #expect(try count { $0.vpns[vpn("blue")]!.exportFilter = [PrefixRule(.permit, prefix("10.1.0.0/16"), le: 32)] } == 4)
        #expect(
            try count {
                $0.vpns[vpn("blue")]!.attachments[1].export = [
                    PrefixRule(.deny, prefix("10.2.1.11/32")), PrefixRule(.permit, prefix("10.0.0.0/8"), le: 32),
                ]
            } == 1)
        #expect(try count { $0.vpns[vpn("blue")]!.importFilter = [PrefixRule(.permit, prefix("10.1.0.0/16"), le: 32)] } == 0)
        #expect(
            try count { graph in
                graph.clouds[cloud("paris")] = nil
                for name in graph.vpns.keys { graph.vpns[name]!.attachments.removeAll { $0.cloud == cloud("paris") } }
            } == 4)
    }

    @Test("a prefix that another gateway of the cloud advertises is not withdrawn")
    func twoGateways() throws {
        var world = PlanWorld()
        world.graph.clouds[cloud("paris")]!.gateways[NodeName("gw2")!] = Gateway(vtep: IPv4Address("10.255.2.2")!)
        try world.apply()
        world.report()
        world.report("paris/gw2", "red") { $0.advertised.removeLast() }
        world.graph.clouds[cloud("paris")]!.gateways[NodeName("gw1")!] = nil
        #expect(try world.plan().withdrawals == 1)
    }

    @Test("a plan for people: text, and Markdown that nothing in it can break out of")
    func words() throws {
        var world = try world()
        world.graph.vpns[vpn("blue")]!.policy = .hubAndSpoke(transit: [])
        world.graph.vpns[vpn("blue")]!.attachments[0].role = .hub
        world.graph.vpns[vpn("red")] = nil
        world.graph.vpns[vpn("green")] = VPN(attachments: [
            PlanWorld.attachment("lima", "a|b `c`\n```\n<b>\u{1b}[31m"), PlanWorld.attachment("tokyo", "green"),
        ])
        let plan = try world.plan()
        let text = PlanText(plan).text
        #expect(text.hasPrefix("plan on revision 1 of demo: 9 changes, 3 gateways; 2 reachable pairs gained, 8 lost; 6 prefixes withdrawn"))
        for line in [
            "graph", "  ~ VPN blue", "        policy full-mesh → hub-and-spoke", "gateways", "  ~ VPN blue on paris/gw1, tokyo/gw1",
            "  - VPN red on lima/gw1, paris/gw1, tokyo/gw1", "reachability (origin → viewer)", "  - blue: paris ↔ tokyo",
            "  + green: lima ↔ tokyo",
            "  - red: all pairs of lima, paris, tokyo (6)",
        ] { #expect(text.split(separator: "\n").contains(Substring(line)), "\(line)\n\(text)") }
        #expect(!text.contains("\u{1b}"))

        let markdown = plan.markdown()
        let fences = markdown.split(separator: "\n").filter { $0.hasPrefix("```") }
        #expect(fences.count == 6 && fences.filter { $0 == "```diff" }.count == 3)
        #expect(
            markdown.split(separator: "\n").contains("! VPN blue")
                && markdown.split(separator: "\n").contains("- red: all pairs of lima, paris, tokyo (6)"))
        #expect(markdown.contains("**plan on revision 1 of demo: "))
        #expect(plan.markdown(limit: 1).contains("… and ") && plan.markdown(limit: 1).utf8.count < markdown.utf8.count)
    }

    @Test("findings are a table in Markdown, with cells that stay cells")
    func table() throws {
        var plan = try world().plan()
        plan.findings = [Finding(.error, .leak, path: "vpns.blue", reason: "a|b <i> `c`", remedy: "x")]
        #expect(plan.markdown().contains(#"| ❌ | leak | vpns.blue | a\|b \<i\> \`c\` | x |"#))
        #expect(PlanText(plan).lines.contains { $0.kind == .error && $0.text == "  error leak: vpns.blue: a|b <i> `c`" })
    }

    @Test("nothing to do is said so")
    func nothing() throws {
        #expect(PlanText(try world().plan()).text == "plan on revision 1 of demo: nothing changes\n")
    }

    @Test("comments and layout are a change of the text, and of nothing else")
    func text() throws {
        var plan = try world().plan()
        #expect(plan.changesNothing)
        plan.changesText = true
        #expect(plan.isEmpty && !plan.changesNothing)
        #expect(PlanText(plan).text == "plan on revision 1 of demo: only the file’s text changes (comments, layout)\n")
    }

    @Test("times are told in units that people have")
    func times() throws {
        var world = try world()
        world.graph.pools.quarantine = 300_000
        #expect(try world.plan().objects.map(\.details) == [["quarantine default → 5m"]])
    }

    @Test("two ledgers differ in who holds a value and in reservations, not in since when or what rests")
    func ledgers() {
        func entry(_ value: String, _ owner: String?, _ state: LedgerEntry.State, since: Int64 = 1, _ reason: String = "") -> LedgerEntry {
            LedgerEntry(kind: .vni, value: value, owner: owner, state: state, since: since, reason: reason)
        }
        let old = [entry("1", "red", .held), entry("2", "blue", .held), entry("3", "green", .held), entry("9", "x", .quarantined)]
        let new = [
            entry("1", "red", .held, since: 7), entry("2", "blue", .quarantined), entry("3", "grey", .held),
            entry("5-6", nil, .reserved, "old fabric"),
        ]
        let changes = LedgerChange.between(old, new)
        #expect(changes.map(\.kind) == [.removed, .changed, .added])
        #expect(changes.map(\.description) == ["vni 2 of blue", "vni 3 of green → of grey", "vni 5-6 reserved: old fabric"])
        #expect(LedgerChange.between(new, new).isEmpty)
    }

    @Test("a saved plan is applied as it was approved, or not")
    func saved() throws {
        var world = try world()
        world.graph.vpns[vpn("red")] = nil
        let saved = SavedPlan(plan: try world.plan(), text: "federation: demo\n", madeAt: 1)
        #expect(saved.objection(to: try world.plan()) == nil)
        // What agents report changes all the time.
        world.facts = [:]
        #expect(saved.objection(to: try world.plan()) == nil)
        var other = world
        other.graph.vpns[vpn("blue")]!.localPreference = 9
        #expect(saved.objection(to: try other.plan()) == .otherOutcome)
        other.graph = world.graph
        other.snapshot.revision = 2
        #expect(saved.objection(to: try other.plan()) == .baseMoved(saved: 1, current: 2))
        #expect(
            saved.objection(to: Plan(federation: FederationID("x")!, base: 1))
                == .otherFederation(saved: FederationID("demo")!, current: FederationID("x")!))
    }

    @Test("a saved plan that was changed by hand, or is of another format, is not read")
    func damaged() throws {
        let saved = SavedPlan(plan: try world().plan(), text: "federation: demo\n", madeAt: 1)
        let json = String(decoding: try JSONEncoder().encode(saved), as: UTF8.self)
        #expect(try JSONDecoder().decode(SavedPlan.self, from: Data(json.utf8)) == saved)
        for (part, other) in [("federation: demo", "federation: omed"), ("\"format\":3", "\"format\":1")] {
            #expect(json.contains(part))
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(SavedPlan.self, from: Data(json.replacing(part, with: other).utf8))
            }
        }
    }

    @Test("an older ledger's values are taken again on the way back")
    func preferring() throws {
        var world = try world()
        let (before, graph) = (world.snapshot.ledger, world.graph)
        world.graph.vpns[vpn("blue")]!.vni = VNI(value: 500)
        try world.apply()
        guard case .planned(let back) = Planning.plan(graph, on: world.snapshot, at: PlanWorld.now, preferring: before) else {
            Issue.record("refused")
            return
        }
        #expect(back.ledger.vni(of: vpn("blue")) == before.vni(of: vpn("blue")))
    }
}
