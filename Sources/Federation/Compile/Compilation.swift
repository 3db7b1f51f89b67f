import FederationModel
import NetworkTypes

/// A compiled graph: the intent of every gateway.
///
/// Deterministic. Each resource's version depends only on its content: resources that a change does not touch keep their versions.
package struct Compilation: Sendable {
    package let graph: FederationGraph
    package let ledger: Ledger
    /// Identifies the coordinator's database.
    package let epoch: String
    /// The graph's revision.
    package let revision: UInt64
    package private(set) var intents: [GatewayID: GatewayIntent]
    /// Exports and imports by route target.
    package private(set) var targets: TargetTable

    private var shares: IncomingShares
    private var sites: [CloudName: CompiledSite]
    private var vpns: [VPNName: CompiledVPN]

    /// - Parameter ledger: Must have allocated for this graph.
    /// - Throws: If it has not.
    package init(_ graph: FederationGraph, with ledger: Ledger, epoch: String, revision: UInt64) throws(CompilationError) {
        self.graph = graph
        self.ledger = ledger
        self.epoch = epoch
        self.revision = revision
        shares = IncomingShares(graph)
        sites = [:]
        for (name, cloud) in graph.clouds.sorted(by: { $0.key < $1.key }) { sites[name] = try CompiledSite(name, cloud, ledger) }
        let bases = try BaseIntents(graph, ledger, sites)
        vpns = Dictionary(minimumCapacity: graph.vpns.count)
        targets = TargetTable()
        for (name, vpn) in graph.vpns.sorted(by: { $0.key < $1.key }) {
            let compiled = try CompiledVPN(name, vpn, in: graph, shares, ledger, sites)
            vpns[name] = compiled
            targets.replace(name, with: compiled.entries)
        }
        let parts = Self.vpnIntents(vpns, sites)
        intents = Dictionary(minimumCapacity: bases.intents.count)
        for (id, base) in bases.intents {
            intents[id] = GatewayIntent(
                federation: graph.federation, epoch: epoch, revision: revision, gateway: id, base: base, vpns: parts[id] ?? [:])
        }
    }

    /// The reachable pairs of a VPN.
    package func reaches(of vpn: VPNName) -> Set<Reach> { targets.reaches(of: vpn) }

    /// The VPNs whose compiled forms differ, including those that only one compilation has.
    package func changedVPNs(since old: Compilation) -> Set<VPNName> {
        var changed = Set(old.vpns.keys.filter { vpns[$0] == nil })
        for (name, vpn) in vpns {
            guard let before = old.vpns[name] else {
                changed.insert(name)
                continue
            }
            if vpn !== before, !vpn.isSame(as: before) { changed.insert(name) }
        }
        return changed
    }

    /// The differences of all changed gateways: `IntentDifference.between`, at a cost proportional to the change.
    package func differences(since old: Compilation) -> [GatewayID: IntentDifference] {
        var differences: [GatewayID: IntentDifference] = [:]
        for id in Set(intents.keys).union(old.intents.keys) {
            let (before, after) = (old.intents[id], intents[id])
            if let before, let after {
                if before.base.version != after.base.version { differences[id, default: .init()].changed.append(.base) }
            } else {
                differences[id] = IntentDifference(from: before, to: after)
            }
        }
        for name in changedVPNs(since: old).sorted() {
            let gateways = [old.vpns[name], vpns[name]].compactMap(\.self).flatMap(\.memberships).flatMap(\.site.gateways).map(\.id)
            for id in Set(gateways) {
                guard let before = old.intents[id], let after = intents[id] else { continue }
                switch (before.vpns[name]?.version, after.vpns[name]?.version) {
                case (nil, nil): break
                case (nil, _): differences[id, default: .init()].added.append(.vpn(name))
                case (_, nil): differences[id, default: .init()].removed.append(.vpn(name))
                case (let one, let two): if one != two { differences[id, default: .init()].changed.append(.vpn(name)) }
                }
            }
        }
        return differences
    }

    /// Collects the intents per gateway first: a dictionary of dictionaries would be copied at each step.
    private static func vpnIntents(
        _ vpns: [VPNName: CompiledVPN], _ sites: [CloudName: CompiledSite]
    ) -> [GatewayID: [VPNName: VPNIntent]] {
        var counts: [CloudName: Int] = [:]
        for vpn in vpns.values { for membership in vpn.memberships { counts[membership.cloud, default: 0] += 1 } }
        var first: [CloudName: Int] = [:]
        var parts: [[VPNName: VPNIntent]] = []
        for (name, site) in sites {
            first[name] = parts.count
            for _ in site.gateways { parts.append(Dictionary(minimumCapacity: counts[name] ?? 0)) }
        }
        for (name, vpn) in vpns {
            for membership in vpn.memberships {
                guard var slot = first[membership.cloud] else { continue }
                for intent in vpn.intents(of: membership) {
                    parts[slot][name] = intent
                    slot += 1
                }
            }
        }
        var all: [GatewayID: [VPNName: VPNIntent]] = Dictionary(minimumCapacity: parts.count)
        for (name, site) in sites {
            for (offset, gateway) in site.gateways.enumerated() { all[gateway.id] = parts[(first[name] ?? 0) + offset] }
        }
        return all
    }
}

extension Compilation {
    /// Compiles a changed graph. Equal to a cold compilation, at a cost proportional to the change.
    ///
    /// - Throws: If the ledger has not allocated for it.
    package func updated(to graph: FederationGraph, with ledger: Ledger, revision: UInt64) throws(CompilationError) -> Compilation {
        guard graph.federation == self.graph.federation else {
            return try Compilation(graph, with: ledger, epoch: epoch, revision: revision)
        }
        var next = Compilation(self, graph, ledger, revision)
        let moved = try next.updateSites(self)
        try next.updateBases(self)
        let names = changedNames(graph, ledger, next.shares, moved).sorted()
        var compiled: [(VPNName, CompiledVPN?)] = []
        for name in names {
            guard let vpn = graph.vpns[name] else {
                compiled.append((name, nil))
                continue
            }
            compiled.append((name, try CompiledVPN(name, vpn, in: graph, next.shares, ledger, next.sites)))
        }
        for (name, vpn) in compiled { next.replace(name, with: vpn) }
        return next
    }

    /// A copy of another compilation's parts, to be updated.
    private init(_ old: Compilation, _ graph: FederationGraph, _ ledger: Ledger, _ revision: UInt64) {
        self.graph = graph
        self.ledger = ledger
        epoch = old.epoch
        self.revision = revision
        intents = old.intents
        targets = old.targets
        shares = IncomingShares(graph)
        sites = old.sites
        vpns = old.vpns
    }

    /// - Returns: The clouds that changed for their VPNs.
    private mutating func updateSites(_ old: Compilation) throws(CompilationError) -> Set<CloudName> {
        var moved: Set<CloudName> = []
        for name in sites.keys where graph.clouds[name] == nil {
            sites[name] = nil
            moved.insert(name)
        }
        for (name, cloud) in graph.clouds.sorted(by: { $0.key < $1.key }) {
            let site = try CompiledSite(name, cloud, ledger)
            if let before = sites[name], before.isSame(as: site) { continue }
            sites[name] = site
            moved.insert(name)
        }
        return moved
    }

    /// A change of any cloud can affect the sessions of all others, so all are compiled or none.
    private mutating func updateBases(_ old: Compilation) throws(CompilationError) {
        if graph.clouds != old.graph.clouds || !BaseIntents.agree(intents, with: graph, ledger) {
            let bases = try BaseIntents(graph, ledger, sites).intents
            for id in intents.keys where bases[id] == nil { intents[id] = nil }
            for (id, base) in bases {
                if intents[id] == nil {
                    intents[id] = GatewayIntent(
                        federation: graph.federation, epoch: epoch, revision: revision, gateway: id, base: base, vpns: [:])
                } else if intents[id]?.base != base {
                    intents[id]?.base = base
                }
            }
        }
        for index in intents.values.indices { intents.values[index].revision = revision }
    }

    /// The VPNs with a changed input.
    private func changedNames(
        _ graph: FederationGraph, _ ledger: Ledger, _ shares: IncomingShares, _ moved: Set<CloudName>
    ) -> [VPNName] {
        let removed = vpns.keys.filter { graph.vpns[$0] == nil }
        return removed
            + graph.vpns.filter { name, vpn in
                guard let compiled = vpns[name], self.graph.vpns[name] == vpn, self.shares[name] == shares[name],
                    compiled.agrees(with: ledger)
                else { return true }
                return !moved.isEmpty
                    && (vpn.attachments.contains { moved.contains($0.cloud) }
                        || compiled.memberships.contains { moved.contains($0.cloud) })
            }.keys
    }

    private mutating func replace(_ name: VPNName, with vpn: CompiledVPN?) {
        let before = vpns[name]
        vpns[name] = vpn
        targets.replace(name, with: vpn?.entries ?? [])
        var kept: Set<GatewayID> = []
        for membership in vpn?.memberships ?? [] {
            for (gateway, intent) in zip(membership.site.gateways, vpn?.intents(of: membership) ?? []) {
                kept.insert(gateway.id)
                if intents[gateway.id]?.vpns[name] != intent { intents[gateway.id]?.vpns[name] = intent }
            }
        }
        for gateway in before?.memberships.flatMap(\.site.gateways) ?? [] where !kept.contains(gateway.id) {
            intents[gateway.id]?.vpns[name] = nil
        }
    }
}

extension FederationGraph {
    /// The intent of every gateway for this graph.
    ///
    /// - Parameters:
    ///   - ledger: Must have allocated for this graph.
    ///   - epoch: Identifies the coordinator's database.
    ///   - revision: The graph's revision.
    /// - Throws: If the ledger has not allocated for this graph.
    package func intents(
        with ledger: Ledger, epoch: String, revision: UInt64
    ) throws(CompilationError) -> [GatewayID: GatewayIntent] {
        try Compilation(self, with: ledger, epoch: epoch, revision: revision).intents
    }
}
