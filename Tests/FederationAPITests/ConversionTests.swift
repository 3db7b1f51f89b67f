import Federation
import FederationModel
import NetworkTypes
import SwiftProtobuf
import Testing
import Verification

@testable import FederationAPI

@Suite("Conversions")
struct ConversionTests {
    /// What arrives at the other end of a wire.
    private func sent<M: Message>(_ message: M) throws -> M { try M(serializedBytes: message.serializedData()) }

    @Test("what is sent is what arrives: intents", arguments: 0..<50 as Range<UInt64>)
    func intents(seed: UInt64) throws {
        var values = RandomValues(seed: seed)
        let intent = values.intent()
        #expect(try GatewayIntent(sent(WireGatewayIntent(intent))) == intent)
    }

    @Test("an MTU that leaves VXLAN no room is refused, whoever sends it", arguments: [0, 49, 1329, 65536] as [UInt32])
    func mtu(bytes: UInt32) {
        var values = RandomValues(seed: 1)
        var wire = WireBaseIntent(values.base())
        wire.underlayMtu = bytes
        #expect(throws: ConversionError.self) { try BaseIntent(wire) }
    }

    @Test("what is sent is what arrives: reports", arguments: 0..<50 as Range<UInt64>)
    func reports(seed: UInt64) throws {
        var values = RandomValues(seed: seed)
        let report = values.report()
        #expect(try GatewayReport(sent(WireGatewayReport(report))) == report)
    }

    @Test("what is sent is what arrives: verdicts", arguments: 0..<50 as Range<UInt64>)
    func verdicts(seed: UInt64) throws {
        var values = RandomValues(seed: seed)
        let verdict = values.verdict()
        #expect(try PairVerdict(sent(WirePairVerdict(verdict))) == verdict)
        let impact = values.impact()
        #expect(try Impact(sent(WireImpact(impact))) == impact)
        let explanation = values.explanation()
        #expect(try PairExplanation(sent(WirePairExplanation(explanation))) == explanation)
    }

    @Test("what is sent is what arrives: plans and the ledger", arguments: 0..<50 as Range<UInt64>)
    func plans(seed: UInt64) throws {
        var values = RandomValues(seed: seed)
        let plan = values.plan()
        #expect(plan.wireParts.count == 1)
        #expect(try Plan(sent(plan.wireParts[0])) == plan)
        let entry = values.entry()
        #expect(LedgerEntry(try sent(WireLedgerEntry(entry))) == entry)
        let problem = LedgerProblem(cause: .wildcard, path: values.text(), reason: values.text(), remedy: values.text())
        #expect(LedgerProblem(try sent(WireLedgerProblem(problem))) == problem)
    }

    @Test("a plan that is too long for one message arrives in several, in order")
    func longPlan() throws {
        var values = RandomValues(seed: 7)
        var plan = values.plan()
        plan.gained = (0..<25_001).map {
            Reach(vpn: VPNName(unchecked: "v\($0)"), from: CloudName(unchecked: "a"), to: CloudName(unchecked: "b"))
        }
        let parts = try plan.wireParts.map { try sent($0) }
        #expect(parts.count == 3)
        var arrived = try Plan(parts[0])
        for part in parts.dropFirst() { try arrived.append(part) }
        #expect(arrived == plan)
    }

    @Test("values that are reserved are read as the file reads them, and nonsense is refused with the remedy")
    func reservations() throws {
        #expect(try Reservation.Values(kind: "vni", parsing: "20001-20010") == .vnis(20001...20010))
        #expect(try Reservation.Values(kind: "as", parsing: "65001") == .asns(65001...65001))
        #expect(try Reservation.Values(kind: "rt", parsing: "64900:500") == .routeTarget(RouteTarget(parsing: "64900:500")))
        #expect(try Reservation.Values(kind: "address", parsing: "192.0.2.1") == .address(IPv4Address(parsing: "192.0.2.1")))
        for (kind, value) in [
            ("vni", "9-3"), ("vni", "0"), ("vni", "1-2-3"), ("rt", "x"), ("rd-index", "7"), ("vnis", "7"), ("address", "::1"),
        ] {
            #expect(throws: ParseError.self) { try Reservation.Values(kind: kind, parsing: value) }
        }
    }

    @Test("what is sent is what arrives: messages of a session", arguments: 0..<100 as Range<UInt64>)
    func messages(seed: UInt64) throws {
        var values = RandomValues(seed: seed)
        let up = values.agentMessage()
        #expect(try AgentMessage(sent(WireAgentMessage(up))) == up)
        let down = values.coordinatorMessage()
        #expect(try CoordinatorMessage(sent(WireCoordinatorMessage(down))) == down)
    }

    @Test("times and counts that no sum could hold arrive as the nearest that one can", arguments: [Int64.min, -1, 1 << 53, .max])
    func extremes(time: Int64) throws {
        let (bound, number) = (Int64(1) << 52, UInt64(bitPattern: time))
        let expected = time < 0 ? 0 : bound
        var silent = WireSilentSource()
        silent.sinceMilliseconds = time
        #expect(try SilentSource(silent).since == expected)
        var drift = WireDrift()
        drift.repairedAtMilliseconds = time
        #expect(try Drift(drift).repairedAt == expected)
        var part = WireReportPart()
        (part.base, part.observedAtMilliseconds) = (WireBaseReport(), time)
        #expect(try ReportPart(part).observedAt == expected)
        var message = WireAgentMessage()
        message.heartbeat.sentAtMilliseconds = time
        #expect(try AgentMessage(message) == .heartbeat(sentAt: expected))
        var entry = WireLedgerEntry()
        (entry.sinceMilliseconds, entry.untilMilliseconds) = (time, time)
        #expect(LedgerEntry(entry).since == expected && LedgerEntry(entry).until == expected)
        var writes = WireWriteCounters()
        (writes.reconciles, writes.openflow) = (number, number)
        #expect(WriteCounters(writes).reconciles == UInt64(bound) && WriteCounters(writes).openflow == UInt64(bound))
        #expect(rfc3339(bound).hasSuffix("Z"), "what is shown of it is a time")
    }

    @Test("an error names the field, from the outermost message on")
    func errors() throws {
        var values = RandomValues(seed: 7)
        var intent = values.intent()
        var vpn = values.vpn()
        vpn.importTargets = [RouteTarget(.as2(1, 1)), RouteTarget(.as2(1, 2))]
        intent.vpns = [vpn.name: vpn]
        var wire = WireGatewayIntent(intent)
        wire.vpns[0].importTargets[1] = "*:10001"
        let error = #expect(throws: ConversionError.self) { try GatewayIntent(wire) }
        #expect(error?.field == "vpns[0].import_targets[1]")
        #expect(error?.reason.contains("wildcard") == true)
        // In a session it is this VPN's failure only.
        var message = WireCoordinatorMessage(.vpn(vpn))
        message.vpn.importTargets[1] = "*:10001"
        guard case .unreadableVPN(vpn.name, vpn.version, let reason) = try CoordinatorMessage(message) else {
            Issue.record("\(try CoordinatorMessage(message))")
            return
        }
        #expect(reason.hasPrefix("import_targets[1]: "))
    }

    @Test("messages without what they must have are refused")
    func missing() {
        #expect(throws: ConversionError(field: "base", reason: "missing")) { try GatewayReport(WireGatewayReport()) }
        #expect(throws: ConversionError.self) { try AgentMessage(WireAgentMessage()) }
        #expect(throws: ConversionError.self) { try CoordinatorMessage(WireCoordinatorMessage()) }
        #expect(throws: ConversionError.self) { try PairVerdict(WirePairVerdict()) }
        var reserved = WireEVPNPeer(EVPNPeer(name: "x", address: .v4(IPv4Address(bits: 1)), asn: RandomValues.anyASN))
        reserved.asn = 23456
        #expect(throws: ConversionError(field: "asn", reason: "invalid AS number 23456")) { try EVPNPeer(reserved) }
    }

    @Test("a second VNI that is none, or whose routes would be those of the first, is refused")
    func secondary() throws {
        var values = RandomValues(seed: 11)
        var vpn = values.vpn()
        let own = vpn.bindings[0]
        let other = Binding(
            encapsulation: .vxlan(try #require(VNI(value: own.encapsulation.vni.value % 1000 + 1001))),
            routeDistinguisher: RouteDistinguisher(.as2(1, own.encapsulation.vni.value)),
            importTargets: own.importTargets, exportTargets: own.exportTargets)
        vpn.secondary = other
        #expect(try VPNIntent(WireVPNIntent(vpn)).bindings == [own, other])
        var wire = WireVPNIntent(vpn)
        wire.secondary.encapsulation.vxlan = own.encapsulation.vni.value
        #expect(#expect(throws: ConversionError.self) { try VPNIntent(wire) }?.field == "secondary.encapsulation")
        wire = WireVPNIntent(vpn)
        wire.secondary.routeDistinguisher = own.routeDistinguisher.description
        #expect(#expect(throws: ConversionError.self) { try VPNIntent(wire) }?.field == "secondary.route_distinguisher")
    }

    @Test("a VPN that comes twice is refused, because one would be lost")
    func twice() {
        var values = RandomValues(seed: 3)
        var intent = values.intent()
        let vpn = values.vpn()
        intent.vpns = [vpn.name: vpn]
        var wire = WireGatewayIntent(intent)
        wire.vpns.append(wire.vpns[0])
        let error = #expect(throws: ConversionError.self) { try GatewayIntent(wire) }
        #expect(error?.field == "vpns[1].name")
    }
}

@Suite("Chunks of received routes")
struct ReceivedRoutesTests {
    @Test("are put together to what was cut", arguments: [0, 1, 2, 7, 50])
    func roundTrip(count: Int) throws {
        var values = RandomValues(seed: UInt64(count))
        let routes = (0..<count).map { _ in values.received() }
        let chunks = ReceivedRoutesChunks.of(routes, atMost: 1000)
        var assembly = ReceivedRoutesAssembly()
        var whole: [ReceivedRoute]?
        for case .received(let part, let isFirst, let isLast) in chunks {
            #expect(whole == nil)
            whole = try assembly.add(part, isFirst: isFirst, isLast: isLast)
        }
        #expect(whole == routes)
    }

    @Test("are not longer encoded than they may be", arguments: 0..<20 as Range<UInt64>)
    func size(seed: UInt64) throws {
        var values = RandomValues(seed: seed)
        let routes = (0..<200).map { _ in values.received() }
        for content in ReceivedRoutesChunks.of(routes, atMost: 4096) {
            let part = ReportPart(sequence: .max, observedAt: .max, content: content)
            #expect(try WireAgentMessage(.report(part)).serializedData().count <= 4096)
        }
    }

    @Test("that do not begin with a first one are refused")
    func noFirst() {
        var assembly = ReceivedRoutesAssembly()
        #expect(throws: ConversionError.self) { try assembly.add([], isFirst: false, isLast: true) }
    }
}

extension RandomValues {
    static var anyASN: ASN {
        var values = RandomValues(seed: 1)
        return values.asn()
    }
}
