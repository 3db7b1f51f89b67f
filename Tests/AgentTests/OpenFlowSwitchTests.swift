import Agent
import EVPN
import Foundation
import NetworkTypes
import Subprocess
import Testing

/// A real ovs-vswitchd with one bridge, in user space, in a directory of its own.
private struct RealSwitch {
    let directory: String

    static func with(_ body: (OpenFlowSwitch) async throws -> Void) async throws {
        let real = RealSwitch(directory: NSTemporaryDirectory() + "fed-ovs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: real.directory, withIntermediateDirectories: true)
        do {
            try await real.start()
            try await body(OpenFlowSwitch(runDirectory: real.directory))
        } catch {
            await real.stop()
            throw error
        }
        await real.stop()
    }

    private func shell(_ script: String) async throws {
        let result = try await run(
            .path("/bin/sh"), arguments: ["-ec", script],
            environment: .inherit.updating(["D": directory, "OVS_RUNDIR": directory, "OVS_LOGDIR": directory]),
            output: .discarded, error: .string(limit: 65536))
        if !result.terminationStatus.isSuccess { throw RealSwitchFailure(description: result.standardError) }
    }

    private func start() async throws {
        try await shell(
            """
            ovsdb-tool create $D/conf.db /usr/share/openvswitch/vswitch.ovsschema
            ovsdb-server $D/conf.db --remote=punix:$D/db.sock --unixctl=$D/ovsdb.ctl --pidfile=$D/ovsdb.pid --log-file=$D/ovsdb.log -vconsole:off --detach --no-chdir
            ovs-vsctl --no-wait --db=unix:$D/db.sock init
            ovs-vswitchd unix:$D/db.sock --enable-dummy=override --disable-system --unixctl=$D/vswitchd.ctl --pidfile=$D/vswitchd.pid --log-file=$D/vswitchd.log -vconsole:off --detach --no-chdir
            ovs-vsctl --timeout=20 --db=unix:$D/db.sock add-br br-ex -- set bridge br-ex datapath_type=dummy fail-mode=secure
            """)
    }

    private func stop() async {
        for daemon in ["vswitchd", "ovsdb"] {
            guard let text = try? String(contentsOfFile: "\(directory)/\(daemon).pid", encoding: .utf8),
                let pid = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
            else { continue }
            kill(pid, SIGKILL)
        }
        try? FileManager.default.removeItem(atPath: directory)
    }
}

private struct RealSwitchFailure: Error { let description: String }

@Suite("Flows on a real Open vSwitch", .serialized)
struct OpenFlowSwitchTests {
    @Test("what is added is read back as it was written, VLANs and both families included", .timeLimit(.minutes(1)))
    func roundTrip() async throws {
        try await RealSwitch.with { openflow in
            let wanted = Set(FlowTextTests.samples)
            try await openflow.change("br-ex", add: wanted, remove: [])
            let (found, strangers) = try await openflow.flows(of: "br-ex")
            #expect(found == wanted)
            #expect(strangers == [])
        }
    }

    @Test("a removal takes exactly its own, and a change of action replaces", .timeLimit(.minutes(1)))
    func changes() async throws {
        try await RealSwitch.with { openflow in
            let flows = FlowTextTests.samples
            try await openflow.change("br-ex", add: Set(flows), remove: [])
            var moved = flows[2]
            moved.action = .inject(vlan: nil, port: 9)
            try await openflow.change("br-ex", add: [moved], remove: [flows[2], flows[0]])
            #expect(try await openflow.flows(of: "br-ex").flows == Set([flows[1], moved, flows[3], flows[4]]))
        }
    }

    @Test("others' flows are neither read nor touched", .timeLimit(.minutes(1)))
    func others() async throws {
        try await RealSwitch.with { openflow in
            let foreign = Flow(index: 1, priority: 5, inPort: 3, action: .drop)
            var theirs = foreign
            theirs.cookie = 0x42
            try await openflow.change("br-ex", add: [theirs], remove: [])
            #expect(try await openflow.flows(of: "br-ex").flows == [])
            try await openflow.change("br-ex", add: [], remove: [foreign])
            let listing = try await run(
                .name("ovs-ofctl"), arguments: ["-O", "OpenFlow13", "dump-flows", "unix:\(openflow.runDirectory)/br-ex.mgmt"],
                output: .string(limit: 65536))
            #expect(listing.standardOutput.contains("cookie=0x42"))
        }
    }

    @Test("a bridge that is not there is an error with ovs-ofctl's words", .timeLimit(.minutes(1)))
    func noBridge() async throws {
        await #expect(throws: OpenFlowSwitch.Failure.self) { try await OpenFlowSwitch(runDirectory: "/nonexistent").flows(of: "br-ex") }
    }
}
