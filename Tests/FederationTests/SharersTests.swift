import Federation
import FederationModel
import Foundation
import NetworkTypes
import Testing

@Suite("Many tenants that share into one VPN")
struct SharersTests {
    /// Blue and green in paris and tokyo, and mon, with routers of its own in lima, or where it is said.
    private func world(_ policy: VPNPolicy = .fullMesh, monitoring clouds: [String] = ["lima", "oslo"]) throws -> PlanWorld {
        var world = PlanWorld(clouds: ["lima", "oslo", "paris", "tokyo"], vpns: ["blue", "green", "mon"])
        for name in ["blue", "green"] { world.graph.vpns[vpn(name)]!.attachments.removeAll { ["lima", "oslo"].contains($0.cloud.text) } }
        world.graph.vpns[vpn("mon")]!.policy = policy
        world.graph.vpns[vpn("mon")]!.attachments = clouds.enumerated().map { index, name in
            PlanWorld.attachment(name, "mon-router", policy.pattern != .hubAndSpoke ? .member : index == 0 ? .hub : .spoke)
        }
        try world.apply()
        world.report()
        return world
    }

    /// Blue shares from paris, green from tokyo.
    private func share(_ graph: inout FederationGraph) {
        graph.vpns[vpn("blue")]!.shares = [Share(to: vpn("mon"), prefixes: [prefix("10.3.1.0/24")], clouds: [cloud("paris")])]
        graph.vpns[vpn("green")]!.shares = [Share(to: vpn("mon"), prefixes: [prefix("10.4.2.0/24")], clouds: [cloud("tokyo")])]
    }

    private static let edge = PolicyEdge(from: .labels([:]), to: .labels([:]))

    @Test(
        "monitoring reaches all of them, whatever its policy, and none of them another",
        arguments: [VPNPolicy.fullMesh, .hubAndSpoke(transit: []), .partialMesh([]), .partialMesh([edge])])
    func apart(_ policy: VPNPolicy) throws {
        var world = try world(policy)
        share(&world.graph)
        let change = try world.planned()
        #expect(change.plan.findings.isEmpty)
        let reaches = Set(change.compilation.reaches(of: vpn("mon")).map { "\($0.from)>\($0.to)" })
        for guest in ["paris", "tokyo"] {
            for member in ["lima", "oslo"] { #expect(reaches.isSuperset(of: ["\(guest)>\(member)", "\(member)>\(guest)"])) }
        }
        #expect(reaches.isDisjoint(with: ["paris>tokyo", "tokyo>paris"]))
        #expect(change.compilation.targets.leaks().isEmpty)
        #expect(change.compilation.reaches(of: vpn("blue")).count == 2, "what they are themselves stays")
    }

    @Test("the guests' target is allocated with the first share, and rests after the last one")
    func allocation() throws {
        let guests = TargetOwner.guests(vpn("mon"))
        #expect(try TargetOwner(parsing: "mon/guests") == guests && guests.description == "mon/guests")
        var world = try world()
        #expect(world.snapshot.ledger.routeTarget(of: guests) == nil)
        share(&world.graph)
        try world.apply()
        let target = try #require(world.snapshot.ledger.routeTarget(of: guests))
        let intents = try #require(world.snapshot.compilation?.intents)
        let (lima, paris) = (intents[gateway("lima/gw1")]?.vpns[vpn("mon")], intents[gateway("paris/gw1")]?.vpns[vpn("mon")])
        let mesh = try #require(world.snapshot.ledger.routeTarget(of: vpn("mon")))
        #expect(paris?.exportTargets == [target] && paris?.importTargets == [mesh])
        #expect(lima?.exportTargets == [mesh] && lima.map { Set($0.importTargets) } == [mesh, target])
        for name in ["blue", "green"] { world.graph.vpns[vpn(name)]!.shares = [] }
        try world.apply()
        #expect(world.snapshot.ledger.routeTarget(of: guests) == nil)
        #expect(world.snapshot.ledger.entries(of: world.graph).contains { $0.value == target.description && $0.state == .quarantined })
    }

    @Test("each of them refuses what all others share, once and sorted, and nothing that its own clouds share")
    func refused() throws {
        var world = try world()
        share(&world.graph)
        // Green shares from both of its clouds, and the same prefix twice; mon gives something of its own.
        world.graph.vpns[vpn("green")]!.shares += [
            Share(to: vpn("mon"), prefixes: [prefix("10.4.9.0/24"), prefix("10.3.2.0/24")]),
            Share(to: vpn("mon"), prefixes: [prefix("10.3.2.0/24")], clouds: [cloud("paris")]),
        ]
        world.graph.vpns[vpn("mon")]!.shares = [Share(to: vpn("blue"), prefixes: [prefix("10.1.3.0/24")])]
        func refused(_ id: String, _ name: String, by router: String) -> [IPPrefix]? {
            world.snapshot.compilation?.intents[gateway(id)]?.vpns[vpn(name)]?.attachments.first { $0.selector.value == router }?.refused
        }
        try world.apply()
        let greens = [prefix("10.3.2.0/24"), prefix("10.4.2.0/24"), prefix("10.4.9.0/24")]
        #expect(refused("paris/gw1", "mon", by: "blue-router") == greens)
        for id in ["paris/gw1", "tokyo/gw1"] { #expect(refused(id, "mon", by: "green-router") == [prefix("10.3.1.0/24")]) }
        #expect(refused("lima/gw1", "mon", by: "mon-router") == [], "members refuse nothing")
        #expect(refused("lima/gw1", "blue", by: "mon-router") == [], "one alone has nobody to refuse")
        #expect(refused("paris/gw1", "blue", by: "blue-router") == [])
        // What both share is the other's too.
        world.graph.vpns[vpn("blue")]!.shares[0].prefixes.append(prefix("10.4.2.0/24"))
        try world.apply()
        #expect(refused("tokyo/gw1", "mon", by: "green-router") == [prefix("10.3.1.0/24"), prefix("10.4.2.0/24")])
        #expect(refused("paris/gw1", "mon", by: "blue-router") == greens)
    }

    @Test("a further VPN that shares is news for those that share, told in the plan; members take its routes, and have no other news")
    func versions() throws {
        var world = try world()
        share(&world.graph)
        let green = world.graph.vpns[vpn("green")]!.shares
        world.graph.vpns[vpn("green")]!.shares = []
        try world.apply()
        world.report()
        let before = try #require(world.snapshot.compilation)
        let alone = try #require(before.intents[gateway("paris/gw1")]?.vpns[vpn("mon")])
        #expect(alone.version == alone.contentVersion)
        world.graph.vpns[vpn("green")]!.shares = green
        let change = try world.planned()
        let changed = change.compilation.differences(since: before)
        let members = ["lima/gw1", "oslo/gw1"].map { gateway($0) }
        #expect(changed.keys.sorted() == (members + [gateway("paris/gw1"), gateway("tokyo/gw1")]).sorted())
        for member in members {
            var intent = try #require(change.compilation.intents[member]?.vpns[vpn("mon")])
            let former = try #require(before.intents[member]?.vpns[vpn("mon")])
            #expect(Set(intent.origins).subtracting(former.origins).count == 1)
            #expect(Set(intent.rights ?? []).subtracting(former.rights ?? []).map(\.clouds) == [[cloud("tokyo")]])
            (intent.origins, intent.rights) = (former.origins, former.rights)
            #expect(intent.contentVersion == former.version)
        }
        #expect(changed[gateway("paris/gw1")]?.changed == [.vpn(vpn("mon"))])
        #expect(changed[gateway("tokyo/gw1")]?.added == [.vpn(vpn("mon"))])
        let now = try #require(change.compilation.intents[gateway("paris/gw1")]?.vpns[vpn("mon")])
        #expect(now.version == now.contentVersion && now.version != alone.version)
        var without = now
        for index in without.attachments.indices { without.attachments[index].refused = [] }
        #expect(without.contentVersion == alone.version, "nothing but that is new")
        let told = change.plan.gateways.filter { $0.gateway == gateway("paris/gw1") }.flatMap(\.details)
        #expect(told.contains { $0.contains("refuses") && $0.contains("10.4.2.0/24") })
    }

    @Test("a ledger of a release without guests compiles as it did then, and the next plan brings the target")
    func oldLedger() throws {
        var world = try world()
        share(&world.graph)
        var ledger = world.snapshot.ledger
        // All that the graph needs but for that.
        try ledger.allocate(for: world.graph, at: PlanWorld.now)
        #expect(ledger.routeTarget(of: .guests(vpn("mon"))) != nil)
        var document = try #require(JSONSerialization.jsonObject(with: JSONEncoder().encode(ledger)) as? [String: Any])
        var register = try #require(document["routeTargets"] as? [String: Any])
        for key in ["held", "since"] {
            var entries = try #require(register[key] as? [String: Any])
            #expect(entries.removeValue(forKey: "mon/guests") != nil)
            register[key] = entries
        }
        document["routeTargets"] = register
        ledger = try JSONDecoder().decode(Ledger.self, from: JSONSerialization.data(withJSONObject: document))
        #expect(ledger.routeTarget(of: .guests(vpn("mon"))) == nil)
        let old = try Compilation(world.graph, with: ledger, epoch: "e", revision: 1)
        #expect(old.reaches(of: vpn("mon")).count == 12, "guests were as members are")
        func refused(_ compilation: Compilation) -> Set<IPPrefix> {
            Set(compilation.intents.values.compactMap { $0.vpns[vpn("mon")] }.flatMap(\.attachments).flatMap(\.refused))
        }
        #expect(refused(old) == [])
        world.snapshot.compilation = old
        world.snapshot.ledger = ledger
        let change = try world.planned()
        #expect(refused(change.compilation) == [prefix("10.3.1.0/24"), prefix("10.4.2.0/24")])
        #expect(change.plan.lost.map { "\($0.from)>\($0.to)" } == ["paris>tokyo", "tokyo>paris"])
        #expect(change.plan.findings.filter { $0.severity == .error }.isEmpty)
    }

    @Test("where one of them shares from a cloud in which monitoring is itself, they meet: refused, in both directions")
    func memberAndGuest() throws {
        for clouds in [["lima", "paris"], ["lima", "tokyo"]] {
            let found = try world(monitoring: clouds).findings(.sharersMeet, share)
            #expect(found.map(\.severity) == [.error] && found.map(\.path) == ["vpns.green.shares"], "\(clouds)")
            #expect(found[0].reason.contains("VPNs blue and green both share into VPN mon"))
            #expect(found[0].reason.contains("\(clouds[1]) serves a share and has attachments of VPN mon, and"))
        }
        let alone = try world(monitoring: ["lima", "paris"]).findings(.sharersMeet) {
            share(&$0)
            $0.vpns[vpn("green")]!.shares[0].clouds = [cloud("paris")]
            $0.vpns[vpn("green")]!.shares[0].prefixes = [prefix("10.3.2.0/24")]
        }
        #expect(alone.isEmpty, "in one cloud the gateway steers guests to members only")
        let one = try world(monitoring: ["lima", "paris", "tokyo"]).findings(.sharersMeet) {
            share(&$0)
            $0.vpns[vpn("green")]!.shares = []
        }
        #expect(one.isEmpty, "clouds of one VPN reach each other anyway")
    }

    @Test("forty of them that meet are one finding")
    func many() throws {
        var world = try world(monitoring: ["lima", "paris", "tokyo"])
        for index in 10..<50 {
            world.graph.vpns[vpn("t\(index)")] = VPN(
                attachments: [PlanWorld.attachment("paris", "t\(index)"), PlanWorld.attachment("tokyo", "t\(index)")],
                shares: [Share(to: vpn("mon"), prefixes: [prefix("10.200.\(index).0/24")])])
        }
        let found = try world.findings(.sharersMeet)
        #expect(found.map(\.severity) == [.error])
        #expect(found[0].reason.hasSuffix("the same for 779 more pairs of VPNs"))
    }

    @Test("a raw target that is exported and imported joins guests too, and is refused with two of them")
    func rawTargets() throws {
        let found = try world().findings(.sharersMeet) {
            share(&$0)
            $0.vpns[vpn("mon")]!.importTargets = [target("65010:7")]
            $0.vpns[vpn("mon")]!.exportTargets = [target("65010:7")]
        }
        #expect(found.map(\.severity) == [.error] && found[0].remedy.contains("different “importTargets” and “exportTargets”"))
        let apart = try world().findings(.sharersMeet) {
            share(&$0)
            $0.vpns[vpn("mon")]!.importTargets = [target("65010:7")]
            $0.vpns[vpn("mon")]!.exportTargets = [target("65010:8")]
        }
        #expect(apart.isEmpty)
    }

    @Test("transit that holds what they share would lead from one to the other through the hub: refused")
    func transit() throws {
        func found(_ text: String, _ change: (inout FederationGraph) -> Void = { _ in }) throws -> [Finding] {
            try world(.hubAndSpoke(transit: [prefix(text)])).findings(.sharersMeet) {
                share(&$0)
                change(&$0)
            }
        }
        let refused = try found("10.4.0.0/16")
        #expect(refused.map(\.severity) == [.error] && refused.map(\.path) == ["vpns.mon.policy.hub-and-spoke.transit"])
        #expect(refused[0].reason.contains("10.4.0.0/16 contains 10.4.2.0/24, shared by VPN green into VPN mon"))
        #expect(try found("10.9.0.0/16").isEmpty)
        #expect(try found("10.4.0.0/16") { $0.vpns[vpn("blue")]!.shares = [] }.isEmpty, "one alone meets nobody")
    }
}
