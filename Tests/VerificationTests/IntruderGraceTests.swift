import FederationModel
import NetworkTypes
import Testing
import Verification

@Suite("What only looks like an intruder is none")
struct IntruderGraceTests {
    private let added = prefix("10.1.0.77/32")

    @Test("a prefix that was just withdrawn may still be at the viewer, and 15 s later it may not")
    func withdrawn() {
        var world = World()
        world.advertise("10.1.0.77/32", by: "paris/gw1", to: ["tokyo/gw1"])
        let before = world.observations[gateway("paris/gw1")]!.report.vpns[vpn("blue")]!
        world.blue("paris/gw1") {
            $0.expected.removeLast()
            $0.advertised.removeLast()
        }
        let after = world.observations[gateway("paris/gw1")]!.report.vpns[vpn("blue")]!
        for (age, state) in [(0, VerdictState.ok), (14_999, .ok), (15_000, .failed)] as [(Int64, VerdictState)] {
            var moments = ReportMoments()
            moments.tell(before, after: nil, at: World.now - 60_000)
            moments.tell(after, after: before, at: World.now - age)
            world.observations[gateway("paris/gw1")]!.moments = moments
            #expect(world.verdict("blue", "paris", "tokyo")?.state == state)
        }
    }

    @Test("a prefix may be seen where it arrives before it is where it comes from; other changes make it no younger")
    func arrived() {
        var world = World()
        let former = world.observations[gateway("tokyo/gw1")]!.report.received
        world.advertise("10.1.0.77/32", by: "paris/gw1", to: ["tokyo/gw1"])
        world.blue("paris/gw1") {
            $0.expected.removeLast()
            $0.advertised.removeLast()
        }
        var routes = world.observations[gateway("tokyo/gw1")]!.report.received
        for (age, state) in [(0, VerdictState.ok), (14_999, .ok), (15_000, .failed)] as [(Int64, VerdictState)] {
            var moments = ReportMoments()
            moments.tell(received: former, after: [], at: World.now - 60_000)
            moments.tell(received: routes, after: former, at: World.now - age)
            // The same route with another attribute, and one more of somebody else.
            let earlier = routes
            routes[routes.count - 1].routeTargets.append(target("64900:\(500 + age)"))
            moments.tell(received: routes, after: earlier, at: World.now)
            world.observations[gateway("tokyo/gw1")]!.moments = moments
            #expect(world.verdict("blue", "paris", "tokyo")?.state == state)
        }
    }

    @Test("a cloud that was just detached may still be heard, and 15 s later it may not", arguments: [false, true])
    func detached(isBase: Bool) {
        var world = World(clouds: ["lima", "paris", "tokyo"])
        world.intend("lima/gw1") {
            // Another AS changes all, too.
            if isBase { $0.base.asn = ASN("65001")! } else { $0.vpns[vpn("blue")] = nil }
        }
        func verdicts(_ age: Int64) -> [PairVerdict] {
            verify(
                intents: world.intents, rollout: Rollout(of: world.intents, world.records), observations: world.observations,
                changedAt: [vpn("blue"): World.now - age, vpn("red"): World.now - age],
                now: World.now
            ).filter { $0.cause?.catalogued == .intruder }
        }
        #expect(verdicts(14_999).isEmpty)
        #expect(!verdicts(15_000).isEmpty)
    }

    @Test("a member that has not applied what it was told is that, and no intruder")
    func unapplied() {
        var world = World()
        world.intend("paris/gw1") {
            $0.vpns[vpn("blue")]!.routeDistinguisher = RouteDistinguisher("10.255.1.1:99")!
            $0.vpns[vpn("blue")]!.version = "blue-2"
        }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .notAcknowledged)
        world.acknowledge("paris/gw1", .vpn(vpn("blue")), ResourceRecord(applied: "blue-2"))
        #expect(world.verdict("blue", "paris", "tokyo")?.intruders.first?.reason == .unknownDistinguisher)
    }

    @Test("routes of a gateway that is silent make its pair unknown, not failed; what another gateway of its cloud has is the cloud’s")
    func silent() {
        var world = World(gateways: 2)
        world.observations[gateway("paris/gw2")] = nil
        var twin = Intrusion.all[0]
        twin.distinguisher = RouteDistinguisher("10.255.1.2:1")!
        twin.nextHop = IPAddress("10.255.1.2")!
        twin.originAS = 4_200_000_001
        twin.prefix = prefix("10.1.0.11/32")
        world.intrude(twin, at: ["tokyo/gw1"])
        // Nothing is wrong; but that way, to which tokyo sends too, no probe goes.
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .programmed)
        twin.prefix = added
        world.intrude(twin, at: ["tokyo/gw1"])
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .unknown)
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .agentNeverReported)
    }

    @Test("another fabric’s routes are welcome where the VPN names its VTEP, and a raw target alone lets nobody in")
    func brownfield() {
        var world = World()
        world.vpns[vpn("blue")] = VPN(importTargets: [target("65010:7")])
        for id in ["paris/gw1", "tokyo/gw1"] {
            world.intend(id) { $0.vpns[vpn("blue")]!.importTargets.append(target("65010:7")) }
            world.blue(id) { $0.effective!.importTargets.append(target("65010:7")) }
        }
        var shop = Intrusion.all[12]
        shop.prefix = prefix("10.90.0.11/32")
        world.intrude(shop, at: ["paris/gw1", "tokyo/gw1"])
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .intruder)
        let asn = ASN(value: shop.originAS)!
        guard case .v4(let vtep) = shop.nextHop else { return }
        world.vpns[vpn("blue")]?.externalOrigins = [RouteOrigin(vtep: vtep, asn: ASN(value: asn.value + 1)!)]
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .intruder, "of another AS than the file says")
        world.vpns[vpn("blue")]?.externalOrigins = [RouteOrigin(vtep: vtep, asn: asn)]
        #expect(world.verdicts().allSatisfy { $0.state == .ok })
        // By iBGP nothing stands in the path.
        world.report("tokyo/gw1") { report in
            for index in report.received.indices where report.received[index].prefix == shop.prefix { report.received[index].asPath = [] }
        }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .intruder, "of tokyo's AS, and the file names another one")
        world.vpns[vpn("blue")]?.externalOrigins = [RouteOrigin(vtep: vtep, asn: world.intents[gateway("tokyo/gw1")]!.base.asn)]
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .ok)
        world.intrude(shop, in: "red", at: ["tokyo/gw1"])
        #expect(world.verdict("red", "paris", "tokyo")?.cause?.catalogued == .intruder)
        shop.nextHop = IPAddress("10.255.1.1")!
        world.intrude(shop, at: ["tokyo/gw1"])
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .intruder)
    }
}
