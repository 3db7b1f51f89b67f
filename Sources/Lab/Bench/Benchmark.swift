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
                    return ""
                })
        else { return }
        for (count, rounds) in [(1, 12), (100, 3), (Self.largest, 2)] {
            let fine = await journal.stage(
                "bench: \(count) VM\(count == 1 ? "" : "s") bound and unbound, \(rounds) times", log: log,
                {
                    for _ in 0..<rounds {
                        table.add(count, .bound, try await measure(site, count, bound: true))
                        table.add(count, .unbound, try await measure(site, count, bound: false))
                    }
                    return ""
                })
            if !fine { break }
        }
        table.ownShares = Self.ownShares(inLogAt: log)
        table.residentMemory = lab.daemons.agent(site.gateway).process.flatMap(Self.residentMemory)
        for line in table.lines { journal.line(line) }
    }

    /// Plugs or unplugs the first `count` ports and times the way of their routes.
    private func measure(_ site: BenchSite, _ count: Int, bound: Bool) async throws -> BenchTable.Sample {
        let expected = Set(site.addresses(count).map(IPPrefix.init(host:)))
        let (ready, announce) = AsyncStream.makeStream(of: Void.self)
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
            // The next round shall begin in peace.
            try await Task.sleep(for: .seconds(count > 1 ? 3 : 1))
            return BenchTable.Sample(total: end - start, ovn: min(ovn, end) - start)
        }
    }

    /// What the agent says of itself in `own_share_us`.
    private static func ownShares(inLogAt path: String) -> [Int] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").compactMap { line in
            guard line.contains("routes change"), let range = line.range(of: "own_share_us=") else { return nil }
            return Int(line[range.upperBound...].prefix { $0.isNumber })
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
