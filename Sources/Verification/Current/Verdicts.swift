import FederationModel
import NetworkTypes

/// The verdicts of a federation, kept current: facts come in as they change, and only what they touch is judged again.
///
/// At each moment they are what `verify` says of the same facts. The unit of work is the VPN, and in it the pair: a verdict depends on the
/// VPN's intents and reports at both clouds, on what the viewer received, on the gateways' base reports, and on the time.
package struct Verdicts: Sendable {
    // MARK: Facts

    private var view = FederationView([:])
    private var graph: [VPNName: VPN] = [:]
    private var changedAt: [VPNName: Int64] = [:]
    private var records: [GatewayID: [ResourceName: ResourceRecord]] = [:]
    private var heard: [GatewayID: Heard] = [:]
    private var reports: [VPNName: [GatewayID: Report]] = [:]
    private var received: [GatewayID: ReceivedIndex] = [:]

    private struct Report {
        var report: VPNReport
        var moments: VPNMoments
    }

    // MARK: What follows

    private var sites: [VPNName: [GatewayID: GatewayInVPN]] = [:]
    private var units: [VPNName: VPNUnit] = [:]
    /// VPNs whose gateways may have routes of a VPN that is not theirs.
    private var importers: [VPNName: Set<VPNName>] = [:]
    /// VPNs to which any route that a gateway receives may matter.
    private var curious: [GatewayID: Set<VPNName>] = [:]
    private var deadlines = Deadlines()
    /// How old what a gateway said was held to be.
    private var ages: [GatewayID: Age] = [:]

    private struct Age: Hashable {
        var isStale: Bool
        /// Of a stale one.
        var heard: Heard?
        var silent: Set<SilentSource>
    }

    private var dirt: [VPNName: VPNUnit.Dirt] = [:]
    /// Gateways that were heard since.
    private var stirred: Set<GatewayID> = []

    /// How many pairs are in each state.
    package private(set) var tally: [VerdictState: Int] = [:]

    package init() {}

    /// The next time at which a verdict may become another though nothing is told, in milliseconds since 1970; nil: never.
    package var nextDeadline: Int64? { deadlines.next }

    /// All of them, by VPN, origin and viewer.
    package var all: [PairVerdict] { units.keys.sorted().flatMap { self[$0] } }

    /// Those of a VPN, by origin and viewer.
    package subscript(vpn: VPNName) -> [PairVerdict] {
        (units[vpn]?.verdicts.joined()).map { $0.sorted { ($0.origin, $0.viewer) < ($1.origin, $1.viewer) } } ?? []
    }

    package var vpns: [VPNName] { units.keys.sorted() }

    /// Whether facts came that are not judged yet.
    package var isBehind: Bool { !dirt.isEmpty || !stirred.isEmpty }

    // MARK: Facts that change

    /// Takes a fact in. Verdicts stay as they are until `settle`.
    package mutating func take(_ change: FactChange) {
        switch change {
        case .intents(let intents, let vpns, let times): take(intents, vpns, times)
        case .records(let gateway, let next):
            let known = records.removeValue(forKey: gateway) ?? [:]
            if !next.isEmpty { records[gateway] = next }
            for resource in Set(known.keys).union(next.keys) where known[resource] != next[resource] {
                switch resource {
                case .base: touch(gateway)
                case .vpn(let name): dirt[name, default: .init()].sites.insert(gateway)
                }
            }
        case .heard(let gateway, let time, let connected):
            heard[gateway, default: Heard(receivedAt: time, connected: connected, base: BaseReport())].receivedAt = time
            heard[gateway]?.connected = connected
            stirred.insert(gateway)
        case .base(let gateway, let report):
            heard[gateway, default: Heard(receivedAt: 0, connected: false, base: report)].base = report
            stirred.insert(gateway)
            touch(gateway)
        case .vpn(let gateway, let name, let report, let moments):
            keep(report.map { Report(report: $0, moments: moments) }, on: name, of: gateway)
            dirt[name, default: .init()].sites.insert(gateway)
        case .received(let gateway, let difference, let moments): take(difference, moments, of: gateway)
        case .forgotten(let gateway):
            heard[gateway] = nil
            received[gateway] = nil
            for name in Array(reports.keys) { keep(nil, on: name, of: gateway) }
            stirred.insert(gateway)
            for name in vpns(of: gateway) { dirt[name, default: .init()].isWhole = true }
        }
    }

    private mutating func keep(_ report: Report?, on name: VPNName, of gateway: GatewayID) {
        reports[name, default: [:]][gateway] = report
        if reports[name]?.isEmpty ?? false { reports[name] = nil }
    }

    private func vpns(of gateway: GatewayID) -> some Sequence<VPNName> { (view.intents[gateway]?.vpns ?? [:]).keys }

    /// All VPNs of a gateway may have become others.
    private mutating func touch(_ gateway: GatewayID) {
        for name in vpns(of: gateway) { dirt[name, default: .init()].sites.insert(gateway) }
    }

    private mutating func take(_ difference: RouteDifference, _ moments: ReceivedMoments, of gateway: GatewayID) {
        var own: [VPNName: RouteDifference] = [:]
        let mine = view.intents[gateway]?.vpns ?? [:]
        func sort(_ routes: [ReceivedRoute], _ part: WritableKeyPath<RouteDifference, [ReceivedRoute]>) {
            for route in routes {
                var names = Set(route.routeTargets.flatMap { view.importers[$0] ?? [] })
                if let owner = view.owners[route.routeDistinguisher] { names.insert(owner.vpn) }
                for name in names where mine[name] != nil { own[name, default: RouteDifference()][keyPath: part].append(route) }
            }
        }
        sort(difference.removed, \.removed)
        sort(difference.added, \.added)
        for (name, routes) in own {
            dirt[name, default: .init()].routes[gateway, default: RouteDifference()].removed += routes.removed
            dirt[name, default: .init()].routes[gateway, default: RouteDifference()].added += routes.added
        }
        for name in curious[gateway] ?? [] {
            dirt[name, default: .init()].routes[gateway, default: RouteDifference()].added += []
            dirt[name, default: .init()].viewers.insert(gateway.cloud)
        }
        for route in difference.removed { received[gateway]?.remove(route) }
        for route in difference.added { received[gateway, default: ReceivedIndex()].insert(route) }
        received[gateway]?.moments = moments
    }

    private mutating func take(_ intents: [GatewayID: GatewayIntent], _ vpns: [VPNName: VPN], _ times: [VPNName: Int64]) {
        let (former, next) = (view, FederationView(intents))
        var changed: Set<VPNName> = []
        var areBasesAlike = former.intents.count == intents.count
        for (id, intent) in intents {
            let known = former.intents[id]
            if known?.base != intent.base { areBasesAlike = false }
            for (name, vpn) in intent.vpns where known?.vpns[name] != vpn { changed.insert(name) }
            for name in (known?.vpns ?? [:]).keys where intent.vpns[name] == nil { changed.insert(name) }
        }
        view = next
        for name in Set(former.members.keys).union(next.members.keys) {
            let isNamed = changed.contains(name) || graph[name] != vpns[name] || changedAt[name] != times[name]
            // Bases name who is who everywhere; they change seldom.
            if !areBasesAlike || isNamed || units[name]?.isEntangled ?? true { dirt[name, default: .init()].isWhole = true }
        }
        // A number that goes from one VPN to another is both's matter.
        for name in changed {
            for intents in [former.intents, next.intents] {
                for intent in intents.values {
                    for binding in intent.vpns[name]?.bindings ?? [] {
                        for view in [former, next] {
                            guard let owner = view.owners[binding.routeDistinguisher] else { continue }
                            dirt[owner.vpn, default: .init()].isWhole = true
                        }
                    }
                }
            }
        }
        graph = vpns
        changedAt = times
        for (gateway, names) in curious { beCurious(at: gateway, names.filter { next.intents[gateway]?.vpns[$0] != nil }) }
        ages = ages.filter { next.intents[$0.key] != nil || heard[$0.key] != nil }
        importers = [:]
        for (target, exporters) in next.exporters {
            for exporter in exporters {
                for importer in next.importers[target] ?? [] where importer != exporter {
                    importers[exporter, default: []].insert(importer)
                }
            }
        }
    }

    // MARK: Judging

    /// Judges again what the facts that changed, and the time, touch.
    ///
    /// - Parameter now: Milliseconds since 1970, not before the last call's.
    /// - Returns: The verdicts that became others.
    package mutating func settle(at now: Int64) -> [VerdictChange] {
        age(at: now)
        guard !dirt.isEmpty else { return [] }
        let changes = renewSites(at: now)
        let dirt = dirt
        self.dirt = [:]
        let surroundings = Surroundings(view: view, sites: sites, received: received)
        var found: [VerdictChange] = []
        for (name, what) in dirt {
            var unit = units.removeValue(forKey: name) ?? VPNUnit()
            guard let own = sites[name], !own.isEmpty else {
                found += VerdictChange.changes(from: unit.verdicts.flatMap(\.self), to: [])
                continue
            }
            let former = unit.verdicts
            let judged = unit.judge(what, changes[name] ?? [:], sites: own) { sides, joins in
                VPNJudge(
                    name, graph[name], sides: sides, joins: joins, surroundings: surroundings, changedAt: changedAt[name] ?? 0, now: now)
            }
            if what.isWhole {
                found += VerdictChange.changes(from: former.flatMap(\.self), to: unit.verdicts.flatMap(\.self))
            } else {
                for viewer in judged { found += VerdictChange.changes(from: former[viewer], to: unit.verdicts[viewer]) }
            }
            for viewer in judged { note(viewer, of: unit, in: name) }
            units[name] = unit
        }
        for change in found {
            if let state = change.before?.state { tally[state, default: 0] -= 1 }
            if let state = change.after?.state { tally[state, default: 0] += 1 }
        }
        return found
    }

    private mutating func note(_ viewer: Int, of unit: VPNUnit, in name: VPNName) {
        let side = unit.sides[viewer]
        let isCurious = unit.isCurious(viewer)
        for site in side.sites {
            let names = curious[site.id] ?? []
            beCurious(at: site.id, isCurious ? names.union([name]) : names.subtracting([name]))
        }
        if let time = unit.until(viewer) { deadlines.set(.viewer(name, side.cloud), at: time) }
    }

    private mutating func beCurious(at gateway: GatewayID, _ names: Set<VPNName>) { curious[gateway] = names.isEmpty ? nil : names }

    /// Finds what became too old, or is so no more.
    private mutating func age(at now: Int64) {
        for subject in deadlines.due(at: now) {
            switch subject {
            case .gateway(let gateway): stirred.insert(gateway)
            case .viewer(let name, let cloud): dirt[name, default: .init()].viewers.insert(cloud)
            }
        }
        for gateway in stirred {
            let heard = heard[gateway]
            let isStale = heard?.isStale(at: now) ?? true
            let age = Age(
                isStale: isStale, heard: isStale ? heard : nil,
                silent: Set((heard?.base.silentSources ?? []).filter { now - $0.since > SilentSource.limit }))
            if ages.updateValue(age, forKey: gateway) != age { touch(gateway) }
            guard let heard else {
                if view.intents[gateway] == nil { ages[gateway] = nil }
                continue
            }
            if !isStale { deadlines.set(.gateway(gateway), at: heard.receivedAt + GatewayObservation.lifetime + 1) }
            for source in heard.base.silentSources where now - source.since <= SilentSource.limit {
                deadlines.set(.gateway(gateway), at: source.since + SilentSource.limit + 1)
            }
        }
        stirred = []
    }

    /// Makes the gateways anew that may have become others.
    private mutating func renewSites(at now: Int64) -> [VPNName: [GatewayID: SiteChange]] {
        var changes: [VPNName: [GatewayID: SiteChange]] = [:]
        let rollout = Rollout(of: view.intents, records)
        for (name, what) in dirt {
            let members = what.isWhole ? Set((view.members[name] ?? [:]).values.joined()) : what.sites
            var own = sites.removeValue(forKey: name) ?? [:]
            if what.isWhole { own = own.filter { members.contains($0.key) } }
            for id in members {
                guard let intent = view.intents[id], let vpn = intent.vpns[name] else { continue }
                let former = own[id]
                let report = reports[name]?[id]
                let site = GatewayInVPN(
                    id: id, base: intent.base, intent: vpn, rollout: rollout, heard: heard[id], report: report?.report,
                    moments: report?.moments ?? VPNMoments(), now: now, after: former)
                own[id] = site
                let change = former.map { SiteChange(from: $0, to: site) } ?? .whole
                changes[name, default: [:]][id] = change
                guard change.isWhole || !change.announced.isEmpty else { continue }
                for importer in importers[name] ?? [] { dirt[importer, default: .init()].isForeign = true }
            }
            sites[name] = own.isEmpty ? nil : own
        }
        return changes
    }
}

/// A verdict that became another; nil where there was none, or is none any more.
package struct VerdictChange: Hashable, Sendable {
    package var before: PairVerdict?
    package var after: PairVerdict?

    /// - Parameters: each with one verdict a pair.
    static func changes(from former: [PairVerdict], to verdicts: [PairVerdict]) -> [VerdictChange] {
        var changes: [VerdictChange] = []
        if former.count == verdicts.count, zip(former, verdicts).allSatisfy({ ($0.origin, $0.viewer) == ($1.origin, $1.viewer) }) {
            for (before, after) in zip(former, verdicts) where before != after {
                changes.append(VerdictChange(before: before, after: after))
            }
            return changes
        }
        struct Pair: Hashable {
            var origin: CloudName
            var viewer: CloudName
        }
        var known = Dictionary(former.map { (Pair(origin: $0.origin, viewer: $0.viewer), $0) }) { $1 }
        for verdict in verdicts {
            let before = known.removeValue(forKey: Pair(origin: verdict.origin, viewer: verdict.viewer))
            if before != verdict { changes.append(VerdictChange(before: before, after: verdict)) }
        }
        return changes + known.values.map { VerdictChange(before: $0, after: nil) }
    }
}
