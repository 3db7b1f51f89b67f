import EVPN
import FederationModel
import Logging
import NetworkTypes

/// What outlives the agent, and what it reports.
extension GatewayAgent {
    /// Before anything is done on account of it: a number or a name must mean the same after the next start.
    func save(_ action: Action) throws {
        switch action {
        case .saveIntent(let intent): try store.save(intent)
        case .saveIndexes(let indexes): try store.save(indexes)
        case .saveCloud(let cloud): try store.save(cloud)
        case .savePins(let pins):
            for pin in pins where !savedPins.contains(pin) {
                var metadata: Logger.Metadata = [
                    "selector": "\(pin.selector)", "id": "\(pin.id)", "project": "\(pin.project ?? "not known")",
                ]
                if let former = pin.replaces { metadata["replaces"] = "\(former)" }
                log.notice("a name is found", metadata: metadata)
            }
            savedPins = pins
            try store.save(Pins(pins))
        default: break
        }
    }

    /// What the loop knows for a report; bgpd's own tables come from elsewhere.
    /// - Parameter tables: Nil while bgpd cannot be asked.
    func report(with tables: RoutingTables?, hostProblems: [Problem]) async -> ReportBoard.Content? {
        guard let intent = core.keeper.intent else { return nil }
        let observedAt = min(core.host.routing?.readAt ?? .max, tables?.readAt ?? .max, Self.now)
        let tables = tables ?? RoutingTables()
        let unreachable = await effects.routing.failure.map(Reporter.unreachable)
        writes.vty = await effects.routing.writes
        var report = GatewayReport(
            base: BaseReport(
                asn: core.host.routing?.asn, sessions: tables.sessions,
                problems: core.baseProblems + hostProblems + (await effects.forwarding.problems) + (await effects.contests.nodeProblems)
                    + [unreachable, await effects.tunnels.problem].compactMap(\.self),
                writes: writes,
                software: "\(Self.software), FRR \(tables.version)", silentSources: core.sources.silent(at: Self.now),
                foreignVRFs: core.foreignVRFs),
            received: tables.received, bgpvpns: core.bgpvpns)
        let probes = await effects.probes.findings
        let contested = await effects.contests.problems
        for vpn in intent.vpns.values {
            report.vpns[vpn.name] = core.report(of: vpn, tables, probes: probes)
            for index in vpn.instances.compactMap({ core.indexes.instances[$0] }) {
                report.vpns[vpn.name]?.problems += contested[index] ?? []
            }
        }
        return ReportBoard.Content(report: report, acknowledgements: core.acknowledgements, observedAt: observedAt)
    }

    /// Beside the loop: a firewall may have many rules, and no change shall wait for them.
    nonisolated func lookAtFirewall() async { await effects.forwarding.look(await forwarded) }

    /// Beside the loop too.
    nonisolated func lookAtSwitch() async {
        guard let (flows, mac) = await contestable else { return }
        Task { [effects] in await effects.contests.look(flows, routerMAC: mac) }
    }

    private var contestable: (flows: [String: Set<Flow>], routerMAC: MACAddress)? {
        guard let flows = core.host.flows, let mac = core.keeper.intent?.base.routerMAC else { return nil }
        return (flows, mac)
    }

    private var forwarded: [Int: ForwardFilter.Prefixes] {
        let indexes = core.indexes.instances.values
        return core.host.kernel?.forwarded(indexes: indexes) ?? Dictionary(uniqueKeysWithValues: Set(indexes).map { ($0, .init()) })
    }

    /// bgpd's tables, with those of the VRFs that are sent in; nil while it cannot be asked.
    func readTables() async -> RoutingTables? { await effects.routing.readTables(of: core.reportedVRFs, at: Self.now) }
}
