import FederationModel
import NetworkTypes
import Testing
import Verification

@Suite("What a proof of isolation rests on", .timeLimit(.minutes(5)))
struct IsolationProofTests {
    private func world(_ vpns: [String] = ["blue", "red", "green"]) -> World {
        var world = World(clouds: ["paris", "tokyo", "lima"], vpns: vpns)
        for id in world.observations.keys { world.observations[id]!.report.base.foreignVRFs = ForeignVRFs() }
        return world
    }

    private func prove(_ world: World, of selection: Set<VPNName>? = nil) -> IsolationProof {
        let vpns = Dictionary(
            uniqueKeysWithValues: Set(world.intents.values.flatMap { Array($0.vpns.keys) }).map { ($0, world.vpns[$0] ?? VPN()) })
        return proveIsolation(intents: world.intents, vpns: vpns, observations: world.observations, of: selection, now: World.now)
    }

    @Test("where every gateway reports, all pairs are proven from the routes seen")
    func proven() {
        let proof = prove(world())
        #expect(proof.state == .proven)
        #expect(proof.pairs.all == 3 && proof.pairs.byRoutes == 3)
        #expect(proof.seenGateways == 3 && proof.gatewayCount == 3)
        #expect(proof.oldestEvidence == World.now - 1000)
        #expect(proof.vpns.map(\.name) == [vpn("blue"), vpn("green"), vpn("red")])
    }

    @Test("a gateway that does not report leaves intent only, with the time that it was last heard, and never a proof")
    func silent() throws {
        var world = world()
        world.intend("lima/gw1") { $0.vpns[vpn("red")] = nil }
        let vtep = IPAddress.v4(world.intents[gateway("lima/gw1")]!.base.vtep)
        for id in ["paris/gw1", "tokyo/gw1"] {
            world.report(id) {
                $0.received.removeAll { $0.routeDistinguisher == RouteDistinguisher("10.255.3.1:2")! }
                $0.vpns[vpn("red")]!.imported.removeAll { $0.nextHop == vtep }
            }
        }
        world.observations[gateway("lima/gw1")]!.receivedAt = World.now - 180_000
        let proof = prove(world)
        #expect(proof.state == .unknown)
        let blue = try #require(proof.vpns.first { $0.name == vpn("blue") })
        #expect(blue.state == .unknown && blue.level == .intent && blue.silentGateways == [gateway("lima/gw1")])
        // red is not there; whether a foreign VRF there imports it is not known all the same.
        #expect(proof.vpns.first { $0.name == vpn("red") }?.level == .routes)
        #expect(proof.gaps == [IsolationGap(gateway: gateway("lima/gw1"), reason: .silent, since: World.now - 180_000)])
        #expect(prove(world, of: [vpn("red")]).state == .unknown)
        #expect(proof.pairs.byIntent == 3)

        world.observations[gateway("lima/gw1")] = nil
        #expect(prove(world).gaps.map(\.reason) == [.neverReported])
    }

    @Test(
        "an agent that cannot ask bgpd, tells no foreign VRFs, or not all, or nothing of a VPN, or not all targets of a route, leaves a gap, and no VPN of the gateway proven",
        arguments: -1..<6)
    func gaps(_ number: Int) {
        var world = world()
        let reason: IsolationGap.Reason
        switch number {
        case -1:
            world.report("tokyo/gw1") { $0.received[0].routeTargets += (1..<1024).map { target("65535:\($0)") } }
            reason = .targetsCut
        case 0:
            world.report("tokyo/gw1") {
                $0.base.silentSources = [SilentSource(.routing, since: World.now - 60_000, reason: "no answer", remedy: "look")]
            }
            reason = .routingUnreadable
        case 1:
            world.report("tokyo/gw1") { $0.base.problems = [Problem(code: .frrUnreachable, message: "no answer", remedy: "look")] }
            reason = .routingUnreadable
        case 2:
            world.report("tokyo/gw1") { $0.base.foreignVRFs = nil }
            reason = .foreignVRFsNotReported
        case 3:
            world.report("tokyo/gw1") { $0.base.foreignVRFs!.omitted = 1 }
            reason = .foreignVRFsNotReported
        case 4:
            world.report("tokyo/gw1") { $0.vpns[vpn("blue")] = nil }
            reason = .vpnNotReported
        default:
            world.blue("tokyo/gw1") { ($0.effective, $0.imported, $0.installed) = (nil, [], []) }
            reason = .vpnNotReported
        }
        let proof = prove(world)
        #expect(proof.state == .unknown)
        #expect(proof.gaps.map(\.reason) == [reason])
        #expect(proof.gaps.first?.gateway == gateway("tokyo/gw1"))
        for name in number < 4 ? ["blue", "red", "green"] : ["blue"] {
            let judged = proof.vpns.first { $0.name == vpn(name) }
            #expect(judged?.state == .unknown && judged?.level == .intent && judged?.silentGateways == [gateway("tokyo/gw1")])
        }
        #expect(proof.pairs.byRoutes == (number < 4 ? 0 : 1))
    }

    @Test("a leak is certain, whatever else is not known")
    func certain() {
        var world = world()
        world.observations[gateway("lima/gw1")] = nil
        world.blue("tokyo/gw1") { $0.effective!.importTargets.append(target("64900:2")) }
        #expect(prove(world).state == .violated)
    }

    @Test("a route from nobody who may export is no other tenant’s, and no proof either")
    func unknownRoute() {
        var world = world()
        world.blue("tokyo/gw1") {
            $0.imported.append(ImportedRoute(prefix: prefix("10.9.0.0/24"), nextHop: IPAddress("192.0.2.1")!, isBest: true))
        }
        expectUnexplained(prove(world))
        // The same of a received one, which a VRF has in any case.
        world = self.world()
        world.report("tokyo/gw1") {
            $0.received.append(
                ReceivedRoute(
                    prefix: prefix("10.9.0.0/24"), routeDistinguisher: RouteDistinguisher("192.0.2.1:1")!, nextHop: IPAddress("192.0.2.1")!,
                    routeTargets: [target("64900:1")], routerMAC: nil, asPath: [65001], isValid: true, isBest: true))
        }
        expectUnexplained(prove(world))
        #expect(prove(world, of: [vpn("red")]).state == .proven)
    }

    private func expectUnexplained(_ proof: IsolationProof) {
        #expect(proof.state == .unknown && proof.witnessCount == 0)
        #expect(
            proof.gaps == [
                IsolationGap(gateway: gateway("tokyo/gw1"), reason: .unexplainedRoute, since: World.now - 1000, vpn: vpn("blue"))
            ])
        let blue = proof.vpns.first { $0.name == vpn("blue") }
        #expect(blue?.state == .unknown && blue?.level == .intent)
        #expect(proof.pairs.byIntent == 2 && proof.pairs.byRoutes == 1)
    }

    @Test("a target that a route server adds to another tenant’s route leaks, though all targets and next hops are as intended")
    func retargeted() throws {
        var world = world()
        world.report("tokyo/gw1") { report in
            let index = report.received.firstIndex { $0.routeDistinguisher == RouteDistinguisher("10.255.1.1:2")! }!
            report.received[index].routeTargets.append(target("64900:1"))
            report.vpns[vpn("blue")]!.imported.append(
                ImportedRoute(prefix: report.received[index].prefix, nextHop: report.received[index].nextHop, isBest: false))
        }
        let witness = try #require(prove(world).witnesses.first)
        #expect(witness.breach == .foreignRoute && witness.level == .routes && witness.imported == target("64900:1"))
        #expect(witness.exporter == .vpn(vpn("red")) && witness.importer == .vpn(vpn("blue")))
        #expect(witness.remedy.contains("`vtysh -c 'show bgp l2vpn evpn route rd 10.255.1.1:2'`"))
        // One that is not valid is imported nowhere.
        world.report("tokyo/gw1") { report in for index in report.received.indices { report.received[index].isValid = false } }
        #expect(prove(world).state == .proven)
    }

    @Test("the remedy of a stray import that a foreign VRF’s routes come by is at the importer")
    func strayOfForeign() throws {
        var world = world()
        world.report("paris/gw1") { $0.base.foreignVRFs = ForeignVRFs([ForeignVRF(name: "customer", exportTargets: [target("65010:77")])]) }
        world.blue("tokyo/gw1") { $0.effective!.importTargets.append(target("65010:77")) }
        let proof = prove(world)
        let witness = try #require(proof.witnesses.first)
        #expect(proof.witnessCount == 1 && witness.breach == .foreignExport)
        #expect(witness.sentence.contains("at tokyo/gw1, which is not intended"))
        #expect(witness.remedy.hasPrefix("on gw1 of tokyo: "))
    }

    @Test("a VPN that is asked for is not lost among others’ witnesses, and nothing is proven where some are left out")
    func selected() throws {
        let all = (0..<120).map { "v\($0)" }
        var world = World(clouds: ["paris"], vpns: all + ["alone"])
        for id in world.observations.keys { world.observations[id]!.report.base.foreignVRFs = ForeignVRFs() }
        for name in all {
            world.intend("paris/gw1") {
                $0.vpns[vpn(name)]!.importTargets = [target("64900:1")]
                $0.vpns[vpn(name)]!.exportTargets = [target("64900:1")]
            }
        }
        for name in all {
            let proof = prove(world, of: [vpn(name)])
            #expect(proof.state == .violated && proof.vpns.map(\.state) == [.violated])
            #expect(proof.witnessCount == 2 * 119 && proof.pairs.violated == 119)
        }
        let proof = prove(world)
        #expect(proof.witnessCount == 120 * 119)
        #expect(proof.vpns.allSatisfy { $0.state != .proven } && proof.pairs.byRoutes == 0)
        #expect(prove(world, of: [vpn("alone")]).vpns.map(\.state) == [.proven])
    }

    @Test("a second copy of a prefix is the other tenant’s route")
    func secondCopy() throws {
        var world = world()
        world.blue("tokyo/gw1") {
            $0.effective!.importTargets.append(target("64900:2"))
            $0.imported += $0.imported
        }
        let proof = prove(world)
        #expect(proof.witnessCount == 1 && proof.pairs.violated == 1 && proof.pairs.byRoutes == 2)
        let witness = try #require(proof.witnesses.first)
        #expect(witness.breach == .extraTarget && witness.level == .routes && witness.gateways == [gateway("tokyo/gw1")])
        #expect(witness.exporter == .vpn(vpn("red")) && witness.importer == .vpn(vpn("blue")))
        #expect(
            witness.route?.routeDistinguisher == RouteDistinguisher("10.255.1.1:2")
                || witness.route?.routeDistinguisher == RouteDistinguisher("10.255.3.1:2"))
    }

    @Test("one target in thousands of VPNs ends in time, and says how much is left out")
    func bounded() {
        let all = (0..<3000).map { "v\($0)" }
        var world = World(clouds: ["paris"], vpns: all)
        for name in all {
            world.intend("paris/gw1") {
                $0.vpns[vpn(name)]!.importTargets = [target("64900:1")]
                $0.vpns[vpn(name)]!.exportTargets = [target("64900:1")]
            }
        }
        let proof = prove(world)
        #expect(proof.state == .violated && proof.witnesses.count == IsolationProof.limit)
        #expect(proof.witnessCount == 3000 * 2999)
    }
}
