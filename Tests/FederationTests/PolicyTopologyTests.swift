import Federation
import FederationFile
import FederationModel
import Foundation
import NetworkTypes
import Testing

@Suite("The policies of topologies/")
struct PolicyTopologyTests {
    private func compile(_ path: String) throws -> Compilation {
        let reading = FederationYAML.read(text: try Topologies.text(path), fileName: path)
        #expect(reading.diagnostics == [])
        let graph = try #require(reading.graph)
        #expect(FederationYAML.read(text: FederationYAML.write(graph), fileName: "written").graph == graph)
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        let compilation = try Compilation(graph, with: ledger, epoch: "e", revision: 1)
        #expect(compilation.targets.leaks() == [])
        return compilation
    }

    /// `paris>tokyo`.
    private func reaches(_ compilation: Compilation, _ vpn: String) -> Set<String> {
        Set(compilation.reaches(of: VPNName(unchecked: vpn)).map { "\($0.from)>\($0.to)" })
    }

    @Test(
        "each is a good file, comes back as itself, compiles, and leaks nothing",
        arguments: [
            "three-clouds/federation.yaml", "three-clouds/drained.yaml", "hub-and-spoke/federation.yaml", "hub-and-spoke/transit.yaml",
            "extranet/federation.yaml", "extranet/wide.yaml", "overlapping-tenants/federation.yaml", "brownfield/federation.yaml",
            "scale-100/federation.yaml",
        ])
    func good(path: String) throws { _ = try compile(path) }

    @Test("hub-and-spoke joins the hub with every spoke and no two spokes, and transit changes who originates, not who learns")
    func hubAndSpoke() throws {
        let plain = try compile("hub-and-spoke/federation.yaml")
        let spokes = ["tokyo", "lima", "oslo"]
        #expect(reaches(plain, "blue") == Set(spokes.flatMap { ["paris>\($0)", "\($0)>paris"] }))
        let transit = try compile("hub-and-spoke/transit.yaml")
        #expect(reaches(transit, "blue") == reaches(plain, "blue"))
        for (gateway, intent) in transit.intents {
            let originated = intent.vpns[VPNName(unchecked: "blue")]?.originated.map(\.description)
            #expect(originated == (gateway.cloud.text == "paris" ? ["10.0.0.0/8", "fd10::/16"] : []))
        }
    }

    @Test("an extranet takes part in the other VPN with what it shares, and the two VPNs share no target")
    func extranet() throws {
        let compilation = try compile("extranet/federation.yaml")
        let paris = try #require(compilation.intents[try GatewayID(parsing: "paris/gw1")])
        let shared = try #require(paris.vpns[VPNName(unchecked: "green")])
        #expect(shared.attachments.map { $0.only.map(\.description) } == [["10.1.50.11/32"]])
        #expect(reaches(compilation, "green") == ["paris>tokyo", "paris>lima", "tokyo>paris", "tokyo>lima", "lima>paris", "lima>tokyo"])
        #expect(paris.vpns[VPNName(unchecked: "services")].map { Set($0.importTargets).isDisjoint(with: shared.importTargets) } == true)
        // Two tenants share into mon, and do not meet there.
        #expect(reaches(compilation, "mon") == ["paris>tokyo", "paris>lima", "tokyo>paris", "lima>paris"])
        let lima = try #require(compilation.intents[try GatewayID(parsing: "lima/gw1")]?.vpns[VPNName(unchecked: "mon")])
        #expect(lima.attachments.map { $0.refused.map(\.description) } == [["10.2.20.0/24", "fd10:2:20::/64"]])
    }

    @Test("brownfield allocates nothing that is reserved, and joins the other fabric by its own target")
    func brownfield() throws {
        let vpns = try #require(try compile("brownfield/federation.yaml").intents[try GatewayID(parsing: "paris/gw1")]?.vpns)
        #expect(vpns[VPNName(unchecked: "red")]?.encapsulation.vni.value == 10010)
        #expect(vpns[VPNName(unchecked: "blue")]?.importTargets.map(\.description).contains("65010:7") == true)
        #expect(vpns[VPNName(unchecked: "red")]?.importTargets.map(\.description).contains("65010:7") == false)
    }

    @Test("a hundred clouds with two gateways each: every gateway gets a base, and no value twice")
    func scale() throws {
        let intents = try compile("scale-100/federation.yaml").intents
        #expect(intents.count == 200)
        #expect(Set(intents.values.map(\.base.vtep)).count == 200 && Set(intents.values.map(\.base.routerMAC)).count == 200)
        #expect(Set(intents.values.map(\.base.asn)).count == 100)
    }
}
