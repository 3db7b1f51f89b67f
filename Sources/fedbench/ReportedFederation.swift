import Federation
import FederationModel
import NetworkTypes
import Verification

/// A synthetic federation in which everything works, and what its gateways would report. Only the first gateway of a cloud hosts routers.
struct ReportedFederation {
    let graph: FederationGraph
    let intents: [GatewayID: GatewayIntent]
    let records: [GatewayID: [ResourceName: ResourceRecord]]
    private(set) var observations: [GatewayID: GatewayObservation] = [:]
    /// The gateways of each VPN, sorted.
    let members: [VPNName: [GatewayID]]

    /// Milliseconds since 1970.
    static let now: Int64 = 1_800_000_000_000

    /// - Parameter hosts: addresses of a cloud in a VPN.
    init(_ federation: SyntheticFederation, hosts: Int) throws {
        graph = try federation.graph()
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        let intents = try Compilation(graph, with: ledger, epoch: "bench", revision: 1).intents
        self.intents = intents
        records = intents.mapValues { $0.versions.mapValues { ResourceRecord(applied: $0) } }
        var members: [VPNName: [GatewayID]] = [:]
        for (id, intent) in intents { for name in intent.vpns.keys { members[name, default: []].append(id) } }
        self.members = members.mapValues { $0.sorted() }
        for id in intents.keys {
            observations[id] = GatewayObservation(report: GatewayReport(), receivedAt: Self.now, connected: true)
        }
        for (place, name) in members.keys.sorted().enumerated() { report(name, UInt32(place), hosts: hosts) }
    }

    /// What everybody knows, as it changed from nothing.
    var beginning: [FactChange] {
        [.intents(intents, vpns: graph.vpns, changedAt: [:])]
            + records.map { .records($0.key, $0.value) }
            + observations.flatMap { FactChange.changes(of: $0.key, from: nil, to: $0.value) }
    }

    func verdicts() -> [PairVerdict] {
        verify(
            intents: intents, vpns: graph.vpns, rollout: Rollout(of: intents, records), observations: observations, now: Self.now)
    }

    /// Routes that gateways received.
    var routes: Int { observations.values.reduce(0) { $0 + $1.report.received.count } }

    private mutating func report(_ name: VPNName, _ place: UInt32, hosts: Int) {
        let gateways = members[name] ?? []
        // Tenants' addresses overlap: each VPN has the same ones.
        var sources: [(id: GatewayID, vpn: VPNIntent, base: BaseIntent, prefixes: [IPPrefix])] = []
        for (index, id) in gateways.enumerated() {
            guard let intent = intents[id], let vpn = intent.vpns[name] else { continue }
            let isHost = id.node == graph.clouds[id.cloud]?.gateways.keys.min()
            let prefixes = isHost ? (1...hosts).map { Self.host(UInt32(index), UInt32($0)) } : []
            sources.append((id, vpn, intent.base, prefixes))
        }
        for viewer in sources {
            var report = VPNReport(
                name: name,
                attachments: viewer.vpn.attachments.map {
                    AttachmentReport(
                        selector: $0.selector, routers: ["router"], hosted: viewer.prefixes.isEmpty ? [] : ["router"], chassis: "chassis")
                },
                effective: EffectiveVPN(
                    encapsulation: viewer.vpn.encapsulation, routeDistinguisher: viewer.vpn.routeDistinguisher,
                    importTargets: viewer.vpn.importTargets, exportTargets: viewer.vpn.exportTargets, routerMAC: viewer.base.routerMAC,
                    isUp: true),
                expected: viewer.prefixes, advertised: viewer.prefixes)
            for source in sources where source.id.cloud != viewer.id.cloud {
                guard !Set(source.vpn.exportTargets).isDisjoint(with: viewer.vpn.importTargets) else { continue }
                for prefix in source.prefixes { learn(prefix, from: source.id, in: source.vpn, &report, at: viewer.id) }
                // One that learns from the other too has a way back.
                guard !viewer.prefixes.isEmpty, !source.prefixes.isEmpty,
                    !Set(viewer.vpn.exportTargets).isDisjoint(with: source.vpn.importTargets)
                else { continue }
                report.probes.append(ProbeReport(answeredBy: source.base.vtep))
            }
            observations[viewer.id]?.report.vpns[name] = report
        }
    }

    static func host(_ cloud: UInt32, _ number: UInt32) -> IPPrefix {
        IPPrefix(host: .v4(IPv4Address(bits: 0x0a00_0000 | cloud << 16 | number)))
    }

    private mutating func learn(
        _ prefix: IPPrefix, from source: GatewayID, in vpn: VPNIntent, _ report: inout VPNReport, at viewer: GatewayID
    ) {
        guard let route = route(prefix, from: source, in: vpn) else { return }
        observations[viewer]?.report.received.append(route)
        report.learn(route)
    }

    func route(_ prefix: IPPrefix, from source: GatewayID, in vpn: VPNIntent) -> ReceivedRoute? {
        guard let base = intents[source]?.base else { return nil }
        return ReceivedRoute(
            prefix: prefix, routeDistinguisher: vpn.routeDistinguisher, nextHop: .v4(base.vtep), routeTargets: vpn.exportTargets,
            routerMAC: base.routerMAC, asPath: [base.asn.value], isValid: true, isBest: true)
    }
}

extension ProbeReport {
    fileprivate init(answeredBy vtep: IPv4Address) {
        let part = Part(outcome: .returned, since: ReportedFederation.now - 60_000, isHeard: true)
        self.init(vtep: vtep, family: .ipv4, small: part, large: part, largeSize: 1450, interval: 1000, roundTrip: 1200)
    }
}

extension VPNReport {
    /// A route is imported, installed and steered.
    mutating func learn(_ route: ReceivedRoute) {
        imported.append(ImportedRoute(prefix: route.prefix, nextHop: route.nextHop, isBest: true))
        installed.append(InstalledRoute(prefix: route.prefix, nextHop: route.nextHop, tunnelReady: true))
        steered.append(route.prefix)
        exempted.append(route.prefix)
    }
}
