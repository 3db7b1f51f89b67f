import Agent
import Foundation
import Logging
import NetworkTypes
import OVSDB
import Testing
import TypedCommands

@Suite("The check of a node", .timeLimit(.minutes(2)))
struct PreflightTests {
    private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func check(_ directory: String) async -> CheckReport {
        let surroundings = Surroundings(
            databases: .init(
                local: [.unix(path: "\(directory)/ovs.sock")], southbound: [.unix(path: "\(directory)/sb.sock")],
                northbound: [.unix(path: "\(directory)/nb.sock")]), frrDirectory: "\(directory)/frr", switchDirectory: directory)
        return await Preflight(surroundings: surroundings, stateDirectory: "\(directory)/state", log: Self.log).run(within: .seconds(3))
    }

    @Test("2 where something is wrong, 1 where something could not be found out, 0 where neither is")
    func exitStatus() {
        func report(_ states: Finding.State...) -> Int32 { CheckReport(states.map { Finding("x", $0, "x") }).exitStatus }
        #expect(report(.good, .note) == 0 && report(.good, .unknown) == 1 && report(.unknown, .bad, .good) == 2)
    }

    @Test("a node with nothing: each thing that is missing is named, with what to do")
    func empty() async throws {
        let report = await check("/tmp/fedcheck-none")
        for subject in ["zebra", "bgpd", "Open vSwitch"] {
            let finding = try #require(report.findings.first { $0.subject == subject }, "\(report)")
            #expect(finding.state == .bad && !finding.remedy.isEmpty, "\(finding)")
        }
        #expect(report.exitStatus == 2)
        for finding in report.findings { #expect(TypedCommand.stray(in: finding.remedy) == nil, "\(finding)") }
    }

    @Test("a node with FRR, Open vSwitch and OVN, half configured, until what is printed is typed")
    func real() async throws {
        let bench = try Bench("chk")
        try bench.startRouting(["router bgp 65001", "exit"])
        try bench.startOVN()
        try bench.startSwitch(bridges: ["br-int"])
        func found(_ subject: String) async throws -> Finding {
            let report = await check(bench.directory)
            return try #require(report.findings.first { $0.subject == subject }, "\(report)")
        }
        #expect(try await found("zebra").state == .good)
        #expect(try await found("bgpd").text.hasPrefix("FRR "))
        #expect(try await found("chassis").state == .bad)
        try bench.type("ovs-vsctl set Open_vSwitch . external_ids:system-id=gw1 external_ids:ovn-bridge-mappings=physnet1:br-ex")
        let missing = try await found("network physnet1")
        #expect(missing.state == .bad)
        for command in TypedCommand.all(in: missing.remedy) { try bench.type(command.line) }
        #expect(try await found("network physnet1").state == .good)
        #expect(try await found("OVN").state == .good)
    }
}
