import Federation
import FederationModel
import NetworkTypes
import Testing

@Suite("What is found of tenants that would meet")
struct SafetyTenantTests {
    @Test("a target that joins two tenants is a leak, and refused whatever the admin grants")
    func leak() throws {
        let world = try PlanWorld.inForce()
        let blue = try #require(world.snapshot.ledger.routeTarget(of: vpn("blue")))
        var copy = world
        copy.graph.vpns[vpn("red")]!.importTargets = [blue]
        let found = try copy.findings(.leak)
        #expect(found.count == 1)
        #expect(found[0].severity == .error && found[0].path == "vpns.red.importTargets")
        #expect(found[0].reason.contains("VPN red imports \(blue)") && found[0].reason.contains("exported by VPN blue"))
        #expect(try copy.plan().refusals(granting: .max).map(\.code) == [.leak])
        copy.graph.vpns[vpn("red")]!.importTargets = [target("0:\(blue.localNumber)")]
        #expect(try copy.findings(.leak).first?.reason.contains("also matches \(blue)") == true)
    }

    @Test("a raw target must not be what another VPN had a moment ago")
    func restingTarget() throws {
        var world = try PlanWorld.inForce()
        let blue = try #require(world.snapshot.ledger.routeTarget(of: vpn("blue")))
        world.graph.vpns[vpn("blue")] = nil
        try world.apply()
        let found = try world.findings(.valueQuarantined) { $0.vpns[vpn("red")]!.importTargets = [blue] }
        #expect(found.map(\.path) == ["vpns.red.importTargets"] && found.map(\.severity) == [.error])
    }

    @Test("a spoke that serves another VPN's share is reached by the other spokes, and that is said")
    func servingSpoke() throws {
        var world = try PlanWorld.inForce()
        world.graph.vpns[vpn("red")]!.policy = .hubAndSpoke(transit: [])
        world.graph.vpns[vpn("red")]!.attachments[0].role = .hub
        func findings(_ name: String) throws -> [Finding] {
            try world.findings(.spokeServes) {
                $0.vpns[vpn("blue")]!.shares = [Share(to: vpn("red"), prefixes: [prefix("10.2.1.0/24")], clouds: [cloud(name)])]
            }
        }
        let found = try findings("paris")
        #expect(found.map(\.severity) == [.warning] && found.map(\.path) == ["vpns.red.attachments"])
        #expect(try findings("lima").isEmpty, "a hub is there for all")
    }

    @Test("a VPN must not share what another one attaches too, whichever of them is touched")
    func sharedByOne() throws {
        var world = try PlanWorld.inForce()
        var green = try #require(world.graph.vpns[vpn("blue")])
        (green.vni, green.routeTarget) = (nil, nil)
        let share = [Share(to: vpn("red"), prefixes: [prefix("10.2.1.0/24")], clouds: [cloud("paris")])]
        let found = try world.findings(.shareOfOther) {
            $0.vpns[vpn("green")] = green
            $0.vpns[vpn("green")]?.shares = share
        }
        #expect(found.map(\.severity) == [.error] && found.map(\.path) == ["vpns.green.shares"])
        world.graph.vpns[vpn("blue")]!.shares = share
        try world.apply()
        #expect(try world.findings(.shareOfOther) { $0.vpns[vpn("green")] = green }.map(\.path) == ["vpns.blue.shares"])
        #expect(try world.findings(.shareOfOther) { $0.vpns[vpn("red")]!.localPreference = 200 }.isEmpty)
    }

    @Test("a router in two VPNs: attached to both, one of them does not get it; shared, only if destinations differ")
    func routers() throws {
        var world = try PlanWorld.inForce()
        let twice = try world.findings(.routerInTwoVPNs) { graph in
            graph.vpns[vpn("red")]!.attachments[1] = PlanWorld.attachment("paris", "blue-router")
        }
        #expect(twice.map(\.severity) == [.error])
        #expect(twice[0].reason.contains("paris is in VPN blue and in VPN red; its agent attaches it to VPN blue only"))

        func share(_ graph: inout FederationGraph) {
            graph.vpns[vpn("blue")]!.shares = [Share(to: vpn("red"), prefixes: [prefix("10.2.1.0/24")], clouds: [cloud("paris")])]
        }
        #expect(try world.findings(.routerSharesAddresses, share).isEmpty)
        // lima's red has what tokyo's blue has: paris's blue router learns both.
        world.subnets("lima/gw1", "red", "10.3.1.0/25")
        let found = try world.findings(.routerSharesAddresses, share)
        #expect(found.map(\.severity) == [.error])
        #expect(found[0].reason.contains("10.3.1.0/24 in tokyo") && found[0].reason.contains("10.3.1.0/25 in lima"))
    }

    @Test("a router that shares into many VPNs with the same addresses is one finding for each of them")
    func routerSharesIntoMany() throws {
        let names = (10..<40).map { "v\($0)" }
        var world = PlanWorld(vpns: ["blue"] + names)
        try world.apply()
        world.report()
        for (index, name) in names.enumerated() { world.subnets(index % 2 == 0 ? "lima/gw1" : "tokyo/gw1", name, "10.99.0.0/24") }
        world.graph.vpns[vpn("blue")]!.shares = names.map {
            Share(to: vpn($0), prefixes: [prefix("10.2.1.0/24")], clouds: [cloud("paris")])
        }
        // Of 225 pairs; each is told at the second of the two.
        let found = try world.findings(.routerSharesAddresses)
        #expect(found.map(\.path) == names.dropFirst().map { "vpns.\($0).attachments" } && found.allSatisfy { $0.severity == .error })
        #expect(found.first?.reason.hasSuffix("its destination is ambiguous") == true)
        #expect(found.last?.reason.contains("VPN v10, which has 10.99.0.0/24 in lima, and in VPN v39") == true)
        #expect(found.last?.reason.hasSuffix("; and 12 more") == true)
    }

    @Test("a router in many VPNs is one finding, however many they are")
    func routerInMany() throws {
        let names = (10..<50).map { "v\($0)" }
        var world = PlanWorld(vpns: names + ["zed"])
        for name in names { world.graph.vpns[vpn(name)]!.attachments[1] = PlanWorld.attachment("paris", "one") }
        let found = try world.findings(.routerInTwoVPNs)
        #expect(found.map(\.severity) == [.error])
        #expect(found.map(\.path) == ["vpns.v49.attachments"])
        #expect(
            found[0].reason
                == "router name=one of paris is in 40 VPNs: v10, v11, v12, v13, v14 and 35 more; its agent attaches it to VPN v10 only")

        // A change of one of them is told with all, and a change elsewhere is no reason to tell it again.
        try world.apply()
        let more = try world.findings(.routerInTwoVPNs) { $0.vpns[vpn("zed")]!.attachments[1] = PlanWorld.attachment("paris", "one") }
        #expect(more.map(\.path) == ["vpns.zed.attachments"] && more.map(\.severity) == [.error])
        #expect(more[0].reason.contains("is in 41 VPNs: "))
        #expect(try world.findings(.routerInTwoVPNs) { $0.vpns[vpn("zed")]!.localPreference = 200 }.isEmpty)
    }

    @Test("a VPN that takes another one's router is refused, however it names it; where it has it today, other changes are free")
    func takenRouter() throws {
        var world = try PlanWorld.inForce()
        // First by name, amber would get what is blue's.
        func amber(_ selector: AttachmentSelector) throws -> [Finding] {
            try world.findings(.routerInTwoVPNs) {
                $0.vpns[vpn("amber")] = VPN(attachments: [FederationModel.Attachment(cloud: cloud("paris"), selector: selector)])
            }
        }
        for selector in [
            AttachmentSelector(kind: .router, key: .name, value: "blue-router"),
            AttachmentSelector(kind: .router, key: .id, value: "id-of-blue-router"),
        ] {
            let found = try amber(selector)
            #expect(found.map(\.severity) == [.error], "\(selector)")
            #expect(found.map(\.path) == ["vpns.amber.attachments"], "\(selector)")
            #expect(found.first?.reason.contains("attaches it to VPN amber only") == true, "\(selector)")
        }
        #expect(try amber(AttachmentSelector(kind: .router, key: .id, value: "another")).isEmpty)

        world.graph.vpns[vpn("amber")] = VPN(attachments: [PlanWorld.attachment("paris", "blue-router")])
        try world.apply()
        let old = try world.findings(.routerInTwoVPNs) { $0.vpns[vpn("amber")]!.localPreference = 200 }
        #expect(old.allSatisfy { $0.severity == .warning && $0.reason.hasSuffix("; already so today") } && !old.isEmpty)
        #expect(try world.findings(.routerInTwoVPNs) { $0.vpns[vpn("amber")]!.attachments = [] }.isEmpty)
    }

    @Test("a router that a tenant puts into two VPNs by its labels keeps no admin from changing them")
    func tenantsRouter() throws {
        var world = try PlanWorld.inForce()
        for name in ["blue", "red"] { world.report("paris/gw1", name) { $0.attachments[0].routers = ["same"] } }
        let found = try world.findings(.routerInTwoVPNs) { $0.vpns[vpn("red")]!.localPreference = 200 }
        #expect(!found.isEmpty && found.allSatisfy { $0.severity == .warning })
    }
}
