import Federation
import NetworkTypes
import Testing

@Suite("What is found before a plan is applied")
struct SafetyTests {
    /// In force and reported.
    private func world(_ clouds: [String] = ["lima", "paris", "tokyo"]) throws -> PlanWorld {
        var world = PlanWorld(clouds: clouds)
        try world.apply()
        world.report()
        return world
    }

    @Test("a sound federation has no findings, and every finding names a path, a reason and a remedy")
    func sound() throws {
        #expect(try PlanWorld().plan().findings.isEmpty)
        #expect(try world().plan().findings.isEmpty)
    }

    // MARK: Tenants

    @Test("a target that joins two tenants is a leak, and refused whatever the admin grants")
    func leak() throws {
        let world = try world()
        let blue = try #require(world.snapshot.ledger.routeTarget(of: vpn("blue")))
        var copy = world
        copy.graph.vpns[vpn("red")]!.importTargets = [blue]
        let found = try copy.findings(.leak)
        #expect(found.count == 1)
        #expect(found[0].severity == .error && found[0].path == "vpns.red.importTargets")
        #expect(found[0].reason.contains("VPN red imports \(blue)") && found[0].reason.contains("VPN blue exports it"))
        #expect(try copy.plan().refusals(granting: .max).map(\.code) == [.leak])
        copy.graph.vpns[vpn("red")]!.importTargets = [target("0:\(blue.localNumber)")]
        #expect(try copy.findings(.leak).first?.reason.contains("takes \(blue) too") == true)
    }

    @Test("a spoke that serves another VPN's share is reached by the other spokes, and that is said")
    func servingSpoke() throws {
        var world = try world()
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

    @Test("a raw target must not be what another VPN had a moment ago")
    func restingTarget() throws {
        var world = try world()
        let blue = try #require(world.snapshot.ledger.routeTarget(of: vpn("blue")))
        world.graph.vpns[vpn("blue")] = nil
        try world.apply()
        let found = try world.findings(.valueQuarantined) { $0.vpns[vpn("red")]!.importTargets = [blue] }
        #expect(found.map(\.path) == ["vpns.red.importTargets"] && found.map(\.severity) == [.error])
    }

    @Test("two VPNs that share into a third reach each other through it: refused, but where one cloud has both")
    func sharers() throws {
        var world = try world()
        var green = try #require(world.graph.vpns[vpn("blue")])
        for index in green.attachments.indices { green.attachments[index].selector.value = "green-router" }
        func shares(_ one: String, _ other: String) throws -> [Finding] {
            var copy = world
            copy.graph.vpns[vpn("blue")]!.shares = [Share(to: vpn("red"), prefixes: [prefix("10.2.1.0/24")], clouds: [cloud(one)])]
            var shares = green
            shares.vni = nil
            shares.routeTarget = nil
            shares.shares = [Share(to: vpn("red"), prefixes: [prefix("10.9.1.0/24")], clouds: [cloud(other)])]
            copy.graph.vpns[vpn("green")] = shares
            return try copy.findings(.sharersMeet)
        }
        let found = try shares("paris", "tokyo")
        #expect(found.map(\.severity) == [.error] && found.map(\.path) == ["vpns.green.shares"])
        #expect(found[0].reason.contains("VPNs blue and green both share into VPN red"))
        #expect(try shares("paris", "paris").isEmpty)
        world.graph.vpns[vpn("blue")]!.shares = [Share(to: vpn("red"), prefixes: [prefix("10.2.1.0/24")])]
        #expect(try world.findings(.sharersMeet).isEmpty, "clouds of one VPN reach each other anyway")
    }

    @Test("a VPN must not share what another one attaches too, whichever of them is touched")
    func sharedByOne() throws {
        var world = try world()
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

    @Test("clouds that meet in a VPN must not have overlapping networks, or a cloud that learns both")
    func overlap() throws {
        var world = try world()
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
        #expect(new[0].reason == "tokyo and paris have 10.2.0.0/16 and 10.2.1.0/24, and paris cannot tell them apart")
    }

    @Test("spokes overlap at the hub that learns both; without a hub nobody is troubled")
    func overlapAtHub() throws {
        var world = try world()
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
        #expect(try star(true).map(\.reason) == ["paris and tokyo both have 10.2.1.0/24, and lima cannot tell them apart; it is so today"])
        #expect(try star(false).isEmpty)
    }

    @Test("anycast, allowOverlap and filters that keep one of them in are heeded")
    func allowedOverlap() throws {
        var world = try world()
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

    @Test("a router in two VPNs: attached to both, one of them does not get it; shared, only if destinations differ")
    func routers() throws {
        var world = try world()
        let twice = try world.findings(.routerInTwoVPNs) { graph in
            graph.vpns[vpn("red")]!.attachments[1] = PlanWorld.attachment("paris", "blue-router")
        }
        #expect(twice.map(\.severity) == [.warning])
        #expect(twice[0].reason.contains("paris is in VPN blue and in VPN red"))

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

    @Test("a router in many VPNs is one finding, however many they are")
    func routerInMany() throws {
        let names = (10..<50).map { "v\($0)" }
        var world = PlanWorld(vpns: names + ["zed"])
        for name in names { world.graph.vpns[vpn(name)]!.attachments[1] = PlanWorld.attachment("paris", "one") }
        let found = try world.findings(.routerInTwoVPNs)
        #expect(found.map(\.severity) == [.warning])
        #expect(found.map(\.path) == ["vpns.v49.attachments"])
        #expect(
            found[0].reason
                == "router name=one of paris is in 40 VPNs: v10, v11, v12, v13, v14 and 35 more; its agent lets it into one")

        // A change of one of them is told with all, and a change elsewhere is no reason to tell it again.
        try world.apply()
        let more = try world.findings(.routerInTwoVPNs) { $0.vpns[vpn("zed")]!.attachments[1] = PlanWorld.attachment("paris", "one") }
        #expect(more.map(\.path) == ["vpns.zed.attachments"])
        #expect(more[0].reason.contains("is in 41 VPNs: "))
        #expect(try world.findings(.routerInTwoVPNs) { $0.vpns[vpn("zed")]!.localPreference = 200 }.isEmpty)
    }

    // MARK: Numbers

    @Test("an AS that is a route server's would drop what comes from there")
    func loop() throws {
        var world = PlanWorld()
        world.graph.clouds[cloud("paris")]!.bgp.routeServers = [RouteServer(address: IPAddress("10.255.0.254")!, asn: ASN(value: 65003)!)]
        let found = try world.findings(.asLoop)
        #expect(found.map(\.path) == ["clouds.tokyo.as"])
        #expect(found[0].severity == .error && found[0].reason.contains("65003"))
        // A gateway may be the route server of others; then its AS must be right.
        world.graph.clouds[cloud("paris")]!.bgp.routeServers[0].address = IPAddress("10.255.3.1")!
        #expect(try world.plan().findings.isEmpty)
        world.graph.clouds[cloud("paris")]!.bgp.routeServers[0].asn = ASN(value: 64999)!
        #expect(try world.findings(.routeServerASMismatch).map(\.path) == ["clouds.paris.bgp.routeServers[0].as"])
    }

    @Test("what the ledger refuses is refused here, all at once")
    func refused() throws {
        let world = try world()
        var graph = world.graph
        graph.vpns[vpn("blue")]!.vni = VNI(value: 500)
        graph.vpns[vpn("red")]!.vni = VNI(value: 500)
        graph.vpns[vpn("green")] = VPN(vni: VNI(value: 600))
        graph.reservations = [Reservation(values: .vnis(600...600), reason: "old fabric")]
        func findings(_ graph: FederationGraph, on snapshot: Snapshot) -> [Finding] {
            guard case .refused(let findings) = Planning.plan(graph, on: snapshot, at: PlanWorld.now) else { return [] }
            return findings
        }
        let found = findings(graph, on: world.snapshot)
        #expect(found.map(\.code) == [.valueReserved, .valueTaken] || found.map(\.code) == [.valueTaken, .valueReserved])
        #expect(found.allSatisfy { $0.severity == .error && !$0.remedy.isEmpty } && found == found.sorted())
        // Released a moment ago.
        var later = world
        let vni = try #require(world.snapshot.ledger.vni(of: vpn("red")))
        later.graph.vpns[vpn("red")] = nil
        try later.apply()
        later.graph.vpns[vpn("green")] = VPN(vni: vni)
        #expect(findings(later.graph, on: later.snapshot).map(\.code) == [.valueQuarantined])
        later.graph.vpns[vpn("green")] = nil
        later.graph.clouds[cloud("paris")]!.gateways[NodeName("gw1")!]!.vtep = IPAddress("fd00::1")
        #expect(findings(later.graph, on: later.snapshot).map(\.code) == [.notCompilable])
    }

    @Test("numbers that are used twice are found in what was compiled, whatever the ledger says")
    func twice() throws {
        let intents = try #require(world().snapshot.compilation?.intents)
        #expect(Uniqueness.ofGateways(intents).isEmpty)
        func codes(_ change: (inout BaseIntent, BaseIntent) -> Void) throws -> [FindingCode] {
            var copy = intents
            change(&copy[gateway("tokyo/gw1")]!.base, intents[gateway("paris/gw1")]!.base)
            return Uniqueness.ofGateways(copy).map(\.code)
        }
        #expect(try codes { $0.vtep = $1.vtep } == [.vtepUsedTwice])
        #expect(try codes { $0.routerMAC = $1.routerMAC } == [.routerMACUsedTwice])
        #expect(try codes { $0.probeAddress = $1.probeAddress } == [.probeAddressUsedTwice])
        #expect(try codes { $0.asn = $1.asn } == [.asUsedTwice])

        let blue = intents.values.compactMap { $0.vpns[vpn("blue")] }, red = try #require(intents[gateway("paris/gw1")]?.vpns[vpn("red")])
        #expect(Uniqueness.ofVPNs([blue], among: [red]).isEmpty)
        var other = red
        other.vni = blue[0].vni
        #expect(Uniqueness.ofVPNs([blue], among: [other]).map(\.code) == [.vniUsedTwice])
        #expect(Uniqueness.ofVPNs([blue, [other]], among: []).map(\.code) == [.vniUsedTwice])
        other = red
        other.routeDistinguisher = blue[0].routeDistinguisher
        #expect(Uniqueness.ofVPNs([blue], among: [other]).map(\.code) == [.rdUsedTwice])
        #expect(
            Uniqueness.ofVPNs([blue + blue.prefix(1)], among: []).map(\.reason) == [
                "two gateways have RD \(blue[0].routeDistinguisher) for VPN blue"
            ])
    }

    @Test("ASes that are equal modulo 65536 are told once, when one of them comes")
    func modulo() throws {
        var world = PlanWorld()
        world.graph.clouds[cloud("tokyo")]!.asn = ASN(value: 65536 + 65001)
        let found = try world.findings(.asEqualModulo65536)
        #expect(found.map(\.severity) == [.warning])
        #expect(found[0].reason.contains("lima (AS 65001)") && found[0].reason.contains("tokyo (AS 130537)"))
        try world.apply()
        #expect(try world.findings(.asEqualModulo65536) { $0.vpns[vpn("blue")]!.localPreference = 7 }.isEmpty)
    }

    @Test("a VNI that does not fit a target of the four-byte form", arguments: ["4200000001:4464", "192.0.2.1:9"])
    func narrow(_ text: String) throws {
        var world = PlanWorld()
        world.graph.vpns[vpn("blue")]!.vni = VNI(value: 70000)
        #expect(try world.findings(.vniExceedsTarget).isEmpty)
        world.graph.vpns[vpn("blue")]!.importTargets = [target(text)]
        let found = try world.findings(.vniExceedsTarget)
        #expect(found.map(\.path) == ["vpns.blue.importTargets"])
        #expect(found[0].reason.contains("VNI 4464 makes the same") == text.hasSuffix("4464"))
        world.graph.vpns[vpn("blue")]!.vni = VNI(value: 4464)
        #expect(try world.findings(.vniExceedsTarget).isEmpty)
    }

    @Test("a pool that runs out is told while there is something left, when a plan takes from it")
    func pool() throws {
        var world = PlanWorld()
        world.graph.pools.vnis = 10_000...10_010
        for index in 0..<8 { world.graph.vpns[vpn("v\(index)")] = VPN() }
        let found = try world.findings(.poolLow)
        #expect(found.map(\.path) == ["pools.vni"])
        #expect(found[0].reason == "1 of 11 VNIs are free" && found[0].severity == .warning)
        try world.apply()
        #expect(try world.findings(.poolLow) { $0.vpns[vpn("blue")]!.localPreference = 7 }.isEmpty)
        // In quarantine is not free.
        var later = world
        later.graph.vpns[vpn("v0")] = nil
        try later.apply()
        #expect(try later.findings(.poolLow) { $0.vpns[vpn("w")] = VPN() }.first?.reason == "0 of 11 VNIs are free")
        guard
            case .refused(let findings) = Planning.plan(
                {
                    var graph = later.graph; graph.vpns[vpn("w")] = VPN(); graph.vpns[vpn("x")] = VPN(); return graph
                }(), on: later.snapshot, at: PlanWorld.now)
        else {
            Issue.record("planned")
            return
        }
        #expect(findings.map(\.code) == [.poolExhausted])
    }

    @Test("a VNI that changes takes several steps")
    func vni() throws {
        let world = try world()
        let found = try world.findings(.vniChange) { $0.vpns[vpn("blue")]!.vni = VNI(value: 20_000) }
        #expect(found.map(\.severity) == [.warning])
        #expect(found[0].reason.contains("→ 20000"))
        #expect(try world.findings(.vniChange) { $0.vpns[vpn("green")] = VPN(vni: VNI(value: 20_000)) }.isEmpty)
    }

    // MARK: What agents know

    @Test("attachments that find nothing, or two things")
    func attachments() throws {
        var world = try world()
        world.report("paris/gw1", "blue") { $0.attachments[0].routers = [] }
        world.report("tokyo/gw1", "blue") { $0.attachments[0].routers = ["a", "b"] }
        let edit: (inout FederationGraph) -> Void = { $0.vpns[vpn("blue")]!.localPreference = 7 }
        #expect(try world.findings(.attachmentNotFound, edit).map(\.path) == ["vpns.blue.attachments[1]"])
        #expect(try world.findings(.attachmentAmbiguous, edit).map(\.path) == ["vpns.blue.attachments[2]"])
        #expect(try world.plan().findings.isEmpty)
        // What an agent says by itself.
        world.report("paris/gw1", "blue") {
            $0.problems = [
                Problem(code: "attachment-ambiguous", message: "router name=blue-router means 2 things in this cloud: a, b", remedy: "id")
            ]
        }
        let found = try world.findings(.attachmentAmbiguous, edit)
        #expect(found.map(\.path) == ["vpns.blue.attachments[1]", "vpns.blue.attachments[2]"])
        #expect(found[0].reason.contains("means 2 things"))
        // Nobody has looked for a new one yet, unless another VPN has it.
        let new: (inout FederationGraph) -> Void = {
            $0.vpns[vpn("green")] = VPN(attachments: [PlanWorld.attachment("paris", "new"), PlanWorld.attachment("paris", "blue-router")])
        }
        #expect(try world.findings(.attachmentNotFound, new).map(\.path) == ["vpns.green.attachments[1]"])
        // A label may mean many.
        let label = AttachmentSelector(kind: .router, key: .label, value: "ovn-federation=blue")
        world.graph.vpns[vpn("blue")]!.attachments[2].selector = label
        world.report("tokyo/gw1", "blue") { $0.attachments[0].selector = label }
        #expect(try !world.findings(.attachmentAmbiguous).contains { $0.path.hasSuffix("[2]") })
    }

    @Test("maxima that are lower than what is there")
    func maximum() throws {
        let world = try world()
        let vpns = try world.findings(.maximumPrefixesExceeded) { $0.vpns[vpn("blue")]!.maximumPrefixes = 1 }
        #expect(Set(vpns.map(\.path)) == ["vpns.blue.maximumPrefixes"] && vpns.count == 3)
        let clouds = try world.findings(.maximumPrefixesExceeded) { $0.clouds[cloud("paris")]!.limits.prefixes = 3 }
        #expect(clouds.map(\.path) == ["clouds.paris.limits.prefixes"])
        #expect(clouds[0].reason.contains("has 4 prefixes in all"))
        #expect(try world.findings(.maximumPrefixesExceeded) { $0.clouds[cloud("paris")]!.limits.prefixes = 4 }.isEmpty)
        // It takes nothing away.
        var copy = world
        copy.graph.vpns[vpn("blue")]!.maximumPrefixes = 1
        #expect(try copy.plan().withdrawals == 0)
    }

    @Test("shares of what nobody has")
    func shares() throws {
        let world = try world()
        func found(_ list: String, _ clouds: [String]) throws -> [Finding] {
            try world.findings(.sharedPrefixNotAttached) {
                $0.vpns[vpn("blue")]!.attachments.removeAll { $0.cloud == cloud("lima") }
                $0.vpns[vpn("blue")]!.shares = [Share(to: vpn("red"), prefixes: [prefix(list)], clouds: clouds.map(cloud))]
            }
        }
        #expect(try found("10.2.1.0/25", ["paris"]).isEmpty)
        #expect(try found("10.2.1.0/25", []).isEmpty)
        #expect(try found("10.9.0.0/24", []).map(\.severity) == [.warning])
        #expect(try found("10.2.1.0/25", ["tokyo"]).map(\.path) == ["vpns.blue.shares[0].prefixes"])
        let lima = try found("10.2.1.0/25", ["lima", "paris"])
        #expect(lima.map(\.path) == ["vpns.blue.shares[0].clouds"] && lima[0].severity == .error)
    }

    @Test("a share of all clouds is no overlap of its prefix with itself")
    func shareOfAll() throws {
        let world = try world()
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
        let world = try world()
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

    // MARK: Shape

    @Test("much that goes at once wants its number")
    func mass() throws {
        var world = PlanWorld(vpns: ["blue", "red", "green"])
        try world.apply()
        world.report(hosts: 5)
        var copy = world
        copy.graph.vpns[vpn("blue")] = nil
        // 6 of 18 reachabilities: a third, but few; 15 of 45 prefixes are both.
        let plan = try copy.plan()
        #expect(plan.lost.count == 6 && plan.withdrawals == 15 && plan.removals == 15)
        let found = plan.findings.filter { $0.code == .massWithdrawal }
        #expect(found.map(\.severity) == [.error])
        #expect(found[0].remedy.contains("--yes-remove 15"))
        #expect(plan.refusals().count == 1 && plan.refusals(granting: 14).count == 1 && plan.refusals(granting: 15).isEmpty)
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
        #expect(try world.plan().findings.contains { $0.code == .massWithdrawal && $0.reason.contains("18 reachabilities") })
    }

    @Test("an underlay that makes tenants' packets too large")
    func mtu() throws {
        var world = PlanWorld()
        world.graph.clouds[cloud("paris")]!.underlayMTU = 1500
        let found = try world.findings(.tenantMTU)
        #expect(found.map(\.path) == ["clouds.paris.underlayMTU"])
        #expect(found[0].reason.contains("more than 1450 bytes") && found[0].remedy.contains("--mtu 1450"))
        for name in ["lima", "paris", "tokyo"] { world.graph.clouds[cloud(name)]!.underlayMTU = nil }
        let silent = try world.findings(.tenantMTU)
        #expect(silent.map(\.path) == ["clouds"] && silent[0].reason.hasPrefix("lima, paris, tokyo say no underlayMTU"))
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
