import Agent
import EVPN
import Foundation
import NetworkTypes
import OpenFlow
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

/// One of each kind that the agent writes.
private let samples: [Flow] = [
    Flow(
        index: 1, priority: 1000, inPort: 2, sourceMAC: MACAddress("fa:16:3e:00:01:01"), source: IPPrefix("10.1.0.0/24"),
        destination: IPPrefix("10.2.0.11/32"),
        action: .deliver(mac: MACAddress("02:fe:d0:00:00:01")!, stripVLAN: false, port: 7)),
    Flow(
        index: 2, priority: 1000, inPort: 2, vlan: 200, sourceMAC: MACAddress("fa:16:3e:00:01:01"), source: IPPrefix("fd10:1::/64"),
        destination: IPPrefix("fd10:2::11/128"),
        action: .deliver(mac: MACAddress("02:fe:d0:00:00:01")!, stripVLAN: true, port: 7)),
    Flow(
        index: 1, priority: 1000, inPort: 7, destinationMAC: MACAddress("fa:16:3e:00:01:01"), destination: IPPrefix("10.1.0.0/24"),
        action: .inject(vlan: nil, port: 2)),
    Flow(
        index: 1, priority: 1000, inPort: 7, destinationMAC: MACAddress("fa:16:3e:00:01:01"), destination: IPPrefix("fd10:1::/64"),
        action: .inject(vlan: 200, port: 2)),
    Flow(
        index: 1, priority: 1000, inPort: 7, destinationMAC: MACAddress("fa:16:3e:00:01:01"), source: IPPrefix("100.127.0.2/32"),
        destination: IPPrefix("244.127.0.1/32"), udpPort: ProbeWays.port,
        action: .turn(source: IPAddress("244.127.0.1")!, destination: IPAddress("100.127.0.2")!, vlan: nil, port: 2)),
    Flow(
        index: 1, priority: 1000, inPort: 7, destinationMAC: MACAddress("fa:16:3e:00:01:01"), source: IPPrefix("fd0f:ed00::647f:2/128"),
        destination: IPPrefix("fd0f:ed01::647f:1/128"), udpPort: ProbeWays.port,
        action: .turn(source: IPAddress("fd0f:ed01::647f:1")!, destination: IPAddress("fd0f:ed00::647f:2")!, vlan: 200, port: 2)),
    Flow(
        index: 1, priority: 1000, inPort: 2, vlan: 200, sourceMAC: MACAddress("fa:16:3e:00:01:01"),
        destination: IPPrefix("fd0f:ed00::647f:2/128"), udpPort: ProbeWays.port, isMarked: true,
        action: .takeBack(
            mac: MACAddress("02:fe:d0:00:00:01")!, source: IPAddress("fd0f:ed01::647f:1")!, stripVLAN: true, port: 7)),
    Flow(index: 3, priority: 990, inPort: 7, action: .drop),
    Flow(index: Flow.nodeIndex, priority: 2000, inPort: nil, vlan: SwitchPort.isolationVLAN, action: .drop),
]

@Suite("Flows on a real Open vSwitch", .serialized)
struct OpenFlowSwitchTests {
    @Test("what is added is read back as it was written, VLANs and both families included", .timeLimit(.minutes(1)))
    func roundTrip() async throws {
        try await RealSwitch.with { openflow in
            let wanted = Set(samples)
            try await openflow.change("br-ex", add: wanted, remove: [])
            let (found, strangers) = try await openflow.flows(of: "br-ex")
            #expect(found == wanted)
            #expect(strangers == [])
        }
    }

    @Test("a removal takes exactly its own, and a change of action replaces", .timeLimit(.minutes(1)))
    func changes() async throws {
        try await RealSwitch.with { openflow in
            let flows = samples
            try await openflow.change("br-ex", add: Set(flows), remove: [])
            var moved = flows[2]
            moved.action = .inject(vlan: nil, port: 9)
            try await openflow.change("br-ex", add: [moved], remove: [flows[2], flows[0]])
            #expect(try await openflow.flows(of: "br-ex").flows == Set([flows[1], moved] + flows[3...]))
        }
    }

    @Test("a flow takes the place of one with the same match and another cookie, which takes nothing along", .timeLimit(.minutes(1)))
    func successor() async throws {
        try await RealSwitch.with { openflow in
            let former = samples[0]
            var successor = Flow(
                index: 9, priority: former.priority, inPort: former.inPort, sourceMAC: former.sourceMAC, source: former.source,
                destination: former.destination, action: .deliver(mac: MACAddress("02:fe:d0:00:00:01")!, stripVLAN: false, port: 8))
            try await openflow.change("br-ex", add: [former], remove: [])
            try await openflow.change("br-ex", add: [successor], remove: [])
            #expect(try await openflow.flows(of: "br-ex").flows == [successor])
            try await openflow.change("br-ex", add: [], remove: [former])
            #expect(try await openflow.flows(of: "br-ex").flows == [successor])
            // In one go, the other way round.
            try await openflow.change("br-ex", add: [former], remove: [successor])
            #expect(try await openflow.flows(of: "br-ex").flows == [former])
            // Equal in all but the cookie.
            successor.action = former.action
            try await openflow.change("br-ex", add: [successor], remove: [former])
            #expect(try await openflow.flows(of: "br-ex").flows == [successor])
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

    @Test("others' entries from a priority on are read, with what is understood of them, and how ports are set", .timeLimit(.minutes(1)))
    func contests() async throws {
        try await RealSwitch.with { openflow in
            try await openflow.change("br-ex", add: Set(samples), remove: [])
            let bridge = "unix:\(openflow.runDirectory)/br-ex.mgmt"
            let flows = [
                "cookie=7,priority=3000,ip,nw_dst=10.2.0.0/24,actions=drop",
                "cookie=8,priority=1500,tcp,in_port=2,tp_dst=22,actions=NORMAL",
                "cookie=9,priority=2500,arp,actions=NORMAL", "priority=999,ip,actions=drop",
                "cookie=10,priority=1000,ipv6,vlan_tci=0x0000,actions=NORMAL",
            ]
            for words in flows.map({ ["add-flow", bridge, $0] }) + [["mod-port", bridge, "br-ex", "no-forward"]] {
                let result = try await run(
                    .name("ovs-ofctl"), arguments: Arguments(["-O", "OpenFlow13"] + words), output: .discarded, error: .string(limit: 65536)
                )
                #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
            }
            let client = OpenFlowClient(path: "\(openflow.runDirectory)/br-ex.mgmt")
            let rules = try await client.rules(from: 1000, except: Flow.cookieMark, mask: Flow.cookieMask)
            #expect(
                Set(rules) == [
                    FoundRule(cookie: 7, priority: 3000, match: FlowMatch(destination: IPPrefix("10.2.0.0/24"))),
                    FoundRule(
                        cookie: 8, priority: 1500, match: FlowMatch(inPort: 2, destination: IPPrefix.everything(.ipv4)), isConditional: true
                    ),
                    FoundRule(cookie: 10, priority: 1000, match: FlowMatch(destination: IPPrefix.everything(.ipv6)), isUntagged: true),
                ])
            let ports = try await client.ports()
            #expect(ports.map(\.name) == ["br-ex"] && ports.first?.forwardsNothing == true && ports.first?.drops == false)
        }
    }

    @Test("a thousand flows are written and read in one go each", .timeLimit(.minutes(1)))
    func many() async throws {
        try await RealSwitch.with { openflow in
            let flows = Set(
                (0..<1000).map { number in
                    var flow = samples[0]
                    flow.destination = IPPrefix(host: .v4(IPv4Address(bits: 0x0a02_0000 + UInt32(number))))
                    return flow
                })
            try await openflow.change("br-ex", add: flows, remove: [])
            #expect(try await openflow.flows(of: "br-ex").flows == flows)
            try await openflow.change("br-ex", add: [], remove: flows)
            #expect(try await openflow.flows(of: "br-ex").flows == [])
        }
    }

    @Test("a flow with our cookie that somebody else wrote is told in words", .timeLimit(.minutes(1)))
    func strangers() async throws {
        try await RealSwitch.with { openflow in
            let flow = "cookie=0x0fed0fed00000001,priority=7,tcp,tp_dst=22,actions=NORMAL"
            let result = try await run(
                .name("ovs-ofctl"), arguments: ["-O", "OpenFlow13", "add-flow", "unix:\(openflow.runDirectory)/br-ex.mgmt", flow],
                output: .discarded, error: .string(limit: 65536))
            #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
            let (flows, strangers) = try await openflow.flows(of: "br-ex")
            #expect(flows == [] && strangers.count == 1 && strangers[0].contains("0xfed0fed00000001"))
        }
    }

    @Test("a flow that the switch does not take is an error that names it", .timeLimit(.minutes(1)))
    func refusal() async throws {
        try await RealSwitch.with { openflow in
            var wrong = samples[0]
            // OFPP_MAX + 1: no port can have this number.
            wrong.action = .deliver(mac: MACAddress("02:fe:d0:00:00:01")!, stripVLAN: false, port: 0xffff_ff01)
            let error = await #expect(throws: OpenFlowSwitch.Failure.self) {
                try await openflow.change("br-ex", add: [wrong, samples[4]], remove: [])
            }
            #expect(error?.description.contains("refused") == true)
            let found = try await openflow.flows(of: "br-ex").flows
            #expect(found == [samples[4]])
        }
    }

    @Test("a bridge that is not there is an error with its name and what to do", .timeLimit(.minutes(1)))
    func noBridge() async throws {
        let error = await #expect(throws: OpenFlowSwitch.Failure.self) {
            try await OpenFlowSwitch(runDirectory: "/nonexistent").flows(of: "br-ex")
        }
        #expect(error?.bridge == "br-ex" && error?.description.contains("ovs-vswitchd") == true)
    }
}
