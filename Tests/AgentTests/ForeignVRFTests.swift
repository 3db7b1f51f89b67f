import Agent
import EVPN
import FRR
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("VRFs of the node that are not the federation’s", .timeLimit(.minutes(1)))
struct ForeignVRFTests {
    private let blue = VPNName("blue")!

    private func exchange(_ imports: [String], copies: Set<String> = []) -> VRFExchange {
        var exchange = VRFExchange()
        exchange.importTargets = Set(imports.map { RouteTarget($0)! })
        exchange.importedVRFs = copies
        return exchange
    }

    @Test("are told with what they exchange, and those of the intent’s VPNs are not among them")
    func foreign() throws {
        var world = World()
        world.run()
        world.host.routing.exchanges = [
            "fed1": exchange(["64900:10001"]), "fed9": exchange(["64900:7"]),
            "customer": exchange(["64900:10001"], copies: ["fed1", "other"]),
            "idle": VRFExchange(),
        ]
        world.look()
        let told = try #require(world.core.foreignVRFs)
        #expect(told.vrfs.map(\.name) == ["customer", "fed9"] && told.omitted == 0)
        #expect(told.vrfs[0].importTargets == [RouteTarget("64900:10001")!])
        #expect(told.vrfs[0].importedVRFs == [.vpn(blue), .foreign("other")])
        // What has a target that nobody can read is not known.
        for name in ["fed1", "idle"] { world.host.routing.exchanges?[name]?.unreadableTargets = 1 }
        world.look()
        #expect(world.core.foreignVRFs?.omitted == 2 && world.core.foreignVRFs?.vrfs == told.vrfs)
        world.tell(.routing(nil, took: 0))
        #expect(world.core.foreignVRFs == nil)
    }

    @Test("the automatic target that bgpd’s import table has is told as in force, though the VNI’s entry hides it")
    func automatic() throws {
        var world = World()
        world.run()
        let intent = try #require(world.core.keeper.intent?.vpns[blue])
        world.host.routing.exchanges = ["fed1": exchange(["0:10001"], copies: ["fed2"])]
        world.look()
        let effective = try #require(world.core.report(of: intent, RoutingTables()).effective)
        #expect(effective.importTargets == (intent.importTargets + [.any(10001)]).sorted())
        #expect(effective.importedVRFs == [.vpn(VPNName("red")!)])
    }

    @Test("more than a report may have are counted")
    func many() {
        let all = (0..<1200).map { ForeignVRF(name: "v\($0)", importTargets: [RouteTarget("65010:1")!]) }
        let told = ForeignVRFs(among: all)
        #expect(told.vrfs.count == ForeignVRFs.limit && told.omitted == 200)
    }
}
