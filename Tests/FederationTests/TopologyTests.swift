import Federation
import FederationFile
import FederationModel
import Foundation
import NetworkTypes
import Testing

@Suite("The federations of topologies/")
struct TopologyTests {
    @Test("each is a good federation file that names the schema", arguments: ["two-clouds", "two-clouds-ha"])
    func good(name: String) throws {
        let text = try Topologies.text("\(name)/federation.yaml")
        #expect(text.hasPrefix("# yaml-language-server: $schema=../federation.schema.json\n"))
        let reading = FederationYAML.read(text: text, fileName: "federation.yaml")
        #expect(reading.diagnostics == [])
        let graph = try #require(reading.graph)
        #expect(FederationYAML.read(text: FederationYAML.write(graph), fileName: "written").graph == graph)
    }

    @Test("two-clouds compiles to what the lab expects")
    func twoClouds() throws {
        let graph = try #require(FederationYAML.read(text: Topologies.text("two-clouds/federation.yaml"), fileName: "f").graph)
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        let intents = try graph.intents(with: ledger, epoch: "e", revision: 1)
        let paris = try #require(intents[GatewayID(parsing: "paris/gw1")])
        #expect(paris.base.asn.value == 4_200_000_001)
        #expect(paris.base.vtep.description == "10.255.1.1")
        #expect(paris.base.routerMAC.description == "02:fe:d0:00:00:01")
        #expect(paris.base.probeAddress.description == "100.127.0.1")
        #expect(paris.base.peers.map(\.name) == ["spine"])
        #expect(paris.base.underlayMTU == 1500)
        let blue = try #require(paris.vpns[VPNName(parsing: "blue")])
        #expect(blue.encapsulation.vni.value == 10001)
        #expect(blue.routeDistinguisher.description == "10.255.1.1:1")
        #expect(blue.importTargets.map(\.description) == ["64900:10001"])
        #expect(blue.exportTargets == blue.importTargets)
        #expect(blue.attachments.map(\.selector.description) == ["router name=blue-router project=598e0a38b7e1411095797a01997baa85"])
        let red = try #require(paris.vpns[VPNName(parsing: "red")])
        #expect(red.encapsulation.vni.value == 10000)
        #expect(red.routeDistinguisher.description == "10.255.1.1:2")
        #expect(red.importTargets.map(\.description) == ["64900:10000"])
        #expect(intents[try GatewayID(parsing: "tokyo/gw1")]?.base.probeAddress.description == "100.127.0.2")
    }

    @Test("no federation of topologies selects by name alone, or by a label that tenants write")
    func selectors() throws {
        let folders = try FileManager.default.subpathsOfDirectory(atPath: Topologies.directory.path(percentEncoded: false))
        let files = folders.filter { $0.hasSuffix(".yaml") && !$0.hasSuffix("lab.yaml") && !$0.hasSuffix("faults.yaml") }.sorted()
        #expect(files.count > 8)
        for file in files {
            let graph = try #require(FederationYAML.read(text: Topologies.text(file), fileName: file).graph, "\(file)")
            #expect(graph.vpns.values.flatMap(\.attachments).filter(\.selector.isBareName).isEmpty, "\(file)")
        }
    }

    @Test("a second gateway changes nothing of what the first ones have, but that they take its routes")
    func secondGateway() throws {
        let graph = try #require(FederationYAML.read(text: Topologies.text("two-clouds/federation.yaml"), fileName: "f").graph)
        let doubled = try #require(FederationYAML.read(text: Topologies.text("two-clouds-ha/federation.yaml"), fileName: "f").graph)
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        let before = try graph.intents(with: ledger, epoch: "e", revision: 1)
        try ledger.allocate(for: doubled, at: 1)
        let after = try doubled.intents(with: ledger, epoch: "e", revision: 2)
        let gw2 = try GatewayID(parsing: "paris/gw2")
        for (id, intent) in after where id != gw2 {
            #expect(intent.base == before[id]?.base)
            for (name, vpn) in intent.vpns {
                let former = try #require(before[id]?.vpns[name])
                var same = vpn
                (same.origins, same.version) = (former.origins, former.version)
                #expect(same == former)
                #expect(Set(vpn.origins).subtracting(former.origins).map(\.vtep.description) == ["10.255.1.2"])
            }
        }
        #expect(IntentDifference(from: nil, to: after[gw2]).added.map(\.description) == ["base", "vpn/blue", "vpn/red"])
        #expect(after[gw2]?.vpns.values.map(\.routeDistinguisher.description).sorted() == ["10.255.1.2:1", "10.255.1.2:2"])
    }
}
