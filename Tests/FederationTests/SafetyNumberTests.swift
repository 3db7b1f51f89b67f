import Federation
import FederationModel
import NetworkTypes
import Testing

@Suite("What is found of numbers")
struct SafetyNumberTests {
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
        let world = try PlanWorld.inForce()
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
        let intents = try #require(PlanWorld.inForce().snapshot.compilation?.intents)
        #expect(Uniqueness.ofGateways(intents).isEmpty)
        func codes(_ change: (inout BaseIntent, BaseIntent) -> Void) throws -> [FindingCode] {
            var copy = intents
            change(&copy[gateway("tokyo/gw1")]!.base, intents[gateway("paris/gw1")]!.base)
            return Uniqueness.ofGateways(copy).map(\.code)
        }
        #expect(try codes { $0.vtep = $1.vtep } == [.vtepUsedTwice])
        #expect(try codes { $0.routerMAC = $1.routerMAC } == [.routerMACUsedTwice])
        #expect(try codes { $0.probeAddress = $1.probeAddress } == [.probeAddressUsedTwice])
        // Paris' sessions, which were compiled before, are eBGP.
        #expect(try codes { $0.asn = $1.asn } == [.asUsedTwice])

        let blue = intents.values.compactMap { $0.vpns[vpn("blue")] }, red = try #require(intents[gateway("paris/gw1")]?.vpns[vpn("red")])
        #expect(Uniqueness.ofVPNs([blue], among: [red]).isEmpty)
        var other = red
        other.encapsulation = blue[0].encapsulation
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
        #expect(found[0].reason.contains("as for VNI 4464") == text.hasSuffix("4464"))
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
        #expect(found[0].reason == "only 1 of 11 VNIs are free" && found[0].severity == .warning)
        let change = try world.planned()
        #expect(change.ledger.check(world.graph).map(\.reason) == found.map(\.reason), "“alloc check” has the same rule")
        try world.apply()
        #expect(try world.findings(.poolLow) { $0.vpns[vpn("blue")]!.localPreference = 7 }.isEmpty)
        // In quarantine is not free.
        var later = world
        later.graph.vpns[vpn("v0")] = nil
        try later.apply()
        #expect(try later.findings(.poolLow) { $0.vpns[vpn("w")] = VPN() }.first?.reason == "only 0 of 11 VNIs are free")
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
        let world = try PlanWorld.inForce()
        let found = try world.findings(.vniChange) { $0.vpns[vpn("blue")]!.vni = VNI(value: 20_000) }
        #expect(found.map(\.severity) == [.warning])
        #expect(found[0].reason.contains("→ 20000"))
        var pinned = world
        pinned.graph.vpns[vpn("blue")]!.routeTarget = RouteTarget("64900:4711")
        try pinned.apply()
        let shared = try pinned.findings(.vniChange) { $0.vpns[vpn("blue")]!.vni = VNI(value: 20_000) }
        #expect(shared.count == 1 && shared[0].reason.contains("64900:4711"))
        let both = try pinned.findings(.vniChange) {
            $0.vpns[vpn("blue")]!.vni = VNI(value: 20_000)
            $0.vpns[vpn("blue")]!.routeTarget = RouteTarget("64900:4712")
        }
        #expect(both.count == 1 && !both[0].reason.contains("lost"))
        #expect(try world.findings(.vniChange) { $0.vpns[vpn("green")] = VPN(vni: VNI(value: 20_000)) }.isEmpty)
    }
}
