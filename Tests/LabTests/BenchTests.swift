import Foundation
import Glibc
import Testing

@testable import Lab

@Suite("The benchmark: what it reads and prints")
struct BenchTests {
    @Test("medians stand beside those of ovn-bgp-agent 7.0.0, and CPU time beside wall time")
    func table() {
        var table = BenchTable()
        for milliseconds in [500, 700, 600] {
            var sample = BenchTable.Sample(total: .milliseconds(milliseconds), ovn: .milliseconds(400))
            sample.ownShare = .milliseconds(milliseconds / 100)
            sample.load = MachineLoad(busy: 1, stolen: 0.5, own: 0.25)
            table.add(1, .bound, sample)
        }
        table.residentMemory = 40 * 1024
        let line = table.lines.first { $0.contains("1 bound") } ?? ""
        let cells = line.split(separator: " ").dropFirst(2).map(String.init)
        #expect(cells == ["0.600", "[0.500–0.700]", "0.400", "0.200", "0.006", "0.250", "1.250", "0.797", "0.218"])
        #expect(table.lines.contains { $0.contains("6.0 ms median, 7.0 ms at most, 3 changes") })
        #expect(table.lines.contains { $0.hasPrefix("agent after that: 40 MiB") })
        #expect(BenchTable.median([.seconds(1), .seconds(4), .seconds(2), .seconds(3)]) == .milliseconds(2500))
    }

    @Test("the machine's CPU seconds are read as proc(5) has them")
    func machine() throws {
        let load = try #require(MachineLoad(stat: "cpu  100 20 30 4000 500 6 7 80 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n"))
        #expect(abs(load.busy - 1.63) < 1e-9 && abs(load.stolen - 0.8) < 1e-9)
        #expect(MachineLoad(stat: "") == nil && MachineLoad(stat: "cpu  1 2\n") == nil)
        let stat = "42 (a ) b) S 1 77 77 0 -1 4194560 1 2 3 4 10 20 30 40 20 0 1 0 5\n"
        #expect(MachineLoad.time(stat: stat, group: 77) == 1.0)
        #expect(MachineLoad.time(stat: stat, group: 78) == nil)
        #expect(MachineLoad.time(stat: "rubbish", group: 77) == nil)
    }

    @Test("what this process uses is found in the machine's figures, and crosses a file", .timeLimit(.minutes(1)))
    func own() throws {
        let before = try #require(MachineLoad.read(group: getpgrp()))
        var sum = 0.0
        let end = clock() + CLOCKS_PER_SEC / 4
        while clock() < end { sum += 1 }
        let after = try #require(MachineLoad.read(group: getpgrp()))
        #expect((after - before).own ?? 0 >= 0.2 && sum > 0)
        let path = NSTemporaryDirectory() + "load-\(getpid()).json"
        defer { unlink(path) }
        after.write(to: path)
        #expect(MachineLoad.read(writtenAt: path) == after)
        #expect(MachineLoad.read(writtenAt: path + ".nowhere") == nil)
    }

    @Test("the kernel's own configuration says the same as the probe of its datapath")
    func datapath() async throws {
        let configuration = try await Command(["/bin/sh", "-c", "zcat /proc/config.gz 2>/dev/null || cat /boot/config-$(uname -r)"]).run()
        guard configuration.succeeded, geteuid() == 0 else { return }
        func isBuiltIn(_ option: String) -> Bool { configuration.output.contains("CONFIG_\(option)=y\n") }
        if isBuiltIn("NF_CONNTRACK") && isBuiltIn("NF_CT_NETLINK") {
            #expect(try SwitchDatapath.hasConntrackZones() == isBuiltIn("NF_CONNTRACK_ZONES"))
        }
        if !configuration.output.contains("CONFIG_OPENVSWITCH=m\n") {
            #expect(try SwitchDatapath.hasOpenVSwitch() == isBuiltIn("OPENVSWITCH"))
        }
    }

    @Test("an error of netlink is read, and an acknowledgement is none")
    func netlink() {
        let head: [UInt8] = [36, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
        #expect(SwitchDatapath.error(in: head + [0xfe, 0xff, 0xff, 0xff]) == ENOENT)
        #expect(SwitchDatapath.error(in: head + [0, 0, 0, 0]) == nil)
        #expect(SwitchDatapath.error(in: []) == nil)
    }

    @Test("bridges get the datapath that was chosen, and ovn-controller is told the same", arguments: [SwitchDatapath.kernel, .userSpace])
    func configuration(datapath: SwitchDatapath) throws {
        let scenario = try ScenarioParserTests.shipped("two-clouds")
        let cloud = try #require(scenario.cloud("paris"))
        let operations = SwitchConfiguration.operations(for: "gw1", of: cloud, plan: AddressPlan(scenario), datapath: datapath)
        let text = String(decoding: try JSONEncoder().encode(operations), as: UTF8.self)
        let other: SwitchDatapath = datapath == .kernel ? .userSpace : .kernel
        #expect(text.contains("\"datapath_type\":\"\(datapath.rawValue)\""))
        #expect(text.contains("\"ovn-bridge-datapath-type\",\"\(datapath.rawValue)\""))
        #expect(!text.contains("\"\(other.rawValue)\""))
    }
}
