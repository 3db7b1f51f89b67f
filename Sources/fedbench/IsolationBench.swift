import ArgumentParser
import Federation
import FederationModel
import Foundation
import NetworkTypes
import Verification

/// What it costs to prove that no VPN reaches another.
struct IsolationBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "isolation",
        abstract: "Proves the isolation of 10,000 VPNs from each other, and of 2,000 to 20,000 for comparison.",
        discussion: "Prints medians, from intent only and with what all gateways report. Exits with 1 where one is over its limit.")

    @Option(help: "Runs of each measurement; odd.") var runs = 9

    /// Milliseconds.
    private static let limit = 200.0
    private static let now: Int64 = 1_800_000_000_000

    func run() throws {
        var noise = Calibration()
        noise.run()
        print("VPNs, each in 4 of 100 clouds, 2 gateways a cloud; no two share a target; each gateway reports, with a foreign VRF")
        print("   VPNs       pairs  from intent  with reports  the same names and targets put into sets")
        var slow: Double?
        for vpns in [2000, 10_000, 20_000] {
            let (intent, reports, anchor, pairs) = try measure(vpns)
            let isJudged = vpns == 10_000
            print(
                String(
                    format: "  %5d  %10d  %8.1f ms  %9.1f ms  %8.1f ms", vpns, pairs, intent.median, reports.median, anchor.median)
                    + (isJudged ? String(format: "  (limit %.0f ms)", Self.limit) : ""))
            if isJudged, reports.median > Self.limit { slow = reports.median }
            noise.run()
        }
        print("noise of this machine: a loop of fixed length took \(noise.summary)")
        if slow != nil { throw ExitCode.failure }
    }

    private func measure(_ count: Int) throws -> (intent: [Double], reports: [Double], anchor: [Double], pairs: Int) {
        let federation = SyntheticFederation(clouds: 100, vpns: count, cloudsPerVPN: 4, hasRouteServers: true)
        let graph = try federation.graph()
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        let intents = try Compilation(graph, with: ledger, epoch: "bench", revision: 1).intents
        let observations = try Self.reports(for: intents)
        var (intent, reports, anchor): ([Double], [Double], [Double]) = ([], [], [])
        var pairs = 0
        for _ in 0..<runs {
            let (alone, unknown) = Measuring.time { proveIsolation(intents: intents, vpns: graph.vpns, observations: [:], now: Self.now) }
            let (seconds, proof) = Measuring.time {
                proveIsolation(intents: intents, vpns: graph.vpns, observations: observations, now: Self.now)
            }
            guard unknown.state == .unknown, proof.state == .proven, proof.pairs.byRoutes == proof.pairs.all else {
                throw ValidationError("the proof is not what it must be: \(proof.state.rawValue)")
            }
            intent.append(alone * 1000)
            reports.append(seconds * 1000)
            anchor.append(Measuring.time { Self.fill(intents) }.seconds * 1000)
            pairs = proof.pairs.all
        }
        return (intent, reports, anchor, pairs)
    }

    /// Each name and each target of each gateway once into a set: what a look at all of them costs at least.
    private static func fill(_ intents: [GatewayID: GatewayIntent]) -> Int {
        var (names, targets): (Set<VPNName>, Set<RouteTarget>) = ([], [])
        for intent in intents.values {
            for (name, vpn) in intent.vpns {
                names.insert(name)
                for target in vpn.importTargets { targets.insert(target) }
                for target in vpn.exportTargets { targets.insert(target) }
            }
        }
        return names.count + targets.count
    }

    /// What agents tell of a federation in which all is as intended: a route of each other cloud in each VRF.
    private static func reports(for intents: [GatewayID: GatewayIntent]) throws -> [GatewayID: GatewayObservation] {
        var origins: [VPNName: [(cloud: CloudName, route: ReceivedRoute)]] = [:]
        for (id, intent) in intents.sorted(by: { $0.key < $1.key }) where id.node.text == "gw1" {
            for (name, vpn) in intent.vpns where !vpn.exportTargets.isEmpty {
                let route = ReceivedRoute(
                    prefix: try IPPrefix(parsing: "10.\((origins[name]?.count ?? 0) + 1).0.11/32"),
                    routeDistinguisher: vpn.routeDistinguisher,
                    nextHop: .v4(intent.base.vtep), routeTargets: vpn.exportTargets, routerMAC: intent.base.routerMAC,
                    asPath: [intent.base.asn.value], isValid: true, isBest: true)
                origins[name, default: []].append((id.cloud, route))
            }
        }
        let foreign = ForeignVRF(
            name: "operator", importTargets: [try RouteTarget(parsing: "65010:7")], exportTargets: [try RouteTarget(parsing: "65010:7")])
        return intents.mapValues { intent in
            var report = GatewayReport(base: BaseReport(foreignVRFs: ForeignVRFs(among: [foreign])))
            for (name, vpn) in intent.vpns {
                let learned = (origins[name] ?? []).filter {
                    $0.cloud != intent.gateway.cloud && !Set($0.route.routeTargets).isDisjoint(with: vpn.importTargets)
                }.map(\.route)
                report.received += learned
                report.vpns[name] = VPNReport(
                    name: name,
                    effective: EffectiveVPN(
                        encapsulation: vpn.encapsulation, routeDistinguisher: vpn.routeDistinguisher, importTargets: vpn.importTargets,
                        exportTargets: vpn.exportTargets, routerMAC: intent.base.routerMAC, isUp: true),
                    imported: learned.map { ImportedRoute(prefix: $0.prefix, nextHop: $0.nextHop, isBest: true) })
            }
            return GatewayObservation(report: report, receivedAt: now - 1000, connected: true)
        }
    }
}
