import Coordinator
import FederationAPI
import FederationModel
import NetworkTypes
import Testing

@testable import Verification

@Suite("Report assembly: what is believed of a gateway")
struct ReportBookTests {
    private func part(_ sequence: UInt64, _ content: ReportPart.Content) -> ReportPart {
        ReportPart(sequence: sequence, observedAt: 0, content: content)
    }

    private func route(_ prefix: String) -> ReceivedRoute {
        ReceivedRoute(
            prefix: IPPrefix(prefix)!, routeDistinguisher: RouteDistinguisher("10.255.1.1:1")!, nextHop: IPAddress("10.255.1.1")!,
            routeTargets: [], routerMAC: nil, asPath: [], isValid: true, isBest: true)
    }

    @Test("a report counts as soon as the base and all received routes were told")
    func whole() throws {
        var assembly = ReportAssembly()
        #expect(assembly.observation(at: 0) == nil)
        assembly.begin(session: 1, at: 1000)
        _ = try assembly.add(part(1, .base(BaseReport(software: "test"))), session: 1, at: 1001)
        _ = try assembly.add(part(2, .received([route("10.1.0.1/32")], isFirst: true, isLast: false)), session: 1, at: 1002)
        #expect(assembly.observation(at: 1002) == nil)
        _ = try assembly.add(part(3, .received([route("10.1.0.2/32")], isFirst: false, isLast: true)), session: 1, at: 1003)
        let observation = try #require(assembly.observation(at: 1003))
        #expect(observation.report.received.count == 2)
        #expect(observation.receivedAt == 1003)
        #expect(observation.connected)
    }

    @Test("since when a source is silent is told by the agent's clock and judged by ours")
    func clocks() throws {
        var assembly = ReportAssembly()
        assembly.begin(session: 1, at: 1_000_000)
        let silent = SilentSource(.southbound, since: 40_000, reason: "connection refused", remedy: "look")
        // The agent's clock shows 50 s; it has been silent for 10 s.
        let part = ReportPart(sequence: 1, observedAt: 50_000, content: .base(BaseReport(silentSources: [silent])))
        _ = try assembly.add(part, session: 1, at: 1_000_001)
        #expect(assembly.observation(at: 1_006_000)?.report.base.silentSources.map(\.since) == [990_001])
    }

    @Test("a source is silent since now at the latest, and since 1970 at the earliest, whatever its agent's clock shows")
    func strangeClocks() throws {
        let far = Int64(1) << 52
        for (observed, since, expected) in [(0, far, 1_000_001), (far, 0, 0), (0, 0, 1_000_001), (far, far, 1_000_001)]
            as [(Int64, Int64, Int64)]
        {
            var assembly = ReportAssembly()
            assembly.begin(session: 1, at: 1_000_000)
            let silent = SilentSource(.southbound, since: since, reason: "connection refused", remedy: "look")
            let part = ReportPart(sequence: 1, observedAt: observed, content: .base(BaseReport(silentSources: [silent])))
            _ = try assembly.add(part, session: 1, at: 1_000_001)
            #expect(assembly.observation(at: 1_006_000)?.report.base.silentSources.map(\.since) == [expected])
        }
    }

    @Test("an agent that cannot ask bgpd is believed without received routes after five seconds")
    func patience() throws {
        var assembly = ReportAssembly()
        assembly.begin(session: 1, at: 1000)
        _ = try assembly.add(part(1, .base(BaseReport())), session: 1, at: 1001)
        #expect(assembly.observation(at: 6000) == nil)
        #expect(assembly.observation(at: 6001) != nil)
    }

    @Test("each part replaces the same part, a heartbeat renews all, and a removed VPN is gone")
    func parts() throws {
        var assembly = ReportAssembly()
        assembly.begin(session: 1, at: 0)
        _ = try assembly.add(part(1, .base(BaseReport())), session: 1, at: 1)
        _ = try assembly.add(part(2, .received([], isFirst: true, isLast: true)), session: 1, at: 2)
        _ = try assembly.add(part(3, .vpn(VPNReport(name: vpn("blue")))), session: 1, at: 3)
        _ = try assembly.add(part(4, .vpn(VPNReport(name: vpn("blue"), expected: [IPPrefix("10.1.0.1/32")!]))), session: 1, at: 4)
        #expect(assembly.observation(at: 4)?.report.vpns[vpn("blue")]?.expected.count == 1)
        assembly.heartbeat(session: 1, at: 9)
        #expect(assembly.observation(at: 9)?.receivedAt == 9)
        _ = try assembly.add(part(5, .vpnRemoved(vpn("blue"))), session: 1, at: 10)
        #expect(assembly.observation(at: 10)?.report.vpns.isEmpty == true)
    }

    @Test("while a new session tells its report, the former one stands with its own age")
    func reconnect() throws {
        var assembly = ReportAssembly()
        assembly.begin(session: 1, at: 0)
        _ = try assembly.add(part(1, .base(BaseReport(software: "old"))), session: 1, at: 1)
        _ = try assembly.add(part(2, .received([], isFirst: true, isLast: true)), session: 1, at: 2)
        assembly.end(session: 1)
        #expect(assembly.observation(at: 3)?.connected == false)
        assembly.begin(session: 2, at: 100)
        _ = try assembly.add(part(1, .base(BaseReport(software: "new"))), session: 2, at: 101)
        #expect(assembly.observation(at: 101)?.report.base.software == "old")
        #expect(assembly.observation(at: 101)?.receivedAt == 2)
        #expect(assembly.observation(at: 101)?.connected == true)
        _ = try assembly.add(part(2, .received([], isFirst: true, isLast: true)), session: 2, at: 102)
        #expect(assembly.observation(at: 102)?.report.base.software == "new")
    }

    @Test("what came and what went is young for 15 s, over reconnects too; what stays is as old as it is")
    func moments() throws {
        var assembly = ReportAssembly()
        let old = route("10.1.0.1/32"), new = route("10.1.0.2/32"), gone = IPPrefix("10.2.0.1/32")!
        assembly.begin(session: 1, at: 0)
        _ = try assembly.add(part(1, .base(BaseReport())), session: 1, at: 1)
        _ = try assembly.add(part(2, .vpn(VPNReport(name: vpn("blue"), expected: [gone]))), session: 1, at: 2)
        _ = try assembly.add(part(3, .received([old], isFirst: true, isLast: true)), session: 1, at: 3)
        #expect(assembly.observation(at: 10)?.moments.isYoung(old, at: 10) == true)
        _ = try assembly.add(part(4, .received([old, new], isFirst: true, isLast: true)), session: 1, at: 20_000)
        _ = try assembly.add(part(5, .vpn(VPNReport(name: vpn("blue")))), session: 1, at: 20_000)
        assembly.begin(session: 2, at: 21_000)
        _ = try assembly.add(part(1, .base(BaseReport())), session: 2, at: 21_000)
        _ = try assembly.add(part(2, .vpn(VPNReport(name: vpn("blue")))), session: 2, at: 21_000)
        _ = try assembly.add(part(3, .received([new, old], isFirst: true, isLast: true)), session: 2, at: 22_000)
        let moments = try #require(assembly.observation(at: 22_000)?.moments)
        #expect(!moments.isYoung(old, at: 22_000))
        #expect(moments.isYoung(new, at: 34_999) && !moments.isYoung(new, at: 35_000))
        #expect(moments.wasWithdrawn(gone, of: vpn("blue"), at: 34_999) && !moments.wasWithdrawn(gone, of: vpn("blue"), at: 35_000))
    }

    @Test("what a replaced session still says is not heard")
    func replaced() throws {
        var assembly = ReportAssembly()
        assembly.begin(session: 1, at: 0)
        assembly.begin(session: 2, at: 1)
        _ = try assembly.add(part(1, .base(BaseReport(software: "ghost"))), session: 1, at: 2)
        assembly.end(session: 1)
        _ = try assembly.add(part(1, .base(BaseReport(software: "real"))), session: 2, at: 3)
        _ = try assembly.add(part(2, .received([], isFirst: true, isLast: true)), session: 2, at: 4)
        #expect(assembly.observation(at: 4)?.report.base.software == "real")
        #expect(assembly.observation(at: 4)?.connected == true)
    }

    @Test("a missing part ends the session", arguments: [UInt64(0), 1, 3])
    func gap(sequence: UInt64) throws {
        var assembly = ReportAssembly()
        assembly.begin(session: 1, at: 0)
        _ = try assembly.add(part(1, .base(BaseReport())), session: 1, at: 1)
        #expect(throws: ReportRefusal(expected: 2, got: sequence)) {
            try assembly.add(part(sequence, .base(BaseReport())), session: 1, at: 2)
        }
    }

    @Test("each repair is told once, over reconnects too")
    func drift() throws {
        let first = Drift(object: "flow", change: "removed", repairedAt: 5),
            second = Drift(object: "route", change: "removed", repairedAt: 6)
        var assembly = ReportAssembly()
        assembly.begin(session: 1, at: 0)
        _ = try assembly.add(part(1, .base(BaseReport())), session: 1, at: 1)
        _ = try assembly.add(part(2, .received([], isFirst: true, isLast: true)), session: 1, at: 2)
        #expect(try assembly.add(part(3, .vpn(VPNReport(name: vpn("blue"), drift: [first]))), session: 1, at: 3) == [first])
        #expect(try assembly.add(part(4, .vpn(VPNReport(name: vpn("blue"), drift: [first, second]))), session: 1, at: 4) == [second])
        assembly.begin(session: 2, at: 5)
        #expect(try assembly.add(part(1, .vpn(VPNReport(name: vpn("blue"), drift: [first, second]))), session: 2, at: 6) == [])
    }
}

@Suite("Agent registry: what is remembered of agents")
struct AgentRollTests {
    private let paris = gateway("paris/gw1")

    @Test("a refusal stands beside the last good version, until a version is applied")
    func rejection() {
        let registry = AgentRegistry([])
        registry.begin(paris, hello: Hello(software: "test"), at: 1)
        registry.acknowledge(.base, .applied("b1"), by: paris)
        let blue = resource("vpn/blue")
        registry.acknowledge(blue, .applied("v1"), by: paris)
        registry.acknowledge(blue, .rejected("v2", reason: "no"), by: paris)
        #expect(registry.all[paris]?.resources[blue] == ResourceRecord(applied: "v1", rejection: .init(version: "v2", reason: "no")))
        registry.acknowledge(blue, .applied("v3"), by: paris)
        #expect(registry.all[paris]?.resources[blue] == ResourceRecord(applied: "v3"))
        #expect(registry.all[paris]?.resources[.base] == ResourceRecord(applied: "b1"))
        registry.forget(blue, of: paris)
        #expect(registry.all[paris]?.resources.count == 1)
    }

    @Test("what an agent holds counts as applied only once it says so in its session")
    func held() {
        let registry = AgentRegistry([
            AgentRecord(
                gateway: paris, lastSeen: 0, software: "test",
                resources: [.base: ResourceRecord(applied: "b1"), resource("vpn/red"): ResourceRecord(applied: "r1")])
        ])
        let held: [ResourceName: ResourceVersion] = [.base: "b1", resource("vpn/blue"): "v1", resource("vpn/red"): "r2"]
        registry.begin(paris, hello: Hello(software: "test", held: held), at: 1)
        #expect(registry.all[paris]?.resources == [.base: ResourceRecord(), resource("vpn/red"): ResourceRecord()])
        registry.acknowledge(.base, .applied("b1"), by: paris)
        #expect(registry.all[paris]?.resources[.base] == ResourceRecord(applied: "b1"))
    }

    @Test("changes are given out once, kept if they could not be stored, and the hour alone every 30 s")
    func changes() {
        let registry = AgentRegistry([])
        registry.begin(paris, hello: Hello(software: "test"), at: 1000)
        let records = registry.takeChanged()
        #expect(records.map(\.gateway) == [paris])
        #expect(registry.takeChanged().isEmpty)
        registry.retain(records)
        #expect(registry.takeChanged().count == 1)
        registry.heard(paris, at: 30_999)
        #expect(registry.takeChanged().isEmpty)
        registry.heard(paris, at: 31_000)
        #expect(registry.takeChanged().map(\.lastSeen) == [31_000])
    }
}
