import Federation
import FederationFile
import FederationModel
import Foundation
import NetworkTypes
import Testing

@Suite("The ledger")
struct LedgerTests {
    private let hour: Int64 = 3_600_000

    private func graph(_ vpns: [String: VPN]) -> FederationGraph {
        FederationGraph(
            federation: FederationID(unchecked: "demo"),
            vpns: Dictionary(uniqueKeysWithValues: vpns.map { (VPNName(unchecked: $0.key), $0.value) }))
    }

    private func vpn(_ name: String) -> VPNName { VPNName(unchecked: name) }

    @Test("allocates in the order of names, around what the file gives")
    func order() throws {
        var ledger = Ledger()
        try ledger.allocate(for: graph(["c": VPN(), "a": VPN(), "b": VPN(vni: VNI(value: 10000))]), at: 0)
        #expect(ledger.vni(of: vpn("a"))?.value == 10001)
        #expect(ledger.vni(of: vpn("b"))?.value == 10000)
        #expect(ledger.vni(of: vpn("c"))?.value == 10002)
        #expect(ledger.distinguisherIndex(of: vpn("a"))?.value == 1)
        #expect(ledger.distinguisherIndex(of: vpn("c"))?.value == 3)
    }

    @Test("gives clouds and gateways theirs")
    func clouds() throws {
        var cloud = Cloud()
        cloud.gateways[NodeName(unchecked: "gw1")] = Gateway(vtep: IPv4Address(bits: 0x647f_0001))
        cloud.gateways[NodeName(unchecked: "gw2")] = Gateway(vtep: IPv4Address(bits: 2))
        var second = Cloud()
        second.bgp.routeServers = [RouteServer(address: .v4(IPv4Address(bits: 9)), asn: try ASN(parsing: "4200000000"))]
        let graph = FederationGraph(
            federation: FederationID(unchecked: "demo"),
            clouds: [CloudName(unchecked: "a"): cloud, CloudName(unchecked: "b"): second])
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        // 4200000000 is the route server's, 100.127.0.1 is a VTEP.
        #expect(ledger.asn(of: CloudName(unchecked: "a"))?.value == 4_200_000_001)
        #expect(ledger.asn(of: CloudName(unchecked: "b"))?.value == 4_200_000_002)
        #expect(ledger.probeAddress(of: try GatewayID(parsing: "a/gw1"))?.description == "100.127.0.2")
        #expect(ledger.probeAddress(of: try GatewayID(parsing: "a/gw2"))?.description == "100.127.0.3")
        #expect(ledger.routerMAC(of: try GatewayID(parsing: "a/gw1"))?.description == "02:fe:d0:00:00:01")
    }

    @Test("a route target has the VNI's number where that is free, and another where not")
    func routeTargets() throws {
        var ledger = Ledger()
        let given = try RouteTarget(parsing: "64900:10000")
        try ledger.allocate(for: graph(["a": VPN(routeTarget: given), "b": VPN(vni: VNI(value: 10000)), "c": VPN()]), at: 0)
        #expect(ledger.routeTarget(of: vpn("a")) == given)
        #expect(ledger.routeTarget(of: vpn("b"))?.description == "64900:16777216")
        #expect(ledger.routeTarget(of: vpn("c"))?.description == "64900:10002")
    }

    @Test("what is allocated stays, whatever comes before it in the order of names, and when the file gives it")
    func stable() throws {
        var ledger = Ledger()
        try ledger.allocate(for: graph(["m": VPN()]), at: 0)
        let vni = ledger.vni(of: vpn("m"))
        try ledger.allocate(for: graph(["a": VPN(), "m": VPN(), "z": VPN()]), at: 1)
        #expect(ledger.vni(of: vpn("m")) == vni)
        try ledger.allocate(for: graph(["a": VPN(), "m": VPN(vni: vni), "z": VPN()]), at: 2)
        #expect(ledger.vni(of: vpn("m")) == vni)
        try ledger.allocate(for: graph(["a": VPN(), "m": VPN(), "z": VPN()]), at: 3)
        #expect(ledger.vni(of: vpn("m")) == vni)
    }

    @Test("what is released is nobody else's for a day, and then the next one's")
    func quarantine() throws {
        var ledger = Ledger(pools: Pools(vnis: 1...2, routeTargetNumbers: 10...99))
        try ledger.allocate(for: graph(["a": VPN()]), at: 0)
        try ledger.allocate(for: graph(["b": VPN()]), at: hour)
        #expect(ledger.vni(of: vpn("a")) == nil)
        #expect(ledger.vni(of: vpn("b"))?.value == 2)
        var early = ledger
        #expect(throws: AllocationError.self) { try early.allocate(for: graph(["b": VPN(), "c": VPN()]), at: 25 * hour - 1) }
        try ledger.allocate(for: graph(["b": VPN(), "c": VPN()]), at: 25 * hour)
        #expect(ledger.vni(of: vpn("c"))?.value == 1)
    }

    @Test("who comes back within the day gets everything back")
    func comesBack() throws {
        var ledger = Ledger()
        try ledger.allocate(for: graph(["a": VPN(), "b": VPN()]), at: 0)
        let before = ledger
        try ledger.allocate(for: graph(["b": VPN()]), at: hour)
        try ledger.allocate(for: graph(["a1": VPN(), "b": VPN()]), at: 2 * hour)
        try ledger.allocate(for: graph(["a": VPN(), "a1": VPN(), "b": VPN()]), at: 3 * hour)
        #expect(ledger.vni(of: vpn("a")) == before.vni(of: vpn("a")))
        #expect(ledger.routeTarget(of: vpn("a")) == before.routeTarget(of: vpn("a")))
        #expect(ledger.distinguisherIndex(of: vpn("a")) == before.distinguisherIndex(of: vpn("a")))
        #expect(ledger.vni(of: vpn("a1")) != before.vni(of: vpn("a")))
    }

    @Test("a file cannot take what another has or had until now; all such problems come at once, and nothing changes")
    func conflicts() throws {
        var ledger = Ledger()
        try ledger.allocate(for: graph(["a": VPN(), "b": VPN()]), at: 0)
        let before = ledger
        let wanted = graph(["b": VPN(), "x": VPN(vni: VNI(value: 10000)), "y": VPN(vni: VNI(value: 10001))])
        let error = #expect(throws: AllocationError.self) { try ledger.allocate(for: wanted, at: hour) }
        #expect(
            error?.description == """
                vpns.x.vni: VNI 10000 of a is in quarantine for 24 h 0 min: agents may still use it; \
                choose another one, omit it to have one allocated, or apply again later
                vpns.y.vni: VNI 10001 is in use by b; choose another one, or omit it to have one allocated
                """)
        #expect(error?.problems.map(\.cause) == [.quarantined(remaining: 24 * hour), .taken])
        #expect(ledger == before)
    }

    @Test("two VPNs do not swap their VNIs in one step, for an agent that is away would join them")
    func swap() throws {
        var ledger = Ledger()
        let (one, two) = (VNI(value: 1), VNI(value: 2))
        try ledger.allocate(for: graph(["a": VPN(vni: one), "b": VPN(vni: two)]), at: 0)
        let swapped = graph(["a": VPN(vni: two), "b": VPN(vni: one)])
        #expect(throws: AllocationError.self) { try ledger.allocate(for: swapped, at: 1) }
        // Who changes its mind gets its own back.
        try ledger.allocate(for: graph(["a": VPN(vni: VNI(value: 3)), "b": VPN(vni: two)]), at: 2)
        try ledger.allocate(for: graph(["a": VPN(vni: one), "b": VPN(vni: two)]), at: 3)
        #expect(ledger.vni(of: vpn("a")) == one)
    }

    @Test("the same value twice in a graph is refused, even where no file was read")
    func twice() {
        var ledger = Ledger()
        let vni = VNI(value: 7)
        let error = #expect(throws: AllocationError.self) {
            try ledger.allocate(for: graph(["a": VPN(vni: vni), "b": VPN(vni: vni)]), at: 0)
        }
        #expect(error?.problems.map(\.path) == ["vpns.b.vni"])
    }

    @Test("an empty pool is refused with what to do")
    func exhausted() throws {
        var ledger = Ledger(pools: Pools(vnis: 5...6))
        let error = #expect(throws: AllocationError.self) {
            try ledger.allocate(for: graph(["a": VPN(), "b": VPN(), "c": VPN()]), at: 0)
        }
        #expect(error?.problems.map(\.cause) == [.exhausted])
        #expect(
            error?.description
                == "vpns.c.vni: no VNI left for c: 2 in use, 0 in quarantine; give the VPN a VNI with “vni:”, or widen the pool")
    }

    @Test("what it refuses is shown where the file asks for it")
    func diagnostics() throws {
        let text = "federation: demo\nclouds: {}\nvpns:\n  x:\n    vni: 10000\n    attachments: []\n"
        let reading = FederationYAML.read(text: text, fileName: "federation.yaml")
        let wanted = try #require(reading.graph)
        var ledger = Ledger()
        try ledger.allocate(for: graph(["a": VPN()]), at: 0)
        let error = #expect(throws: AllocationError.self) { try ledger.allocate(for: wanted, at: hour) }
        #expect(
            try reading.diagnostics(for: #require(error)).map(\.description) == [
                """
                federation.yaml:5:10: error: vpns.x.vni: VNI 10000 of a is in quarantine for 24 h 0 min: agents may still use it
                        vni: 10000
                             ^~~~~
                    remedy: choose another one, omit it to have one allocated, or apply again later
                """
            ])
    }

    @Test("a route server that takes an allocated AS, and a VTEP that is a probe address, are found")
    func takenByOthers() throws {
        var cloud = Cloud()
        cloud.gateways[NodeName(unchecked: "gw1")] = Gateway(vtep: IPv4Address(bits: 1))
        var graph = FederationGraph(federation: FederationID(unchecked: "demo"), clouds: [CloudName(unchecked: "a"): cloud])
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        cloud.bgp.routeServers = [RouteServer(address: .v4(IPv4Address(bits: 9)), asn: try ASN(parsing: "4200000000"))]
        cloud.gateways[NodeName(unchecked: "gw2")] = Gateway(vtep: IPv4Address(bits: 0x647f_0001))
        graph.clouds[CloudName(unchecked: "a")] = cloud
        let error = #expect(throws: AllocationError.self) { try ledger.allocate(for: graph, at: 1) }
        #expect(error?.problems.map(\.path) == ["clouds.a.as", "clouds.a.gateways.gw2.vtep"])
    }

    @Test("is coded without loss, and refuses a book in which one value has two owners")
    func coding() throws {
        var ledger = Ledger()
        try ledger.allocate(for: graph(["a": VPN(), "b": VPN()]), at: 0)
        try ledger.allocate(for: graph(["b": VPN()]), at: 1)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let data = try encoder.encode(ledger)
        #expect(try JSONDecoder().decode(Ledger.self, from: data) == ledger)
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.contains(#""vnis":{"held":{"b":10001},"quarantined":{"10000":{"at":1,"owner":"a"}},"since":{"b":0}}"#))
        let broken = text.replacingOccurrences(of: #"{"b":10001}"#, with: #"{"b":10001,"c":10001}"#)
        #expect(broken != text)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Ledger.self, from: Data(broken.utf8)) }
    }
}
