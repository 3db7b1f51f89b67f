import Agent
import EVPN
import FederationAPI
import FederationModel
import Foundation
import Logging
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("What a session tells the coordinator")
struct SentReportTests {
    private let blue = VPNName(unchecked: "blue")

    private func content(_ change: (inout GatewayReport) -> Void = { _ in }, acknowledged: [ResourceName: Acknowledgement] = [:])
        -> ReportBoard.Content
    {
        var report = GatewayReport(vpns: [blue: VPNReport(name: blue)])
        change(&report)
        return ReportBoard.Content(report: report, acknowledgements: acknowledged, observedAt: 5)
    }

    private func parts(_ messages: [AgentMessage]) -> [ReportPart] {
        messages.compactMap { if case .report(let part) = $0 { part } else { nil } }
    }

    @Test("everything at first, then only what changed")
    func differences() {
        var sent = SentReport()
        #expect(parts(sent.messages(for: content())).count == 3)
        #expect(sent.messages(for: content()).isEmpty)
        let messages = sent.messages(for: content { $0.vpns[blue]?.expected = [IPPrefix("10.1.0.11/32")!] })
        #expect(messages.count == 1)
        #expect(parts(messages).first?.sequence == 4)
    }

    @Test("a VPN that is gone is said to be gone")
    func removed() {
        var sent = SentReport()
        _ = sent.messages(for: content())
        #expect(parts(sent.messages(for: content { $0.vpns = [:] })).map(\.content) == [.vpnRemoved(blue)])
    }

    @Test("an acknowledgement goes once: after all of a session’s first report, later after that of its resource")
    func acknowledgements() {
        var sent = SentReport()
        let applied: [ResourceName: Acknowledgement] = [.vpn(blue): .applied("v1")]
        let messages = sent.messages(for: content(acknowledged: applied))
        #expect(messages.firstIndex(of: .acknowledgement(.vpn(blue), .applied("v1"))) == 3)
        #expect(parts(Array(messages[..<2])).map(\.content) == [.base(BaseReport()), .vpn(VPNReport(name: blue))])
        #expect(parts(Array(messages[2...])).map(\.content) == [.received([], isFirst: true, isLast: true)])
        #expect(sent.messages(for: content(acknowledged: applied)).isEmpty)
        // It went and came back with the same content, between two reports.
        sent.asked(for: .vpn(blue), at: 5)
        var later = content(acknowledged: applied)
        #expect(sent.messages(for: later).isEmpty)
        later.observedAt = 6
        #expect(sent.messages(for: later) == [.acknowledgement(.vpn(blue), .applied("v1"))])
        #expect(sent.messages(for: later).isEmpty)
        let refused: [ResourceName: Acknowledgement] = [.vpn(blue): .rejected("v2", reason: "no")]
        #expect(sent.messages(for: content(acknowledged: refused)) == [.acknowledgement(.vpn(blue), .rejected("v2", reason: "no"))])
    }
}

@Suite("Waiting")
struct SignalTests {
    // A wait that nothing ends lasts longer than its test may.
    private static let forever: Duration = .seconds(3600)

    @Test("what happened before the wait ends it", .timeLimit(.minutes(5)))
    func before() async {
        let signal = Signal()
        signal.raise()
        signal.raise()
        await signal.wait(within: Self.forever)
    }

    @Test("a wait that ran out of time leaves the signal usable", .timeLimit(.minutes(5)))
    func afterTimeout() async {
        let signal = Signal()
        await signal.wait(within: .milliseconds(10))
        async let waiting: Void = signal.wait(within: Self.forever)
        try? await Task.sleep(for: .milliseconds(20))
        signal.raise()
        await waiting
    }

    @Test("the inbox gives the newest view once", .timeLimit(.minutes(1)))
    func inbox() async {
        let inbox = Inbox()
        let older = LocalNode(chassis: "gw1", bridgeMappings: [:]), newer = LocalNode(chassis: "gw2", bridgeMappings: [:])
        inbox.tell(.node(older), .kernelChanged)
        inbox.tell(.node(newer))
        #expect(await inbox.next(within: .seconds(5)).events == [.node(newer), .kernelChanged])
        let second = await inbox.next(within: .milliseconds(10))
        #expect(second.events == [] && second.since == nil)
    }
}

@Suite("The state directory")
struct StateDirectoryTests {
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "fed-state-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    @Test("what was saved is loaded by the next agent")
    func roundTrip() throws {
        try withDirectory { path in
            let directory = try StateDirectory(path: path, log: Logger(label: "test"))
            var indexes = LocalIndexes()
            let instances = ["blue/10001", "blue/20001"].compactMap { VPNInstance($0) }
            for instance in instances { _ = indexes.index(of: instance) }
            _ = indexes.index(of: LocalIndexes.Handoff(instance: instances[1], network: ProviderNetwork(bridge: "br-ex", vlan: 5)))
            try directory.save(Samples.intent())
            try directory.save(indexes)
            let again = try StateDirectory(path: path, log: Logger(label: "test"))
            #expect(again.loadIntent() == Samples.intent())
            #expect(again.loadIndexes(of: nil) == indexes)
            let mode = try FileManager.default.attributesOfItem(atPath: path + "/intent.json")[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("numbers that were stored by VPN alone are those of the VPN with the VNI of the stored intent")
    func numbersOfVPNs() throws {
        try withDirectory { path in
            let directory = try StateDirectory(path: path, log: Logger(label: "test"))
            let former = """
                {"handoffs": [{"bridge": "br-ex", "vpn": "blue"}, 2, {"bridge": "br-ex", "vlan": 5, "vpn": "gone"}, 1],
                 "vpns": {"blue": 3, "gone": 1}}
                """
            try Data(former.utf8).write(to: URL(fileURLWithPath: path + "/indexes.json"))
            let taken = try #require(directory.loadIndexes(of: Samples.intent()))
            let blue = try #require(VPNInstance("blue/10001"))
            #expect(taken.instances == [blue: 3])
            #expect(taken.handoffs == [.init(instance: blue, network: ProviderNetwork(bridge: "br-ex", vlan: nil)): 2])
            try directory.save(taken)
            #expect(directory.loadIndexes(of: nil) == taken)
        }
    }

    @Test("a damaged file is put aside and not lost")
    func damaged() throws {
        try withDirectory { path in
            let directory = try StateDirectory(path: path, log: Logger(label: "test"))
            try Data("{\"base\":".utf8).write(to: URL(fileURLWithPath: path + "/intent.json"))
            #expect(directory.loadIntent() == nil)
            #expect(FileManager.default.fileExists(atPath: path + "/intent.json.unreadable"))
        }
    }
}
