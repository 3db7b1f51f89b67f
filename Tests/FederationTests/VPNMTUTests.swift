import Federation
import FederationFile
import FederationModel
import NetworkTypes
import Testing

@Suite("The MTU of a VPN")
struct VPNMTUTests {
    private func read(_ mtu: String) -> (graph: FederationGraph?, errors: [String]) {
        let reading = FederationYAML.read(
            text: """
                federation: demo
                clouds: {paris: {gateways: {gw1: {vtep: 10.255.1.1}}}, tokyo: {gateways: {gw1: {vtep: 10.255.2.1}}}}
                vpns:
                  blue:
                    mtu: \(mtu)
                    attachments: [{cloud: paris, router: {name: r, project: p}}, {cloud: tokyo, router: {name: r, project: p}}]
                """, fileName: "f")
        return (reading.graph, reading.errors.map { "\($0)" })
    }

    @Test("the file gives it, and it is written as it was read")
    func file() throws {
        let graph = try #require(read("1400").graph)
        #expect(graph.vpns[vpn("blue")]?.mtu == 1400)
        let again = FederationYAML.read(text: FederationYAML.write(graph), fileName: "g")
        #expect(again.graph == graph)
        #expect(read("1280").errors == [] && read("65485").errors == [])
    }

    @Test("what no VPN can carry is refused, with what to write", arguments: ["1279", "65486", "1400 bytes"])
    func range(text: String) throws {
        let errors = read(text).errors
        #expect(errors.count == 1 && errors[0].contains("vpns.blue.mtu") && errors[0].contains(text), "\(errors)")
        #expect(errors.first?.contains("omit it for what each underlay carries") == true)
    }

    @Test("it reaches every gateway’s intent; what carries more than asked for is cut, and nothing is raised above the underlay")
    func intent() throws {
        var world = try PlanWorld.inForce()
        #expect(world.snapshot.compilation?.intents.values.allSatisfy { $0.mtu(of: $0.vpns[vpn("blue")]!) == 8950 } == true)
        world.graph.vpns[vpn("blue")]!.mtu = 1400
        let change = try world.planned()
        #expect(change.compilation.intents.values.allSatisfy { $0.vpns[vpn("blue")]?.mtu == 1400 && $0.vpns[vpn("red")]?.mtu == nil })
        #expect(change.compilation.intents.values.allSatisfy { $0.mtu(of: $0.vpns[vpn("blue")]!) == 1400 })
        #expect(Set(change.plan.gateways.map(\.resource)) == [.vpn(vpn("blue"))] && change.plan.gateways.count == 3)
        #expect(change.plan.gateways.allSatisfy { $0.details == ["MTU what the underlay leaves → 1400"] })
        #expect(change.plan.objects.map(\.details) == [["MTU what the underlay leaves → 1400"]])
        var small = try #require(change.compilation.intents.values.first)
        small.base.underlayMTU = 1330
        #expect(small.mtu(of: small.vpns[vpn("blue")]!) == 1280)
    }

    @Test("a smaller one is a warning that names the gateways and what to type first; a larger one is none")
    func shrinks() throws {
        var world = try PlanWorld.inForce()
        let found = try world.findings(.mtuShrinks) { $0.vpns[vpn("blue")]!.mtu = 1400 }
        #expect(found.map(\.path) == ["vpns.blue.mtu"] && found[0].severity == .warning)
        #expect(found[0].reason.contains("1400 bytes at most on lima/gw1, paris/gw1, tokyo/gw1, and carried 8950"))
        #expect(found[0].remedy.contains("openstack network set --mtu 1400"))
        world.graph.vpns[vpn("blue")]!.mtu = 1400
        try world.apply()
        #expect(try world.findings(.mtuShrinks) { $0.vpns[vpn("blue")]!.mtu = nil }.isEmpty)
        #expect(try world.findings(.mtuShrinks) { $0.vpns[vpn("blue")]!.mtu = 1401 }.isEmpty)
        #expect(try world.findings(.mtuShrinks) { $0.vpns[vpn("red")]!.localPreference = 7 }.isEmpty)
        #expect(try world.findings(.mtuShrinks) { $0.vpns[vpn("blue")]!.mtu = 1399 }.count == 1)
    }

    @Test(
        "more than a cloud’s underlay carries is refused, with its gateways and both ways out; it is no error of a later change elsewhere")
    func exceeds() throws {
        var world = try PlanWorld.inForce()
        world.graph.clouds[cloud("paris")]!.underlayMTU = 1500
        try world.apply()
        #expect(try world.findings(.mtuExceedsUnderlay) { $0.vpns[vpn("blue")]!.mtu = 1450 }.isEmpty)
        let found = try world.findings(.mtuExceedsUnderlay) { $0.vpns[vpn("blue")]!.mtu = 1451 }
        #expect(found.map(\.severity) == [.error] && found[0].path == "vpns.blue.mtu")
        #expect(found[0].reason.contains("underlay of paris/gw1 carries 1500") && found[0].reason.contains("1450 are left"))
        #expect(
            found[0].remedy.contains("mtu: 1450") && found[0].remedy.contains("to 1501")
                && found[0].remedy.contains("clouds.paris.underlayMTU"))
        // An underlay that becomes too small is the same.
        world.graph.vpns[vpn("blue")]!.mtu = 1450
        try world.apply()
        #expect(try world.findings(.mtuExceedsUnderlay) { $0.clouds[cloud("tokyo")]!.underlayMTU = 1400 }.map(\.severity) == [.error])
        world.graph.clouds[cloud("tokyo")]!.underlayMTU = 1400
        try world.apply()
        #expect(try world.findings(.mtuExceedsUnderlay) { $0.vpns[vpn("red")]!.localPreference = 7 }.isEmpty)
        #expect(try world.findings(.mtuExceedsUnderlay) { $0.vpns[vpn("blue")]!.localPreference = 7 }.map(\.severity) == [.warning])
    }
}
