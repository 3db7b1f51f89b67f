import Federation
import FederationModel
import NetworkTypes
import Testing

@Suite("What is found of addresses that are there twice")
struct SafetyAddressTests {
    @Test("clouds that meet in a VPN must not have overlapping networks, or a cloud that learns both")
    func overlap() throws {
        var world = try PlanWorld.inForce()
        world.subnets("tokyo/gw1", "blue", "10.2.0.0/16")
        // It is so today: no reason to refuse what has nothing to do with it.
        let old = try world.findings(.overlappingPrefixes) { $0.vpns[vpn("blue")]!.localPreference = 200 }
        #expect(old.map(\.severity) == [.warning])
        #expect(try world.findings(.overlappingPrefixes) { $0.vpns[vpn("red")]!.localPreference = 200 }.isEmpty)
        // And new where a plan brings them together.
        var apart = world
        apart.graph.vpns[vpn("blue")]!.attachments.removeAll { $0.cloud == cloud("tokyo") }
        try apart.apply()
        let new = try apart.findings(.overlappingPrefixes) {
            $0.vpns[vpn("blue")]!.attachments.append(PlanWorld.attachment("tokyo", "blue-router"))
        }
        #expect(new.map(\.severity) == [.error])
        #expect(new[0].reason == "tokyo and paris have 10.2.0.0/16 and 10.2.1.0/24: ambiguous in paris")
    }

    @Test("a hundred clouds with the same network are one finding, not thousands")
    func manyOverlaps() throws {
        let names = (100..<200).map { "c\($0)" }
        var world = PlanWorld(clouds: names, vpns: ["blue"])
        try world.apply()
        world.report()
        for name in names { world.subnets("\(name)/gw1", "blue", "10.0.0.0/24") }
        let old = try world.findings(.overlappingPrefixes) { $0.vpns[vpn("blue")]!.localPreference = 7 }
        #expect(old.map(\.severity) == [.warning] && old.map(\.path) == ["vpns.blue"])
        let reason = try #require(old.first?.reason)
        #expect(reason.hasPrefix("c100 and c101 both have 10.0.0.0/24: ambiguous in c100; c100 and c102 both "))
        #expect(reason.hasSuffix("; and 4947 more; already so today"), "100 × 99 / 2, less three")
        let first = try world.findings(.overlappingPrefixes) { $0.vpns[vpn("green")] = $0.vpns[vpn("blue")] }
        #expect(first.map(\.severity) == [.error] && first.map(\.path) == ["vpns.green"], "new, it is refused, and once too")
    }

    @Test("spokes overlap at the hub that learns both; without a hub nobody is troubled")
    func overlapAtHub() throws {
        var world = try PlanWorld.inForce()
        world.subnets("tokyo/gw1", "blue", "10.2.1.0/24")
        func star(_ hub: Bool) throws -> [Finding] {
            try world.findings(.overlappingPrefixes) { graph in
                graph.vpns[vpn("blue")]!.policy = .hubAndSpoke(transit: [])
                graph.vpns[vpn("blue")]!.attachments = [
                    PlanWorld.attachment("lima", "blue-router", hub ? .hub : .spoke), PlanWorld.attachment("paris", "blue-router", .spoke),
                    PlanWorld.attachment("tokyo", "blue-router", .spoke),
                ]
            }
        }
        // In the mesh of today lima learns both already.
        #expect(try star(true).map(\.reason) == ["paris and tokyo both have 10.2.1.0/24: ambiguous in lima; already so today"])
        #expect(try star(false).isEmpty)
    }

    @Test("anycast, allowOverlap and filters that keep one of them in are heeded")
    func allowedOverlap() throws {
        var world = try PlanWorld.inForce()
        world.subnets("tokyo/gw1", "blue", "10.2.1.0/24")
        func found(_ change: @escaping (inout VPN) -> Void) throws -> Int {
            try world.findings(.overlappingPrefixes) {
                $0.vpns[vpn("blue")]!.localPreference = 7
                change(&$0.vpns[vpn("blue")]!)
            }.count
        }
        #expect(try found { _ in } == 1)
        #expect(try found { $0.allowsOverlap = true } == 0)
        #expect(try found { $0.anycast = [prefix("10.2.0.0/16")] } == 0)
        #expect(try found { $0.anycast = [prefix("10.2.1.0/25")] } == 1)
        // Kept in at one end only: the other end still has it twice.
        let deny = [PrefixRule(.deny, prefix("10.2.0.0/16"), le: 32), PrefixRule(.permit, prefix("0.0.0.0/0"), le: 32)]
        #expect(try found { $0.attachments[2].export = deny } == 1)
        #expect(try found { $0.exportFilter = deny } == 0)
        #expect(try found { $0.importFilter = deny } == 0)
        #expect(
            try found { $0.importFilter = [PrefixRule(.deny, prefix("10.2.1.0/24")), PrefixRule(.permit, prefix("0.0.0.0/0"), le: 32)] }
                == 1)
        // The old overlap is an old one no longer where it was allowed until now.
        world.graph.vpns[vpn("blue")]!.allowsOverlap = true
        try world.apply()
        #expect(try world.findings(.overlappingPrefixes) { $0.vpns[vpn("blue")]!.allowsOverlap = false }.map(\.severity) == [.error])
    }

    @Test("what somebody else's fabric has sent overlaps too")
    func learned() throws {
        var world = PlanWorld()
        world.graph.vpns[vpn("blue")]!.importTargets = [target("65010:7")]
        try world.apply()
        world.report()
        world.facts[gateway("paris/gw1")]!.received = [
            ReceivedRoute(
                prefix: prefix("10.2.1.128/25"), routeDistinguisher: RouteDistinguisher("192.0.2.1:5")!, nextHop: IPAddress("192.0.2.1")!,
                routeTargets: [target("65010:7")], routerMAC: nil, asPath: [65010], isValid: true, isBest: true)
        ]
        let found = try world.findings(.overlappingPrefixes) { $0.vpns[vpn("blue")]!.localPreference = 7 }
        #expect(found.map(\.severity) == [.warning])
        #expect(found[0].reason.contains("10.2.1.0/24") && found[0].reason.contains("10.2.1.128/25"))
        #expect(
            try world.findings(.overlappingPrefixes) {
                $0.vpns[vpn("blue")]!.importFilter = [
                    PrefixRule(.deny, prefix("10.2.0.0/16"), le: 32), PrefixRule(.permit, prefix("0.0.0.0/0"), le: 32),
                ]
            }.isEmpty)
    }

    @Test("a share of all clouds is no overlap of its prefix with itself")
    func shareOfAll() throws {
        let world = try PlanWorld.inForce()
        #expect(
            try world.plan().findings.isEmpty
                && world.findings(.overlappingPrefixes) {
                    $0.vpns[vpn("blue")]!.shares = [Share(to: vpn("red"), prefixes: [prefix("10.2.1.0/25")])]
                }.isEmpty)
        #expect(
            try world.findings(.overlappingPrefixes) {
                $0.vpns[vpn("blue")]!.shares = [Share(to: vpn("red"), prefixes: [prefix("10.2.0.0/16")])]
            }.isEmpty)
        // Without facts, one cloud's share is known to be that cloud's.
        var blind = PlanWorld()
        blind.graph.vpns[vpn("blue")]!.shares = [
            Share(to: vpn("red"), prefixes: [prefix("10.2.1.0/25")], clouds: [cloud("paris")]),
            Share(to: vpn("red"), prefixes: [prefix("10.2.1.0/24")], clouds: [cloud("tokyo")]),
        ]
        #expect(try blind.findings(.overlappingPrefixes).count == 1)
    }

    @Test("a transit prefix inside a hub's own subnet hides it; one that holds it does not")
    func transit() throws {
        let world = try PlanWorld.inForce()
        func found(_ transit: String) throws -> [Finding] {
            try world.findings(.transitHidesSubnet) {
                $0.vpns[vpn("blue")]!.policy = .hubAndSpoke(transit: [prefix(transit)])
                $0.vpns[vpn("blue")]!.attachments[1].role = .hub
            }
        }
        #expect(try found("10.0.0.0/8").isEmpty)
        #expect(try found("10.1.1.0/24").isEmpty)
        #expect(try found("10.2.1.0/24").map(\.severity) == [.error])
        #expect(try found("10.2.1.64/26").count == 1)
    }
}
