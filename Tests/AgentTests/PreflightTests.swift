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

    // MARK: - As the service's user

    /// `fed-agent check` as root, with what the service is: its findings by subject.
    private func typed(_ bench: Bench, _ options: String) throws -> [String: Finding] {
        let file = "\(bench.directory)/check.json"
        let places =
            "--ovs unix:\(bench.directory)/ovs.sock --northbound unix:\(bench.directory)/nb.sock "
            + "--southbound unix:\(bench.directory)/sb.sock --frr-directory \(bench.directory)/frr --ovs-run-directory \(bench.directory) "
            + "--state-directory \(bench.directory)/state --patience 1"
        try bench.type("fed-agent check \(places) \(options) -o json >\(file) 2>\(file).errors || test $? -le 2")
        let report = try JSONDecoder().decode(CheckReport.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
        return Dictionary(report.findings.map { ($0.subject, $0) }) { first, _ in first }
    }

    @Test(
        "as root it tries sockets and files as the service's user: what only root reaches is found, with what to do",
        .enabled(if: geteuid() == 0))
    func asServiceUser() async throws {
        let bench = try Bench("usr")
        try bench.startRouting(["router bgp 65001", "exit"])
        try bench.startOVN()
        try bench.startSwitch(bridges: ["br-int", "br-ex"])
        try bench.type("ovs-vsctl set Open_vSwitch . external_ids:system-id=gw1 external_ids:ovn-bridge-mappings=physnet1:br-ex")
        let sockets = ["ovs.sock", "nb.sock", "sb.sock", "br-ex.mgmt"].map { "\(bench.directory)/\($0)" }
        try bench.must(["chmod", "755", bench.directory, "\(bench.directory)/frr"])
        try bench.must(["chmod", "750"] + sockets)
        try bench.must(["install", "-d", "-m", "700", "\(bench.directory)/state"])
        for subject in ["zebra", "bgpd", "Open vSwitch", "state directory"] {
            #expect(try typed(bench, "--user root")[subject]?.state == .good, "\(subject)")
        }
        let closed = try typed(bench, "--user nobody --groups ''")
        #expect(closed["service user"]?.text.contains("tried as nobody") == true)
        #expect(closed["permissions"]?.state == .good, "CAP_NET_ADMIN is the service's")
        for subject in ["zebra", "bgpd", "Open vSwitch", "state directory"] {
            let finding = try #require(closed[subject])
            #expect(finding.state == .bad && !finding.remedy.isEmpty, "\(finding)")
        }
        for command in TypedCommand.all(in: closed["state directory"]?.remedy ?? "") { try bench.type(command.line) }
        // As the drop-in leaves them, but for the two of OVN; one by an access list of its own would do as well.
        try bench.must(["chgrp", "nogroup"] + sockets)
        try bench.must(["chmod", "770", sockets[0], sockets[3]])
        let half = try typed(bench, "--user nobody")
        for subject in ["zebra", "bgpd", "Open vSwitch", "state directory", "network physnet1"] {
            #expect(half[subject]?.state == .good, "\(String(describing: half[subject]))")
        }
        #expect(half["OVN"]?.state == .bad && half["OVN"]?.text.contains("no permission for \(bench.directory)/") == true)
        try bench.must(["chmod", "770"] + sockets)
        #expect(try typed(bench, "--user nobody")["OVN"]?.state == .good)
        // Users and groups that are not there.
        #expect(
            try typed(bench, "--user nobody --groups fed-no-such")["service user"]?.remedy.contains("groupadd --system fed-no-such") == true
        )
        #expect(try typed(bench, "--user fed-no-such")["service user"]?.text.contains("tried as root") == true)
    }

    @Test(
        "the file with BGP passwords: missing, open to others, another's, malformed, for root only, and right", .enabled(if: geteuid() == 0)
    )
    func passwords() async throws {
        let bench = try Bench("pwd")
        try bench.must(["chmod", "755", bench.directory])
        let file = "\(bench.directory)/bgp-passwords"
        func found(_ user: String = "root") throws -> Finding {
            try #require(try typed(bench, "--user \(user) --groups '' --bgp-passwords \(file)")["BGP passwords"])
        }
        func mend(_ finding: Finding) throws {
            let commands = TypedCommand.all(in: finding.remedy)
            #expect(finding.state == .bad && !commands.isEmpty, "\(finding)")
            for command in commands { try bench.type(command.line) }
        }
        #expect(try typed(bench, "--user root")["BGP passwords"] == nil)
        try mend(found())
        let empty = try found()
        #expect(empty.state == .bad && empty.text.contains("no passwords in it"), "\(empty)")
        try "192.0.2.1 Correct Horse\n".write(toFile: file, atomically: false, encoding: .utf8)
        let malformed = try found()
        #expect(malformed.state == .bad && malformed.text.contains("number 1") && !malformed.text.contains("Horse"), "\(malformed)")
        try "192.0.2.1 Correct-Horse\n".write(toFile: file, atomically: false, encoding: .utf8)
        #expect(try found().state == .good)
        try bench.must(["chmod", "644", file])
        try mend(found())
        try bench.must(["chown", "daemon", file])
        try mend(found())
        #expect(try found().state == .good)
        let rootsOwn = try found("nobody")
        #expect(rootsOwn.state == .note && rootsOwn.remedy.contains("LoadCredential=bgp-passwords"), "\(rootsOwn)")
        try bench.must(["chown", "nobody", file])
        #expect(try found("nobody").state == .good)
        try bench.must(["rm", file])
        #expect(try found("nobody").text.contains("No such file"))
    }
}
