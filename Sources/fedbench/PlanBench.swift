import ArgumentParser
import Federation
import FederationModel
import Foundation
import NetworkTypes

/// How long an admin waits for the plan of a small change of a large federation.
struct PlanBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Plans changes of one VPN among 1,000 in 100 clouds.",
        discussion: "Prints medians, without and with what 200 agents report. Exits with 1 where one is over its limit.")

    @Option(help: "Runs of each measurement; odd.") var runs = 9

    /// Milliseconds.
    private static let limit = 50.0

    func run() throws {
        var noise = Calibration()
        noise.run()
        let federation = SyntheticFederation(clouds: 100, vpns: 1000, cloudsPerVPN: 20, hasRouteServers: true)
        let graph = try federation.graph()
        let empty = Snapshot(federation: graph.federation, epoch: "bench", ledger: Ledger())
        let (first, change) = try Measuring.time { try planned(graph, on: empty, facts: [:]) }
        print("100 clouds × 1,000 VPNs, each in 20 clouds, 2 gateways a cloud, from the graph to the plan")
        print(String(format: "  all of it at first      %.2f s, %d changes of gateways", first, change.plan.gateways.count))
        let snapshot = Snapshot(
            federation: graph.federation, epoch: "bench", revision: 1, compilation: change.compilation, ledger: change.ledger)
        let facts = Self.reports(for: change.compilation)
        noise.run()

        var slow = 0
        for (name, edit) in Self.edits {
            var (without, with): ([Double], [Double]) = ([], [])
            var gateways = 0
            for _ in 0..<runs {
                // A graph of its own, as a file just read is: nothing of it shares memory with what is in force.
                var edited = try federation.graph()
                edit(&edited)
                without.append(try Measuring.time { try planned(edited, on: snapshot, facts: [:]) }.seconds * 1000)
                let (seconds, change) = try Measuring.time { try planned(edited, on: snapshot, facts: facts) }
                with.append(seconds * 1000)
                gateways = change.plan.affected.count
            }
            let label = name + String(repeating: " ", count: max(1, 24 - name.count))
            print(
                "  \(label)"
                    + String(
                        format: "%.1f ms, with reports %.1f ms (limit %.0f ms), %d of %d gateways touched", without.median, with.median,
                        Self.limit, gateways, change.compilation.intents.count))
            if max(without.median, with.median) > Self.limit { slow += 1 }
        }
        noise.run()
        print("noise of this machine: a loop of fixed length took \(noise.summary)")
        if slow > 0 { throw ExitCode.failure }
    }

    private static let edits: [(String, @Sendable (inout FederationGraph) -> Void)] = [
        ("nothing", { _ in }),
        ("another preference", { $0.vpns[VPNName(unchecked: "tenant-500")]?.localPreference = 200 }),
        ("a VPN less", { $0.vpns[VPNName(unchecked: "tenant-500")] = nil }),
        (
            "a VPN more",
            { graph in
                graph.vpns[VPNName(unchecked: "another")] = VPN(
                    attachments: graph.clouds.keys.sorted().prefix(20).map {
                        Attachment(cloud: $0, selector: AttachmentSelector(kind: .router, key: .name, value: "another-router"))
                    })
            }
        ),
    ]

    private func planned(_ graph: FederationGraph, on snapshot: Snapshot, facts: [GatewayID: GatewayReport]) throws -> PlannedChange {
        switch Planning.plan(graph, on: snapshot, facts: facts, at: 1) {
        case .planned(let change): return change
        case .refused(let findings): throw ValidationError(findings.map(\.reason).joined(separator: "\n"))
        }
    }

    /// What the agents would say: each VPN with one router, one subnet and ten hosts in it, on the first gateway of its cloud.
    private static func reports(for compilation: Compilation) -> [GatewayID: GatewayReport] {
        let clouds = Dictionary(uniqueKeysWithValues: compilation.graph.clouds.keys.sorted().enumerated().map { ($1, UInt32($0)) })
        let vpns = Dictionary(uniqueKeysWithValues: compilation.graph.vpns.keys.sorted().enumerated().map { ($1, UInt32($0)) })
        var reports: [GatewayID: GatewayReport] = [:]
        for (id, intent) in compilation.intents {
            let isHost = id.node == compilation.graph.clouds[id.cloud]?.gateways.keys.min()
            var report = GatewayReport()
            for (name, vpn) in intent.vpns {
                let network = 0x0a00_0000 | (clouds[id.cloud] ?? 0) << 16 | ((vpns[name] ?? 0) & 0xff) << 8
                let hosts = isHost ? (1...10).map { IPPrefix(host: .v4(IPv4Address(bits: network + UInt32($0)))) } : []
                let subnet = IPPrefix(containing: .v4(IPv4Address(bits: network)), length: 24)
                report.vpns[name] = VPNReport(
                    name: name,
                    attachments: vpn.attachments.map {
                        AttachmentReport(
                            selector: $0.selector, routers: ["router of \(name)"], hosted: isHost ? ["router of \(name)"] : [],
                            chassis: "chassis", subnets: [subnet]
                        )
                    },
                    expected: hosts, advertised: hosts)
            }
            reports[id] = report
        }
        return reports
    }
}
