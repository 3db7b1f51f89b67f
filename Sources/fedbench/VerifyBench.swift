import ArgumentParser
import Federation
import FederationModel
import Foundation
import NetworkTypes
import Verification

/// How long the judge takes for everything, and for one thing that changed.
struct VerifyBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Judges 250 clouds × 500 VPNs as a whole, and again for each thing that changes.",
        discussion: "Exits with 1 where all at once takes longer than its limit.")

    @Option(help: "Addresses of each cloud in each VPN.") var hosts = 6
    @Option(help: "VMs that are bound and unbound again.") var machines = 200

    /// Seconds for 1,000,000 routes.
    private static let wholeLimit = 5.0
    /// Milliseconds; an aim.
    private static let deltaLimit = 0.5

    func run() async throws {
        var noise = Calibration()
        noise.run()
        let shape = SyntheticFederation(
            clouds: 250, vpns: 500, cloudsPerVPN: 20, gatewaysPerCloud: 1, hasRouteServers: true, hasPolicies: false)
        let federation = try ReportedFederation(shape, hosts: hosts)
        let routes = federation.routes
        print("250 clouds × 500 VPNs, each in 20 clouds, a full mesh; \(hosts) addresses of each cloud in each: \(routes) received routes")
        let (whole, verdicts) = Measuring.time { federation.verdicts() }
        guard verdicts.allSatisfy({ $0.state == .ok }) else { throw ValidationError("not all pairs are ok") }
        print(
            String(
                format: "  all at once             %.2f s, %d pairs (limit %.1f s for 1,000,000 routes)", whole, verdicts.count,
                Self.wholeLimit))
        noise.run()
        var current = Verdicts()
        let (first, changes) = Measuring.time {
            for change in federation.beginning { current.take(change) }
            return current.settle(at: ReportedFederation.now)
        }
        guard current.all == verdicts else { throw ValidationError("what is kept current is not what a whole verification says") }
        print(String(format: "  kept current, at first  %.2f s, %d verdicts", first, changes.count))
        let deltas = try Deltas(federation, machines: machines).run(&current)
        guard current.all == verdicts else { throw ValidationError("what was changed and changed back is not what it was") }
        deltas.show(limit: Self.deltaLimit)
        noise.run()
        print(String(format: "  peak memory             %.2f GiB", Double(Measuring.peakMemory) / 1_073_741_824))
        print("noise of this machine: a loop of fixed length took \(noise.summary)")
        if whole > Self.wholeLimit * Double(routes) / 1_000_000 { throw ExitCode.failure }
    }
}

/// VMs are bound and unbound: each is told by its own gateway, then arrives at the other clouds one by one.
struct Deltas {
    /// Milliseconds for each thing that is told, from the telling to the verdicts.
    private(set) var origin: [Double] = []
    private(set) var received: [Double] = []
    private(set) var viewer: [Double] = []
    private(set) var all: [Double] = []
    /// For all of it at once, per VM.
    private(set) var together: [Double] = []
    private var toldTogether = 0

    private let federation: ReportedFederation
    private let machines: Int
    private var random = SystemRandomNumberGenerator()

    init(_ federation: ReportedFederation, machines: Int) throws {
        self.federation = federation
        self.machines = machines
    }

    private enum Kind {
        case origin, received, viewer
    }

    func run(_ verdicts: inout Verdicts) throws -> Deltas {
        var deltas = self
        for index in 0..<machines {
            let forth = deltas.changes(UInt32(index), isBound: true), back = deltas.changes(UInt32(index), isBound: false)
            for (kind, change) in forth + back { deltas.measure(kind, change, &verdicts) }
        }
        for index in 0..<machines {
            for isBound in [true, false] {
                let changes = deltas.changes(UInt32(index), isBound: isBound)
                let (seconds, _) = Measuring.time {
                    for (_, change) in changes { verdicts.take(change) }
                    return verdicts.settle(at: ReportedFederation.now).count
                }
                deltas.together.append(seconds * 1000)
                deltas.toldTogether += changes.count
            }
        }
        return deltas
    }

    private mutating func measure(_ kind: Kind, _ change: FactChange, _ verdicts: inout Verdicts) {
        let (seconds, _) = Measuring.time {
            verdicts.take(change)
            return verdicts.settle(at: ReportedFederation.now).count
        }
        switch kind {
        case .origin: origin.append(seconds * 1000)
        case .received: received.append(seconds * 1000)
        case .viewer: viewer.append(seconds * 1000)
        }
        all.append(seconds * 1000)
    }

    /// What is told when a VM is bound, after the gateways reported as at the beginning; or unbound, as before.
    private func changes(_ index: UInt32, isBound: Bool) -> [(Kind, FactChange)] {
        let vpns = federation.members.keys.sorted()
        let name = vpns[Int(index) * 7919 % vpns.count]
        let members = federation.members[name] ?? []
        let origin = members[Int(index) % members.count]
        guard let vpn = federation.intents[origin]?.vpns[name], let before = federation.observations[origin]?.report.vpns[name],
            let route = federation.route(ReportedFederation.host(200, index), from: origin, in: vpn)
        else { return [] }
        var after = before
        after.expected.append(route.prefix)
        after.advertised.append(route.prefix)
        var moments = ReportMoments()
        moments.tell(isBound ? after : before, after: isBound ? before : after, at: ReportedFederation.now)
        var changes: [(Kind, FactChange)] = [(.origin, .vpn(origin, name, isBound ? after : before, moments[name]))]
        for viewer in members where viewer != origin {
            guard var report = federation.observations[viewer]?.report.vpns[name] else { continue }
            if isBound { report.learn(route) }
            let difference = RouteDifference(removed: isBound ? [] : [route], added: isBound ? [route] : [])
            changes.append((.received, .received(viewer, difference, ReceivedMoments())))
            changes.append((.viewer, .vpn(viewer, name, report, moments[name])))
        }
        return changes
    }

    func show(limit: Double) {
        func line(_ label: String, _ times: [Double]) {
            let text = label + String(repeating: " ", count: max(1, 24 - label.count))
            print(
                "  \(text)"
                    + String(
                        format: "median %.3f ms, p99 %.3f ms, %.0f a second", times.median, times.percentile(99),
                        Double(times.count) * 1000 / times.reduce(0, +)))
        }
        line("origin has one more", origin)
        line("a viewer receives it", received)
        line("a viewer installs it", viewer)
        line("one by one", all)
        print(
            String(
                format: "  aim                     p99 %.1f ms (NetPlumber 0.05–0.5 ms); 100,000 a second", limit))
        print(
            String(
                format: "  told together           median %.3f ms a VM, %.0f a second", together.median,
                Double(toldTogether) * 1000 / together.reduce(0, +)))
    }
}
