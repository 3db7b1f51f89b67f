import EVPN
import Foundation
import Logging
import Testing
import TypedCommands

@testable import Agent

@Suite("What a cleanup takes away", .timeLimit(.minutes(1)))
struct CleanupTests {
    private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test("zebra's empty blocks of our VRFs are found, and forgotten; those with lines of others stay")
    func blocks() async throws {
        let bench = try Bench("cln")
        try bench.startRouting([
            "vrf fed1", "vni 7", "no vni 7", "exit-vrf", "vrf blue", "exit-vrf", "vrf fed2", "ip router-id 192.0.2.1", "exit-vrf",
        ])
        let routing = RoutingHost(directory: "\(bench.directory)/frr", passwords: nil, log: Self.log)
        #expect(try await routing.bareVRFs() == ["fed1"])
        #expect(try await routing.forgetVRFs() == ["fed1"])
        #expect(try await routing.forgetVRFs() == [])
        let left = try bench.type("vtysh -c \"show vrf\"")
        #expect(!left.contains("vrf fed1") && left.contains("vrf blue") && left.contains("vrf fed2"), "\(left)")
    }

    @Test("an agent's lock on its state keeps a cleanup and a second agent away, wherever that agent's console is")
    func lock() async throws {
        let directory = "/tmp/fedlock-\(getpid())"
        _ = try StateDirectory(path: directory, log: Self.log)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        func failure() async throws -> String {
            let cleanup = try Cleanup(
                surroundings: Surroundings(
                    databases: .init(local: [.unix(path: "\(directory)/none")]), frrDirectory: directory, switchDirectory: directory),
                stateDirectory: directory, log: Self.log)
            return await Self.outcome(of: cleanup, in: directory, within: .milliseconds(100))
        }
        do {
            let agent = try StateLock(directory: directory)
            await #expect(throws: StateLock.Failure.inUse(directory: directory)) {
                _ = try await StateLock.taken(directory, within: .milliseconds(100))
            }
            #expect(try await failure().contains("systemctl stop fed-agent"))
            withExtendedLifetime(agent) {}
        }
        #expect(try await failure().contains("the database of Open vSwitch"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == [])
    }

    @Test("where another program puts back what is removed, the cleanup ends and says what it was")
    func putBack() async throws {
        let bench = try Bench("back")
        try bench.startOVN()
        try bench.startSwitch(bridges: ["br-int", "br-ex"])
        try bench.must([
            "ovs-vsctl", "--db=unix:\(bench.directory)/ovs.sock", "set", "Open_vSwitch", ".", "external_ids:system-id=gw1",
            "external_ids:ovn-bridge-mappings=physnet1:br-ex",
        ])
        try bench.startRouting(["router bgp 65001", "exit", "router bgp 65001 vrf fed1", "exit"])
        let stubborn = Process()
        stubborn.executableURL = URL(fileURLWithPath: "/bin/sh")
        stubborn.arguments = [
            "-c",
            "while sleep 0.05; do vtysh --vty_socket \(bench.directory)/frr -c 'configure' -c 'router bgp 65001 vrf fed1'; done >/dev/null 2>&1",
        ]
        try stubborn.run()
        let cleanup = try Cleanup(
            surroundings: Surroundings(
                databases: .init(
                    local: [.unix(path: "\(bench.directory)/ovs.sock")], southbound: [.unix(path: "\(bench.directory)/sb.sock")],
                    northbound: [.unix(path: "\(bench.directory)/nb.sock")]), frrDirectory: "\(bench.directory)/frr",
                switchDirectory: bench.directory), stateDirectory: "\(bench.directory)/state", log: Self.log)
        let outcome = await Self.outcome(of: cleanup, in: bench.directory, within: .seconds(30))
        stubborn.terminate()
        stubborn.waitUntilExit()
        #expect(outcome.hasPrefix("another program puts back router bgp vrf fed1"), "\(outcome)")
    }

    /// What it says; empty where it did all.
    private static func outcome(of cleanup: Cleanup, in directory: String, within patience: Duration) async -> String {
        do {
            _ = try await cleanup.run(console: ConsoleClient(directory: "\(directory)/no"), within: patience) { _ in true }
            return ""
        } catch {
            return error.description
        }
    }
}
