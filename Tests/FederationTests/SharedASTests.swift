import Federation
import FederationFile
import FederationModel
import NetworkTypes
import Testing

/// A fabric of one AS with route reflectors is as lawful as one of many; what matters is how the sessions run.
@Suite("Clouds of one AS")
struct SharedASTests {
    private func text(_ paris: String, _ tokyo: String, as asn: String = "64531", lima: String = "") -> String {
        """
        federation: demo
        clouds:
          paris: {as: \(asn), \(paris)gateways: {gw1: {vtep: 192.0.2.1}}}
          tokyo: {as: \(asn), \(tokyo)gateways: {gw1: {vtep: 192.0.2.2}}}
          lima: {\(lima)gateways: {gw1: {vtep: 192.0.2.3}}}

        """
    }

    private static let reflector = "bgp: {routeServers: [{name: rr, address: 192.0.2.254, as: 64531}]}, "
    private static let server = "bgp: {routeServers: [{name: spine, address: 192.0.2.253, as: 65000}]}, "

    @Test("with a reflector of that AS, with the operator's own BGP, and with direct sessions")
    func lawful() {
        #expect(findings(text(Self.reflector, Self.reflector)) == [])
        #expect(findings(text("bgp: external, ", "bgp: external, ")) == [])
        #expect(findings(text(Self.reflector, "bgp: external, ")) == [])
        #expect(
            findings(text("", "")) == [
                "4 warning clouds.tokyo.as: AS 64531 appears twice, first at paris on line 3: their sessions will be iBGP"
            ])
    }

    @Test("where all route servers are of other ASes, it is refused with what BGP would do")
    func refused() {
        let reason = "spine (AS 65000): eBGP drops routes that carry the receiver's AS"
        #expect(
            findings(text(Self.server, Self.reflector)) == [
                "3 error clouds.paris.as: paris shares AS 64531 with tokyo but peers only with \(reason)"
            ])
        #expect(findings(text(Self.server, Self.server)).count == 2)
    }

    @Test("the ledger knows who shares, gives it to nobody else, and lets one go without quarantine")
    func ledger() throws {
        func graph(_ text: String) throws -> FederationGraph { try #require(FederationYAML.read(text: text, fileName: "f").graph) }
        let cloud = { (name: String) in CloudName(name) ?? CloudName(unchecked: "") }
        var ledger = Ledger()
        let pool = "pools: {as: 64531-64532}\n"
        try ledger.allocate(for: try graph(pool + text(Self.reflector, Self.reflector)), at: 0)
        #expect(["paris", "tokyo", "lima"].map { ledger.asn(of: cloud($0))?.value } == [64531, 64531, 64532])
        let alone = try graph(
            pool + text("bgp: external, ", "bgp: external, ").replacing("tokyo: {as: 64531, ", with: "tokyo: {as: 65009, "))
        try ledger.allocate(for: alone, at: 1)
        #expect(["paris", "tokyo"].map { ledger.asn(of: cloud($0))?.value } == [64531, 65009])
        let before = ledger
        try ledger.allocate(for: try graph(text("bgp: external, ", "bgp: external, ")), at: 2)
        #expect(["paris", "tokyo"].map { ledger.asn(of: cloud($0))?.value } == [64531, 64531])
        // A revision is stored as what it changes.
        var again = before
        #expect(again.apply(LedgerDelta(from: before, to: ledger)) && again == ledger)
        #expect(LedgerDelta(from: before, to: ledger).holdings.contains { $0.owner == "tokyo" && $0.value == nil })
    }

    @Test("an AS that is allocated to a cloud is not shared with it behind its back")
    func allocated() throws {
        let graph = try #require(FederationYAML.read(text: text("", ""), fileName: "f").graph)
        var first = graph
        for name in first.clouds.keys { first.clouds[name]?.asn = nil }
        var ledger = Ledger()
        first.pools.asns = 64531...64540
        try ledger.allocate(for: first, at: 0)
        #expect(throws: AllocationError.self) {
            var copy = ledger
            var wanted = graph
            wanted.pools.asns = 64531...64540
            // lima was the first by name, and has it.
            try copy.allocate(for: wanted, at: 1)
        }
    }
}
