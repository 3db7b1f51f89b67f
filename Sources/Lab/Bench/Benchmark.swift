import Foundation
import NetworkTypes
import Synchronization

/// Measures how fast bindings of VMs become routes in the other cloud's kernel, and go again.
///
/// The clock starts just before the transaction that plugs the ports into br-int, and stops with the last route event of
/// the other cloud's kernel; OVN's own share ends when the southbound database names the chassis.
package struct Benchmark: Sendable {
    private let lab: Lab
    /// VMs of this many appear, beside those of the scenario.
    private static let largest = 500

    package init(_ lab: Lab) { self.lab = lab }

    /// Measures with the first cloud as the origin and the second as the viewer, in the first federated router.
    package func run() async {
        guard lab.scenario.clouds.count >= 2, let site = BenchSite(lab) else {
            lab.journal.line("FAIL  a benchmark needs two clouds and a router")
            return
        }
        var table = BenchTable()
        let journal = lab.journal
        let log = lab.layout.log(site.gateway, "agent")
        guard
            await journal.stage(
                "bench: \(Self.largest) ports in OVN, none bound", log: log,
                {
                    try await eventually(within: .seconds(60), every: .milliseconds(500), "working federation (fedctl verify)") {
                        try await lab.daemons.fedctl(["verify"]).run().succeeded
                    }
                    try await site.createNetwork(ports: Self.largest)
                    try await settle()
                    return ""
                })
        else { return }
        journal.line("bench: \(Self.kernel), \(Self.processors), \((try? SwitchDatapath.probe())?.description ?? "unknown datapath")")
        for (count, rounds) in [(1, 12), (100, 5), (Self.largest, 4)] {
            let fine = await journal.stage(
                "bench: \(count) VM\(count == 1 ? "" : "s") bound and unbound, \(rounds) times", log: log,
                {
                    for _ in 0..<rounds {
                        table.add(count, .bound, try await measure(site, count, bound: true, agentLog: log))
                        table.add(count, .unbound, try await measure(site, count, bound: false, agentLog: log))
                    }
                    return ""
                })
            if !fine { break }
        }
        table.residentMemory = lab.daemons.agent(site.gateway).process.flatMap(Self.residentMemory)
        for line in table.lines { journal.line(line) }
    }

    private static var kernel: String {
        var name = utsname()
        uname(&name)
        let release = withUnsafeBytes(of: name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let processor = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        return (processor.contains("User Mode Linux") ? "user-mode Linux " : "Linux ") + release
    }

    private static var processors: String {
        let count = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        return count == 1 ? "one CPU for all of the lab" : "\(count) CPUs"
    }

    /// Plugs or unplugs the first `count` ports and times the way of their routes.
    private func measure(_ site: BenchSite, _ count: Int, bound: Bool, agentLog: String) async throws -> BenchTable.Sample {
        let expected = Set(site.addresses(count).map(IPPrefix.init(host:)))
        let (ready, announce) = AsyncStream.makeStream(of: Void.self)
        let said = Self.size(of: agentLog)
        let (times, load) = (ProcessTimes(lab), machineLoad)
        return try await withThrowingTaskGroup(of: ContinuousClock.Instant?.self) { group in
            group.addTask {
                let seen = Mutex<Set<IPPrefix>>([])
                let last = Mutex(ContinuousClock.now)
                let complete = try await RouteMonitor(in: site.viewer.namespace).run(within: .seconds(120), started: { announce.yield() }) {
                    event, time in
                    guard event.isFederated, expected.contains(event.prefix) else { return true }
                    return seen.withLock { seen in
                        if event.isAdded == bound { seen.insert(event.prefix) } else { seen.remove(event.prefix) }
                        last.withLock { $0 = time }
                        return seen.count < expected.count
                    }
                }
                guard complete else {
                    throw LabError("\(expected.count - seen.withLock { $0.count }) of \(expected.count) routes missing after 120 s")
                }
                return last.withLock { $0 }
            }
            var iterator = ready.makeAsyncIterator()
            _ = await iterator.next()
            let start = ContinuousClock.now
            try await site.plug(count, bound)
            try await site.waitForBinding(count, bound)
            let ovn = ContinuousClock.now
            var end = start
            for try await time in group { end = time ?? end }
            var sample = BenchTable.Sample(total: end - start, ovn: min(ovn, end) - start)
            sample.load = machineLoad.flatMap { now in load.map { now - $0 } }
            sample.times = ProcessTimes(lab) - times
            sample.ownShare = Self.ownShares(inLogAt: agentLog, from: said).max()
            try await settle()
            return sample
        }
    }

    /// The next round shall begin in peace: OVN goes on installing flows, and agents reporting, long after the routes are there.
    private func settle() async throws {
        try await eventually(within: .seconds(60), every: .zero, "quiet lab") {
            let before = ProcessTimes(lab)
            try await Task.sleep(for: .seconds(1))
            return (ProcessTimes(lab) - before).sum < Self.quiet
        }
    }

    /// CPU seconds in a second of all daemons, when nothing happens and they only look around.
    private static let quiet = 0.2

    /// In a guest, as the host last wrote it down.
    private var machineLoad: MachineLoad? { MachineLoad.read(writtenAt: lab.layout.machineLoad) ?? MachineLoad.read(group: nil) }

    private static func size(of path: String) -> UInt64 {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? UInt64) ?? 0
    }

    /// What the agent says of itself in `own_share_us`, from a position in its log on.
    private static func ownShares(inLogAt path: String, from position: UInt64) -> [Duration] {
        guard let file = FileHandle(forReadingAtPath: path) else { return [] }
        defer { try? file.close() }
        try? file.seek(toOffset: position)
        guard let data = try? file.readToEnd() else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap { line in
            guard line.contains("routes change"), let range = line.range(of: "own_share_us=") else { return nil }
            return Int(line[range.upperBound...].prefix { $0.isNumber }).map { .microseconds($0) }
        }
    }

    /// VmRSS in KiB (proc(5)).
    private static func residentMemory(_ process: pid_t) -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return nil }
        return text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }.flatMap { line in
            Int(line.split(separator: " ").dropFirst().first.map { $0.filter(\.isNumber) } ?? "")
                ?? Int(line.filter(\.isNumber))
        }
    }
}
