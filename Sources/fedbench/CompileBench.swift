import ArgumentParser
import Federation
import FederationModel
import Foundation
import NetworkTypes

/// How long graphs take to compile, against the limits that an admin at the keyboard sets.
struct CompileBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile",
        abstract: "Compiles federations of 100 and 1,000 clouds, and a change of one VPN.",
        discussion: "Prints medians. Exits with 1 where one is over its limit.")

    @Option(help: "Runs of each measurement; odd.") var runs = 5
    @Flag(help: "Skip 1,000 clouds and 10,000 VPNs.") var quick = false

    func run() throws {
        var noise = Calibration()
        noise.run()
        var failures: [String] = []
        func check(_ name: String, _ value: Double, _ limit: Double, _ unit: String) -> String {
            if value > limit { failures.append("\(name): \(Self.text(value)) \(unit), limit \(Self.text(limit)) \(unit)") }
            return "\(Self.text(value)) \(unit) (limit \(Self.text(limit)) \(unit))"
        }

        let usual = SyntheticFederation(clouds: 100, vpns: 1000, cloudsPerVPN: 20, hasRouteServers: false)
        let cold = try measureCold(usual, runs: runs)
        print("100 clouds × 1,000 VPNs, each in 20 clouds, 2 gateways a cloud, sessions of each with each")
        print("  cold compile            \(check("cold compile", cold.compile, 1, "s"))")
        print("  allocation from nothing \(Self.text(cold.allocate)) s")
        print("  resources               \(cold.resources), \(Self.text(cold.compile / Double(cold.resources) * 1e6)) µs each")
        print(
            "  the same dictionaries, filled with numbers: \(Self.text(cold.anchor)) s; the compile costs \(Self.text(cold.compile / cold.anchor)) times that"
        )
        noise.run()

        let edit = try measureEdit(usual, runs: max(runs, 9))
        print("one VPN of them changed (an attachment moves to another cloud)")
        print("  allocate + compile      \(check("one-VPN edit", edit.total * 1000, 50, "ms"))")
        print("    of which allocate     \(Self.text(edit.allocate * 1000)) ms")
        print("    and tell what changed \(Self.text(edit.difference * 1000)) ms more")
        print(
            "  touched                 \(edit.gateways) of \(edit.allGateways) gateways, \(edit.resources) of \(cold.resources) resources")
        noise.run()

        print("what grows with what (route servers; cold compile)")
        print("  clouds    VPNs  clouds/VPN  memberships  seconds  µs/membership")
        for shape in [(100, 500, 20), (100, 1000, 20), (100, 2000, 20), (100, 1000, 5), (100, 1000, 80), (500, 1000, 20), (1000, 1000, 20)]
        {
            let federation = SyntheticFederation(clouds: shape.0, vpns: shape.1, cloudsPerVPN: shape.2, hasRouteServers: true)
            let cold = try measureCold(federation, runs: max(1, runs / 2))
            let cells = [
                Self.pad("\(shape.0)", 8), Self.pad("\(shape.1)", 8), Self.pad("\(shape.2)", 12), Self.pad("\(federation.memberships)", 13),
                Self.pad(Self.text(cold.compile), 9), Self.pad(Self.text(cold.compile / Double(federation.memberships) * 1e6), 15),
            ]
            print(cells.joined())
        }
        noise.run()

        if !quick {
            let large = SyntheticFederation(clouds: 1000, vpns: 10_000, cloudsPerVPN: 20, hasRouteServers: true)
            let cold = try measureCold(large, runs: min(3, runs))
            print("1,000 clouds × 10,000 VPNs, each in 20 clouds, 2 gateways a cloud, route servers")
            print("  cold compile            \(check("large cold compile", cold.compile, 15, "s"))")
            print("  allocation from nothing \(Self.text(cold.allocate)) s")
            print("  peak memory             \(check("peak memory", Double(Measuring.peakMemory) / 1_073_741_824, 2, "GiB"))")
            let edit = try measureEdit(large, runs: min(3, runs))
            print("  one VPN changed         \(Self.text(edit.total * 1000)) ms, \(edit.gateways) of \(edit.allGateways) gateways touched")
        }
        noise.run()
        print("noise of this machine: a loop of fixed length took \(noise.summary)")
        if !failures.isEmpty {
            for failure in failures { print("over its limit: \(failure)") }
            throw ExitCode.failure
        }
    }

    private func measureCold(
        _ federation: SyntheticFederation, runs: Int
    ) throws -> (allocate: Double, compile: Double, anchor: Double, resources: Int) {
        let graph = try federation.graph()
        var (allocations, compiles, anchors): ([Double], [Double], [Double]) = ([], [], [])
        var resources = 0
        for _ in 0..<runs {
            var ledger = Ledger()
            allocations.append(try Measuring.time { try ledger.allocate(for: graph, at: 0) }.seconds)
            let (seconds, compilation) = try Measuring.time { try Compilation(graph, with: ledger, epoch: "bench", revision: 1) }
            compiles.append(seconds)
            resources = compilation.intents.values.reduce(0) { $0 + 1 + $1.vpns.count }
            anchors.append(Measuring.time { Self.fillDictionaries(like: compilation) }.seconds)
        }
        return (allocations.median, compiles.median, anchors.median, resources)
    }

    /// As many dictionaries with as many entries under the same keys, and nothing in them: what no compile can be faster than.
    private static func fillDictionaries(like compilation: Compilation) -> Int {
        var filled: [GatewayID: [VPNName: Int]] = [:]
        for (id, intent) in compilation.intents {
            var entries: [VPNName: Int] = [:]
            for name in intent.vpns.keys { entries[name] = entries.count }
            filled[id] = entries
        }
        return filled.count
    }

    private struct Edit {
        var (total, allocate, difference): (Double, Double, Double)
        var (gateways, allGateways, resources): (Int, Int, Int)
    }

    private func measureEdit(_ federation: SyntheticFederation, runs: Int) throws -> Edit {
        let graph = try federation.graph()
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        let compilation = try Compilation(graph, with: ledger, epoch: "bench", revision: 1)
        let free = graph.clouds.keys.sorted()
        var (totals, allocations, differences): ([Double], [Double], [Double]) = ([], [], [])
        var edit = Edit(total: 0, allocate: 0, difference: 0, gateways: 0, allGateways: compilation.intents.count, resources: 0)
        for run in 0..<runs {
            // A graph of its own, as a file just read is: nothing of it shares memory with what is in force.
            var changed = try federation.graph()
            let name = try VPNName(parsing: "tenant-\(run * 10)")
            let taken = changed.vpns[name]?.clouds ?? []
            if let other = free.first(where: { !taken.contains($0) }) { changed.vpns[name]?.attachments[0].cloud = other }
            var next = ledger
            let allocate = try Measuring.time { try next.allocate(for: changed, at: 1) }.seconds
            let (compile, updated) = try Measuring.time { try compilation.updated(to: changed, with: next, revision: 2) }
            let (difference, touched) = Measuring.time { updated.differences(since: compilation) }
            allocations.append(allocate)
            totals.append(allocate + compile)
            differences.append(difference)
            edit.gateways = touched.count
            edit.resources = touched.values.reduce(0) { $0 + $1.added.count + $1.changed.count + $1.removed.count }
        }
        (edit.total, edit.allocate, edit.difference) = (totals.median, allocations.median, differences.median)
        return edit
    }

    private static func text(_ value: Double) -> String { String(format: value < 10 ? "%.3f" : "%.1f", value) }
    private static func pad(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
}
