import FederationModel
import NetworkTypes
import Testing
import TypedCommands
import Verification

@Suite("What nobody may have sent is found in every VRF")
struct IntruderTests {
    /// oslo is in red only.
    private var world: World {
        var world = World(clouds: ["lima", "paris", "tokyo", "oslo"], routeServer: true)
        world.withdraw(from: "oslo/gw1")
        world.intend("oslo/gw1") { $0.vpns[vpn("blue")] = nil }
        world.report("oslo/gw1") { $0.vpns[vpn("blue")] = nil }
        return world
    }

    @Test("honest clouds have no intruder") func honest() {
        #expect(world.verdicts().allSatisfy { $0.state == .ok && $0.intruders.isEmpty })
    }

    @Test("it fails the viewer’s pair with the cloud that it comes from, with VTEP, AS and a remedy", arguments: Intrusion.all)
    func found(_ intrusion: Intrusion) throws {
        var world = world
        world.intrude(intrusion, at: ["tokyo/gw1"])
        let verdict = try #require(world.verdict("blue", intrusion.origin, "tokyo"))
        #expect(verdict.state == .failed)
        let cause = try #require(verdict.cause)
        #expect(cause.catalogued == .intruder && cause.step == .imported)
        #expect(cause.sentence.contains("VTEP \(intrusion.nextHop)") && cause.sentence.contains("AS \(intrusion.originAS)"))
        #expect(cause.sentence.contains("the kernel forwards to it"))
        #expect(cause.evidence.contains { $0.contains("RD \(intrusion.distinguisher)") && $0.contains(intrusion.reason.rawValue) })
        #expect(cause.remedy.contains("spine (10.255.0.254)") && cause.remedy.contains("fedctl export --route-server frr"))
        #expect(TypedCommand.stray(in: cause.remedy) == nil && !TypedCommand.all(in: cause.remedy).isEmpty, "\(cause.remedy)")
        let intruder = try #require(verdict.intruders.first)
        #expect(verdict.intruders.count == 1)
        #expect(intruder.gateway == gateway("tokyo/gw1") && intruder.prefix == intrusion.prefix && intruder.nextHop == intrusion.nextHop)
        #expect(intruder.originAS == intrusion.originAS && intruder.reason == intrusion.reason && intruder.isInstalled)
        // Nobody else’s VRF has it, and the other tenant’s has not.
        for verdict in world.verdicts() where verdict.viewer.text != "tokyo" || verdict.vpn.text != "blue" { #expect(verdict.state == .ok) }
    }

    @Test("what the node’s filter keeps out of the kernel is found all the same, and the sentence says so", arguments: Intrusion.all)
    func held(_ intrusion: Intrusion) throws {
        var world = world
        var intrusion = intrusion
        intrusion.isInstalled = false
        world.intrude(intrusion, at: ["tokyo/gw1"])
        let cause = try #require(world.verdict("blue", intrusion.origin, "tokyo")?.cause)
        #expect(cause.catalogued == .intruder)
        // The true route of the same prefix and next hop may be in the kernel.
        let isThere = intrusion.nextHop == IPAddress("10.255.2.1")! && intrusion.prefix == prefix("10.2.0.11/32")
        #expect(cause.sentence.contains(isThere ? "the kernel forwards to it" : "it is not in the kernel"))
    }

    @Test("each viewer that has it has a verdict of its own")
    func perViewer() {
        var world = world
        world.intrude(Intrusion.all[0], at: ["lima/gw1", "tokyo/gw1"])
        #expect(world.pairs("blue").filter { $0.hasPrefix("oslo") } == ["oslo → lima", "oslo → tokyo"])
    }

    @Test("a hijacked machine fails the pair with its own cloud, too, and the covering default route does not")
    func victim() {
        var world = world
        world.intrude(Intrusion.all[1], at: ["tokyo/gw1"])
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .intruder)
        #expect(world.verdict("blue", "lima", "tokyo")?.state == .ok)
        var other = self.world
        other.intrude(Intrusion.all[4], at: ["tokyo/gw1"])
        #expect(other.verdict("blue", "paris", "tokyo")?.state == .ok)
    }

    @Test("a VTEP of nobody fails every pair of the viewer; a viewer that is alone in the VPN fails with itself")
    func unknownVTEP() {
        var world = world
        world.intrude(Intrusion.all[12], at: ["tokyo/gw1"])
        #expect(world.verdicts().filter { $0.state == .failed }.map { "\($0.origin) → \($0.viewer)" } == ["lima → tokyo", "paris → tokyo"])
        var alone = World(clouds: ["tokyo"])
        #expect(alone.verdicts().isEmpty)
        alone.intrude(Intrusion.all[12], at: ["tokyo/gw1"])
        #expect(alone.pairs("blue") == ["tokyo → tokyo"])
        #expect(alone.verdict("blue", "tokyo", "tokyo")?.cause?.catalogued == .intruder)
    }

    @Test("the intruder fails a VPN that one cloud alone has")
    func loneMember() {
        var world = World()
        world.withdraw(from: "tokyo/gw1")
        world.withdraw(from: "paris/gw1")
        world.intend("paris/gw1") { $0.vpns[vpn("blue")] = nil }
        var intrusion = Intrusion.all[0]
        intrusion.nextHop = IPAddress("10.255.1.1")!
        world.intrude(intrusion, at: ["tokyo/gw1"])
        #expect(world.pairs("blue") == ["paris → tokyo"])
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .intruder)
    }

    @Test("in the VRF of a VNI that comes or goes it is found as in the other one")
    func secondary() {
        var world = world
        world.intend("tokyo/gw1") {
            $0.vpns[vpn("blue")]!.secondary = Binding(
                encapsulation: .vxlan(VNI("777")!), routeDistinguisher: RouteDistinguisher("10.255.3.1:9")!,
                importTargets: [target("64900:777")],
                exportTargets: [target("64900:777")])
        }
        world.report("tokyo/gw1") {
            $0.received.append(
                ReceivedRoute(
                    prefix: prefix("10.99.0.0/24"), routeDistinguisher: RouteDistinguisher("10.66.66.66:66")!,
                    nextHop: IPAddress("10.255.4.1")!, routeTargets: [target("64900:777")], routerMAC: nil, asPath: [4_200_000_004],
                    isValid: true, isBest: true))
        }
        #expect(world.verdict("blue", "oslo", "tokyo")?.cause?.catalogued == .intruder)
    }

    @Test("what bgpd of a member advertises and OVN does not have is found")
    func unexpected() {
        var world = world
        world.advertise("10.97.0.0/24", by: "paris/gw1", to: ["tokyo/gw1"])
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .ok)
        world.blue("paris/gw1") { $0.expected.removeLast() }
        #expect(world.verdict("blue", "paris", "tokyo")?.intruders.first?.reason == .unexpected)
    }

    @Test("what is in a VRF and was received from nobody is found")
    func byHand() {
        for (nextHop, origin) in [("192.0.2.66", "paris"), ("10.255.4.1", "oslo"), ("10.255.2.1", "paris")] {
            var world = world
            world.blue("tokyo/gw1") {
                $0.imported.append(ImportedRoute(prefix: prefix("10.99.0.0/24"), nextHop: IPAddress(nextHop)!, isBest: true))
            }
            #expect(world.verdict("blue", origin, "tokyo")?.cause?.catalogued == .intruder)
        }
    }
}
