import FederationModel
import NetworkTypes

extension IsolationSearch {
    mutating func add(
        _ breach: IsolationBreach, _ level: IsolationLevel, from exporter: LocalVRF, to importer: LocalVRF, exported: RouteTarget?,
        imported: RouteTarget?, at gateway: Int, route: IsolationWitness.Route? = nil, vrf: ForeignVRF? = nil, via: VPNName? = nil,
        isExport: Bool = false, strayAt: Int? = nil
    ) {
        guard isWanted(exporter) || isWanted(importer) else { return }
        witnesses.add(
            .init(exporter: exporter, importer: importer, exported: exported, imported: imported, gateway: vrf == nil ? nil : gateway),
            .init(
                breach: breach, level: level, gateways: [gateway], route: route, vrf: vrf, via: via, isExport: isExport,
                isIntended: level == .intent, strayAt: strayAt))
    }

    func isWanted(_ name: VPNName) -> Bool { selection?.contains(name) ?? true }

    private func isWanted(_ vrf: LocalVRF) -> Bool { if case .vpn(let name) = vrf { isWanted(name) } else { false } }

    mutating func proof() -> IsolationProof {
        if witnesses.omitted > 0 {
            // Whose they are was not kept.
            for place in tenants.indices { tenants[place].level = .intent }
        }
        let named = witnesses.found.map { key, found in witness(key, found) }.sorted(by: IsolationWitness.isWorse)
        let broken = Set(named.flatMap(\.vpns))
        let chosen = tenants.filter { isWanted($0.name) }.map { tenant in
            VPNIsolation(
                name: tenant.name, state: broken.contains(tenant.name) ? .violated : tenant.level == .intent ? .unknown : .proven,
                level: tenant.level, importTargets: Self.union(tenant.imports), exportTargets: Self.union(tenant.exports),
                oldestEvidence: tenant.oldestEvidence, silentGateways: tenant.silentGateways.sorted())
        }.sorted { $0.name < $1.name }
        let shown = gaps.filter { $0.vpn.map(isWanted) ?? true }.sorted {
            ($0.gateway, $0.reason.rawValue, $0.vpn?.text ?? "") < ($1.gateway, $1.reason.rawValue, $1.vpn?.text ?? "")
        }
        return IsolationProof(
            madeAt: now, vpnCount: tenants.count, vpns: chosen, pairs: pairs(named), gatewayCount: gateways.count,
            seenGateways: seenGateways, gaps: Array(shown.prefix(IsolationProof.limit)), gapCount: shown.count,
            witnesses: Array(named.prefix(IsolationProof.limit)), witnessCount: named.count + witnesses.omitted,
            oldestEvidence: chosen.compactMap(\.oldestEvidence).min())
    }

    private static func union(_ lists: [[RouteTarget]]) -> [RouteTarget] {
        lists.count == 1 ? lists[0] : Set(lists.joined()).sorted()
    }

    private struct Pair: Hashable {
        var one: VPNName
        var other: VPNName
    }

    private func pairs(_ witnesses: [IsolationWitness]) -> IsolationProof.Pairs {
        /// Pairs of those that fulfil it, with at least one that is asked for.
        func count(_ condition: (IsolationLevel) -> Bool) -> Int {
            var (all, wanted) = (0, 0)
            for tenant in tenants where condition(tenant.level) {
                all += 1
                if isWanted(tenant.name) { wanted += 1 }
            }
            return wanted * (all - wanted) + wanted * (wanted - 1) / 2
        }
        var pairs = IsolationProof.Pairs()
        pairs.all = count { _ in true }
        pairs.byRoutes = count { $0 == .routes }
        pairs.byConfiguration = count { $0 >= .configuration } - pairs.byRoutes
        pairs.byIntent = pairs.all - pairs.byConfiguration - pairs.byRoutes
        var violated: Set<Pair> = []
        for witness in witnesses {
            let vpns = witness.vpns.sorted()
            guard vpns.count == 2, violated.insert(Pair(one: vpns[0], other: vpns[1])).inserted else { continue }
            pairs.violated += 1
            switch vpns.compactMap({ numbers[$0] }).map({ tenants[$0].level }).min() ?? .intent {
            case .intent: pairs.byIntent -= 1
            case .configuration: pairs.byConfiguration -= 1
            case .routes: pairs.byRoutes -= 1
            }
        }
        return pairs
    }
}
