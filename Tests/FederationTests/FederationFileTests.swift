import Federation
import FederationFile
import FederationModel
import Foundation
import NetworkTypes
import Testing

@Suite("Reading a federation file")
struct FederationFileTests {
    static let good = """
        federation: demo
        clouds:
          paris:
            as: 4200000001
            bgp: {management: external, routeServers: [{name: spine, address: 10.255.0.254, as: 4200009999}, {address: fd00::1, as: 64512}]}
            underlayMTU: 9000
            gateways:
              gw1: {vtep: 10.255.1.1, routerMAC: "02:00:00:00:00:01", probeAddress: 100.64.0.1}
          tokyo:
            bgp: external
            gateways: {gw1: {vtep: 10.255.2.1}}
        vpns:
          blue:
            vni: 10001
            rt: 64900:77
            kind: l3
            policy: full-mesh
            attachments:
              - {cloud: paris, router: blue-router}
              - {cloud: tokyo, router: {id: 0F8FAD5B-d9cb-469f-a165-70867728950e}}
              - {cloud: tokyo, network: {name: 42}}
          red:
            attachments: [{cloud: paris, network: no}, {cloud: tokyo, network: "red net"}]

        """

    @Test("gives the graph as it is written, with nothing where something is left out")
    func everything() throws {
        let reading = FederationYAML.read(text: Self.good, fileName: "federation.yaml")
        #expect(reading.diagnostics.withoutBareNames == [])
        let graph = try #require(reading.graph)
        let paris = try #require(graph.clouds[CloudName(parsing: "paris")])
        #expect(paris.asn?.value == 4_200_000_001)
        #expect(paris.bgp.management == .external)
        #expect(paris.bgp.routeServers.map(\.name) == ["spine", nil])
        #expect(paris.bgp.routeServers.map(\.address.description) == ["10.255.0.254", "fd00::1"])
        #expect(paris.underlayMTU == 9000)
        let gateway = try #require(graph[GatewayID(parsing: "paris/gw1")])
        #expect(gateway.routerMAC?.description == "02:00:00:00:00:01")
        #expect(gateway.probeAddress?.description == "100.64.0.1")
        let tokyo = try #require(graph.clouds[CloudName(parsing: "tokyo")])
        #expect(tokyo.asn == nil)
        #expect(tokyo.bgp == BGPSettings(management: .external))
        #expect(tokyo.underlayMTU == nil)
        let blue = try #require(graph.vpns[VPNName(parsing: "blue")])
        #expect(blue.vni?.value == 10001)
        #expect(blue.routeTarget?.description == "64900:77")
        #expect(
            blue.attachments.map(\.description) == [
                "paris: router name=blue-router", "tokyo: router id=0f8fad5b-d9cb-469f-a165-70867728950e", "tokyo: network name=42",
            ])
        // YAML 1.1 would read `no` as false.
        #expect(graph.vpns[try VPNName(parsing: "red")]?.attachments.first?.selector.value == "no")
    }

    @Test("an alias stands for what its anchor has")
    func aliases() throws {
        let text = """
            federation: demo
            clouds:
              paris: {bgp: &spine {routeServers: [{address: 10.0.0.1, as: 64512}]}, gateways: {gw1: {vtep: 10.255.1.1}}}
              tokyo: {bgp: *spine, gateways: {gw1: {vtep: 10.255.2.1}}}
            """
        let reading = FederationYAML.read(text: text, fileName: "f")
        #expect(reading.diagnostics.withoutBareNames == [])
        #expect(reading.graph?.clouds[try CloudName(parsing: "tokyo")]?.bgp.routeServers.count == 1)
    }

    @Test("line ends, a byte order mark and a document start do not matter")
    func forms() throws {
        let expected = FederationYAML.read(text: Self.good, fileName: "f").graph
        #expect(expected != nil)
        for text in [
            Self.good.replacingOccurrences(of: "\n", with: "\r\n"), "\u{feff}" + Self.good, "---\n" + Self.good,
            "# comment\n---\n" + Self.good + "...\n",
        ] {
            let reading = FederationYAML.read(text: text, fileName: "f")
            #expect(reading.diagnostics.withoutBareNames == [])
            #expect(reading.graph == expected)
        }
    }

    @Test("writing gives a file that reads as the same graph, for any graph")
    func roundTrip() throws {
        for seed in 0..<400 as Range<UInt64> {
            var federation = RandomFederation(seed: seed)
            let graph = federation.graph()
            let text = FederationYAML.write(graph)
            let reading = FederationYAML.read(text: text, fileName: "f")
            #expect(reading.errors == [], "\(text)")
            #expect(reading.graph == graph, "\(text)")
            #expect(reading.graph.map(FederationYAML.write) == text)
            let coded = try JSONDecoder().decode(FederationGraph.self, from: JSONEncoder().encode(graph))
            #expect(coded == graph)
        }
    }

    @Test("what is written is canonical")
    func canonical() throws {
        let graph = try #require(FederationYAML.read(text: Self.good, fileName: "f").graph)
        #expect(
            FederationYAML.write(graph) == """
                federation: demo
                clouds:
                  paris:
                    as: 4200000001
                    bgp:
                      management: external
                      routeServers:
                        - {name: spine, address: 10.255.0.254, as: 4200009999}
                        - {address: fd00::1, as: 64512}
                    underlayMTU: 9000
                    gateways:
                      gw1: {vtep: 10.255.1.1, routerMAC: "02:00:00:00:00:01", probeAddress: 100.64.0.1}
                  tokyo:
                    bgp:
                      management: external
                    gateways:
                      gw1: {vtep: 10.255.2.1}
                vpns:
                  blue:
                    vni: 10001
                    rt: "64900:77"
                    attachments:
                      - {cloud: paris, router: blue-router}
                      - {cloud: tokyo, router: {id: 0f8fad5b-d9cb-469f-a165-70867728950e}}
                      - {cloud: tokyo, network: "42"}
                  red:
                    attachments:
                      - {cloud: paris, network: "no"}
                      - {cloud: tokyo, network: "red net"}

                """)
    }

    @Test("a thousand clouds with their VPNs are read", .timeLimit(.minutes(5)))
    func large() throws {
        var graph = FederationGraph(federation: FederationID(unchecked: "large"))
        for index in 0..<1000 as Range<UInt32> {
            var cloud = Cloud()
            for node in 1...2 as ClosedRange<UInt32> {
                cloud.gateways[NodeName(unchecked: "gw\(node)")] = Gateway(vtep: IPv4Address(bits: 0x0a00_0000 + index * 4 + node))
            }
            graph.clouds[CloudName(unchecked: "cloud\(index)")] = cloud
        }
        let clouds = graph.clouds.keys.sorted()
        for index in 0..<500 {
            let attachments = (0..<10).map { offset in
                Attachment(
                    cloud: clouds[(index * 7 + offset) % clouds.count],
                    selector: AttachmentSelector(kind: .router, key: .name, value: "r\(index)"))
            }
            graph.vpns[VPNName(unchecked: "vpn\(index)")] = VPN(attachments: attachments)
        }
        let reading = FederationYAML.read(text: FederationYAML.write(graph), fileName: "f")
        #expect(reading.graph == graph)
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        #expect(ledger.vni(of: VPNName(unchecked: "vpn499")) != nil)
    }
}
