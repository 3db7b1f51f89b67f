import Federation
import FederationFile
import FederationModel
import Foundation
import NetworkTypes
import Testing

@Suite("Compiling a graph into intents")
struct IntentsTests {
    private func compile(_ text: String, ledger: inout Ledger, revision: UInt64 = 1) throws -> [GatewayID: GatewayIntent] {
        let reading = FederationYAML.read(text: text, fileName: "f")
        #expect(reading.errors == [])
        let graph = try #require(reading.graph)
        try ledger.allocate(for: graph, at: Int64(revision))
        return try graph.intents(with: ledger, epoch: "epoch", revision: revision)
    }

    private func compile(_ text: String) throws -> [GatewayID: GatewayIntent] {
        var ledger = Ledger()
        return try compile(text, ledger: &ledger)
    }

    private func peers(_ gateway: String, _ intents: [GatewayID: GatewayIntent]) throws -> [String] {
        try #require(intents[GatewayID(parsing: gateway)]).base.peers.map { "\($0.name) \($0.address) \($0.asn)" }
    }

    private let three = """
        federation: demo
        clouds:
          paris: {as: 65001, gateways: {gw1: {vtep: 10.0.1.1}, gw2: {vtep: 10.0.1.2}}}
          tokyo: {as: 65002, gateways: {gw1: {vtep: 10.0.2.1}}}
          lima: {as: 65003, gateways: {gw1: {vtep: 10.0.3.1}}}
        vpns:
          blue: {vni: 1, attachments: [{cloud: paris, router: r}, {cloud: tokyo, router: r}, {cloud: paris, network: n}]}
          red: {vni: 2, attachments: [{cloud: paris, router: q}, {cloud: lima, router: r}]}

        """

    @Test("every gateway of a cloud gets the VPNs of its cloud, and none of the others")
    func ownVPNsOnly() throws {
        let intents = try compile(three)
        let names = intents.mapValues { $0.vpns.keys.map(\.text).sorted() }
        #expect(
            Dictionary(uniqueKeysWithValues: names.map { ($0.key.description, $0.value) })
                == ["paris/gw1": ["blue", "red"], "paris/gw2": ["blue", "red"], "tokyo/gw1": ["blue"], "lima/gw1": ["red"]])
        let tokyo = try String(decoding: JSONEncoder().encode(intents[GatewayID(parsing: "tokyo/gw1")]), as: UTF8.self)
        #expect(!tokyo.contains("red"))
        #expect(!tokyo.contains("64900:2"))
    }

    @Test("a full mesh has one target, both ways, and a distinguisher for each gateway")
    func fullMesh() throws {
        let intents = try compile(three)
        let blue = try intents.compactMapValues { $0.vpns[try VPNName(parsing: "blue")] }
        #expect(Set(blue.values.map(\.importTargets)) == [[try RouteTarget(parsing: "64900:1")]])
        #expect(Set(blue.values.map(\.exportTargets)) == [[try RouteTarget(parsing: "64900:1")]])
        #expect(blue.values.map(\.routeDistinguisher.description).sorted() == ["10.0.1.1:1", "10.0.1.2:1", "10.0.2.1:1"])
        #expect(
            blue[try GatewayID(parsing: "paris/gw1")]?.attachments.map(\.selector.description) == ["network name=n", "router name=r"])
    }

    @Test("without route servers each gateway has sessions with those of the other clouds, and none with its own cloud's")
    func meshOfSessions() throws {
        let intents = try compile(three)
        #expect(try peers("paris/gw1", intents) == ["tokyo/gw1 10.0.2.1 65002", "lima/gw1 10.0.3.1 65003"])
        #expect(try peers("paris/gw2", intents) == peers("paris/gw1", intents))
        #expect(
            try peers("tokyo/gw1", intents) == ["paris/gw1 10.0.1.1 65001", "paris/gw2 10.0.1.2 65001", "lima/gw1 10.0.3.1 65003"])
    }

    @Test("with route servers there are sessions with them; and every session has two ends, however clouds are mixed")
    func routeServers() throws {
        let text = """
            federation: demo
            clouds:
              a: {as: 65001, bgp: {routeServers: [{name: rs, address: 10.9.9.9, as: 65009}]}, gateways: {g: {vtep: 10.0.1.1}}}
              b: {as: 65002, bgp: {routeServers: [{address: 10.9.9.9, as: 65009}]}, gateways: {g: {vtep: 10.0.2.1}}}
              c: {as: 65003, gateways: {g: {vtep: 10.0.3.1}}}

            """
        let intents = try compile(text)
        #expect(try peers("a/g", intents) == ["c/g 10.0.3.1 65003", "rs 10.9.9.9 65009"])
        #expect(try peers("b/g", intents) == ["c/g 10.0.3.1 65003", "route-server 10.9.9.9 65009"])
        #expect(try peers("c/g", intents) == ["a/g 10.0.1.1 65001", "b/g 10.0.2.1 65002"])
    }

    @Test(
        "every session between gateways has two ends, no two VPNs share a target, RD or VNI, no cloud gets a foreign VPN",
        arguments: 0..<300)
    func properties(seed: Int) throws {
        var federation = RandomFederation(seed: UInt64(seed))
        let graph = federation.graph()
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        let intents = try graph.intents(with: ledger, epoch: "e", revision: 1)
        #expect(intents.keys.sorted() == graph.gateways)
        #expect(Set(intents.values.map(\.base.routerMAC)).count == intents.count)
        #expect(Set(intents.values.map(\.base.probeAddress)).count == intents.count)
        let byAddress = Dictionary(uniqueKeysWithValues: intents.map { (IPAddress.v4($0.value.base.vtep), $0.key) })
        var targets: [RouteTarget: VPNName] = [:]
        var vnis: [VNI: VPNName] = [:]
        var distinguishers: Set<RouteDistinguisher> = []
        for (id, intent) in intents {
            #expect(intent.gateway == id)
            #expect(Set(intent.base.peers.map(\.address)).count == intent.base.peers.count)
            for peer in intent.base.peers {
                guard let other = byAddress[peer.address] else { continue }
                #expect(other.cloud != id.cloud)
                #expect(intents[other]?.base.peers.contains { $0.address == .v4(intent.base.vtep) && $0.asn == intent.base.asn } == true)
                #expect(intents[other]?.base.asn == peer.asn)
            }
            #expect(Set(intent.vpns.keys) == Set(graph.vpns.filter { $0.value.clouds.contains(id.cloud) }.keys))
            for (name, vpn) in intent.vpns {
                #expect(!vpn.attachments.isEmpty)
                #expect(distinguishers.insert(vpn.routeDistinguisher).inserted)
                #expect(vnis.updateValue(name, forKey: vpn.encapsulation.vni) ?? name == name)
                for target in vpn.importTargets + vpn.exportTargets {
                    #expect(targets.updateValue(name, forKey: target) ?? name == name)
                }
            }
        }
    }

    @Test("versions are those of the content: a change shows where it changes something, and nowhere else")
    func versions() throws {
        var ledger = Ledger()
        let before = try compile(three, ledger: &ledger)
        let same = try compile(three, ledger: &ledger, revision: 2)
        #expect(IntentDifference.between(before, same).isEmpty)
        // red leaves lima for tokyo.
        let after = try compile(
            three.replacingOccurrences(of: "{cloud: lima, router: r}", with: "{cloud: tokyo, router: s}"), ledger: &ledger)
        let differences = IntentDifference.between(before, after)
        let red = ResourceName.vpn(try VPNName(parsing: "red"))
        // Whose routes are taken is news for those that stay.
        #expect(differences.keys.map(\.description).sorted() == ["lima/gw1", "paris/gw1", "paris/gw2", "tokyo/gw1"])
        #expect(differences[try GatewayID(parsing: "paris/gw1")]?.changed == [red])
        #expect(differences[try GatewayID(parsing: "lima/gw1")]?.removed == [red])
        #expect(differences[try GatewayID(parsing: "tokyo/gw1")]?.added == [red])
        // A new VTEP is news for its own gateway and for its peers.
        let moved = try compile(three.replacingOccurrences(of: "10.0.3.1", with: "10.0.3.9"), ledger: &ledger)
        let moves = IntentDifference.between(before, moved)
        #expect(moves[try GatewayID(parsing: "lima/gw1")]?.changed == [.base, red])
        #expect(moves[try GatewayID(parsing: "paris/gw1")]?.changed == [.base, red])
    }

    @Test("versions are the same on every machine and at every start")
    func digestIsStable() throws {
        let intents = try compile(three)
        let lima = try #require(intents[GatewayID(parsing: "lima/gw1")])
        #expect(lima.base.version == "0275999e0d2a6f67")
        let red = try #require(lima.vpns[try VPNName(parsing: "red")])
        #expect(red.version == "38436bcef20e20e0")
        #expect(lima.base.version == lima.base.contentVersion)
    }

    @Test("a ledger that has not allocated for the graph is refused, with what is missing")
    func unallocated() throws {
        let graph = try #require(FederationYAML.read(text: three, fileName: "f").graph)
        let error = #expect(throws: CompilationError.self) { try graph.intents(with: Ledger(), epoch: "e", revision: 1) }
        #expect(error?.description == "no AS is allocated to lima; allocate for the graph before compiling it")
    }
}
