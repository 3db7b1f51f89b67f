import FederationModel
import NetworkTypes

extension Ledger {
    /// The inputs of one allocation.
    struct Allocation {
        let graph: FederationGraph
        /// Milliseconds since 1970.
        let now: Int64
        let pools: Pools
        let older: Ledger?
        /// The initial ledger, and the numbers in quarantine that belong together.
        let before: Ledger
        let resting: RestingNumbers
        let reserved: Reserved
    }

    /// AS numbers.
    mutating func assignClouds(_ allocation: Allocation) -> [AllocationProblem] {
        let graph = allocation.graph
        let formerlyShared = sharedASNs
        let shared = shareASes(allocation)
        let servers = Set(graph.clouds.values.flatMap(\.bgp.routeServers).map(\.asn))
        let reserved = allocation.reserved
        var candidates = allocation.pools.asns.without(reserved.asns.map(\.range)).lazy.joined().makeIterator()
        var rules = Register<CloudName, ASN>.Rules(
            words: .init(value: "AS", path: { "clouds.\($0).as" }, exhausted: "give the cloud an AS with “as:”"),
            quarantine: allocation.pools.quarantine,
            next: { _ in
                while let number = candidates.next() { if let asn = ASN(value: number) { return asn } }
                return nil
            })
        rules.avoided = servers.union(sharedASNs.values)
        let sharing = formerlyShared.merging(sharedASNs) { $1 }
        rules.isQuarantined = { sharing[$0] == nil }
        rules.reservation = Reserved.lookup(reserved.asns) { $0.value }
        rules.older = allocation.older.map { older in { older.asn(of: $0) } }
        let alone = graph.clouds.filter { sharedASNs[$0.key] == nil }.mapValues(\.asn)
        var problems = shared + asns.assign(alone, at: allocation.now, by: rules)
        for (cloud, asn) in asns.held where servers.contains(asn) && graph.clouds[cloud]?.asn == nil {
            problems.append(
                AllocationProblem(
                    cause: .taken, path: "clouds.\(cloud).as", value: asn.description,
                    reason: "AS \(asn) is allocated to \(cloud) and used by a route server",
                    remedy: "give the cloud another AS with “as:”, or change the route server's"))
        }
        return problems
    }

    /// VNIs first: route targets are derived from them if free.
    mutating func assignVPNs(_ allocation: Allocation) -> [AllocationProblem] {
        var problems = assignVNIs(allocation)
        let (wanted, targets) = routeTargets(allocation)
        let indexes = distinguisherRules(allocation)
        problems += routeTargets.assign(wanted, at: allocation.now, by: targets)
        problems += distinguishers.assign(allocation.graph.vpns.mapValues { _ in nil }, at: allocation.now, by: indexes)
        return problems
            + beginVNIChanges(allocation, indexes, targets, given: wanted.compactMapValues { $0 })
    }

    private mutating func assignVNIs(_ allocation: Allocation) -> [AllocationProblem] {
        let reserved = allocation.reserved.vnis
        var candidates = allocation.pools.vnis.without(reserved.map(\.range)).lazy.joined().makeIterator()
        var rules = Register<VPNName, VNI>.Rules(
            words: .init(value: "VNI", path: { "vpns.\($0).vni" }, exhausted: "give the VPN a VNI with “vni:”, or widen the pool"),
            quarantine: allocation.pools.quarantine,
            next: { _ in
                while let number = candidates.next() { if let vni = VNI(value: number) { return vni } }
                return nil
            })
        rules.reservation = Reserved.lookup(reserved) { $0.value }
        rules.inUse = vnisInUse
        rules.older = allocation.older.map { older in { older.vni(of: $0) } }
        return vnis.assign(allocation.graph.vpns.mapValues(\.vni), at: allocation.now, by: rules)
    }

    /// The owners of targets, with values from the file, and the allocation rules.
    private func routeTargets(
        _ allocation: Allocation
    ) -> (wanted: [TargetOwner: RouteTarget?], rules: Register<TargetOwner, RouteTarget>.Rules) {
        let graph = allocation.graph
        let shares = IncomingShares(graph)
        var wanted: [TargetOwner: RouteTarget?] = Dictionary(minimumCapacity: graph.vpns.count)
        // Another fabric uses them: a VPN with such a target would be connected to that fabric.
        var foreign: Set<RouteTarget> = []
        for (name, vpn) in graph.vpns {
            for owner in graph.targetOwners(of: name, shares) { wanted[owner] = .some(nil) }
            wanted[.vpn(name)] = .some(vpn.routeTarget)
            foreign.formUnion(vpn.importTargets)
            foreign.formUnion(vpn.exportTargets)
        }
        let administrator = allocation.pools.routeTargetAdministrator
        let vnis = vnis.held
        var candidates = allocation.pools.routeTargetNumbers.makeIterator()
        var rules = Register<TargetOwner, RouteTarget>.Rules(
            words: .init(
                value: "route target", path: { if case .vpn(let vpn) = $0 { "vpns.\(vpn).rt" } else { "vpns.\($0.vpn).policy" } },
                exhausted: "give the VPN a route target with “rt:”, or widen the pool"),
            quarantine: allocation.pools.quarantine,
            next: { _ in candidates.next().map { RouteTarget(.as2(administrator, $0)) } })
        rules.avoided = foreign
        rules.inUse = targetsInUse
        rules.reservation = Reserved.lookup(allocation.reserved.routeTargets)
        rules.preference = { owner in
            guard case .vpn(let vpn) = owner else { return nil }
            return vnis[vpn].map { RouteTarget(.as2(administrator, $0.value)) }
        }
        // Targets also belong to a VNI.
        let (before, resting) = (allocation.before.vnis.held, allocation.resting)
        rules.former = { owner, latest in
            let own = vnis[owner.vpn].flatMap { resting[owner.vpn, $0]?.targets[owner] }
            return own ?? (before[owner.vpn] == vnis[owner.vpn] ? latest.flatMap { resting.isOfVRF($0) ? nil : $0 } : nil)
        }
        rules.older = allocation.older.map { older in { older.routeTarget(of: $0) } }
        return (wanted, rules)
    }

    private func distinguisherRules(_ allocation: Allocation) -> Register<VPNName, DistinguisherIndex>.Rules {
        var candidates = allocation.pools.distinguishers.makeIterator()
        var rules = Register<VPNName, DistinguisherIndex>.Rules(
            words: .init(
                value: "RD index", path: { "vpns.\($0)" }, exhausted: "remove VPNs, or wait until the quarantine of removed VPNs ends"),
            quarantine: allocation.pools.quarantine, next: { _ in candidates.next().map { DistinguisherIndex(value: $0) } })
        rules.inUse = indexesInUse
        // An index belongs to a VNI. While a VPN keeps its VNI, a new index would withdraw all its routes for a moment, and a gateway
        // that was offline may still use the index in a VRF with the old VNI.
        let (before, now, resting) = (allocation.before, vnis.held, allocation.resting)
        rules.former = { vpn, _ in now[vpn].flatMap { resting[vpn, $0]?.index } }
        rules.older = allocation.older.map { older in
            { before.vnis.held[$0] != now[$0] && older.vni(of: $0) == now[$0] ? older.distinguisherIndex(of: $0) : nil }
        }
        return rules
    }
}
