import FederationModel
import NetworkTypes
import Testing
import Verification

@Suite("No tenant reaches another")
struct IsolationTests {
    /// Somebody added red's import target to tokyo's blue VRF, which gets paris's red routes as well; their prefixes are
    /// the same as blue's.
    private func leaking() -> World {
        var world = World()
        world.blue("tokyo/gw1") {
            $0.effective!.importTargets.append(target("64900:2"))
            $0.imported += $0.imported
        }
        return world
    }

    @Test("overlapping addresses of two tenants are no leak")
    func overlap() { #expect(World().verdicts().allSatisfy { $0.state == .ok }) }

    @Test("a second copy of a prefix in the VRF is the other tenant’s route")
    func secondCopy() throws {
        let verdict = try #require(leaking().verdict("blue", "paris", "tokyo"))
        #expect(verdict.state == .failed)
        let cause = try #require(verdict.cause)
        #expect(cause.catalogued == .foreignRouteImported)
        #expect(cause.sentence.contains("VPN red") && cause.sentence.contains("VPN blue"))
        #expect(cause.evidence.contains { $0.contains("RD 10.255.1.1:2 is VPN red’s at paris/gw1") })
        #expect(leaking().verdict("red", "paris", "tokyo")?.state == .ok)
        #expect(leaking().verdict("blue", "tokyo", "paris")?.state == .ok)
    }

    @Test("a prefix that only the other tenant has is a leak")
    func foreignPrefix() {
        var world = World()
        let stranger = prefix("10.1.0.99/32")
        world.report("tokyo/gw1") {
            $0.received.append(
                ReceivedRoute(
                    prefix: stranger, routeDistinguisher: RouteDistinguisher("10.255.1.1:2")!, nextHop: IPAddress("10.255.1.1")!,
                    routeTargets: [target("64900:2")], routerMAC: nil, asPath: [4_200_000_001], isValid: true, isBest: true))
        }
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .ok)
        world.blue("tokyo/gw1") {
            // FRR lost the explicit target and fell back to its automatic one.
            $0.effective!.importTargets = [target("59904:10001")]
            $0.imported.append(ImportedRoute(prefix: stranger, nextHop: IPAddress("10.255.1.1")!, isBest: true))
        }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .foreignRouteImported)
    }

    @Test("a leak outweighs every other failure, and silence of the origin")
    func weight() {
        var world = leaking()
        world.blue("tokyo/gw1") { $0.effective = nil }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .foreignRouteImported)
        world.observations[gateway("paris/gw1")] = nil
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .failed)
    }

    @Test("a leak from a cloud that is not in the VPN gets a verdict of its own")
    func outsider() throws {
        var world = World(clouds: ["lima", "paris", "tokyo"])
        world.intend("lima/gw1") { $0.vpns[vpn("blue")] = nil }
        // tokyo got lima's routes under red's RD only, and has them in blue.
        world.report("tokyo/gw1") { $0.received.removeAll { $0.routeDistinguisher == RouteDistinguisher("10.255.1.1:1")! } }
        #expect(world.verdict("blue", "lima", "tokyo") == nil)
        world.blue("tokyo/gw1") { $0.effective!.importTargets.append(target("64900:2")) }
        let verdict = try #require(world.verdict("blue", "lima", "tokyo"))
        #expect(verdict.state == .failed)
        #expect(verdict.cause?.catalogued == .foreignRouteImported)
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .foreignImportTarget)
    }

    @Test("parts of a report from different moments are no leak while the intended targets are in force")
    func moments() {
        var world = World()
        world.report("tokyo/gw1") { $0.received.removeAll { $0.routeDistinguisher == RouteDistinguisher("10.255.1.1:1")! } }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .notReceived)
    }

    @Test("a policy that lets one VPN into another is no leak")
    func extranet() {
        var world = leaking()
        world.intend("tokyo/gw1") { $0.vpns[vpn("blue")]!.importTargets.append(target("64900:2")) }
        world.blue("tokyo/gw1") { $0.effective!.importTargets.append(target("64900:2")) }
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .ok)
    }

    @Test("a stale report proves no leak of the present")
    func stale() {
        var world = leaking()
        world.observations[gateway("tokyo/gw1")]!.receivedAt = 0
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .unknown)
    }
}
