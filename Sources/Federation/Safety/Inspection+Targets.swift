import NetworkTypes

extension Inspection {
    /// Route targets that join two tenants. Whatever else, this is refused.
    func leaks() -> [Finding] {
        struct Way: Hashable {
            var exporter: VPNName
            var importer: VPNName
            var exported: RouteTarget
            var imported: RouteTarget
        }
        let ways = Dictionary(grouping: new.targets.leaks()) {
            Way(exporter: $0.exporter.vpn, importer: $0.importer.vpn, exported: $0.exported, imported: $0.imported)
        }
        return ways.map { way, leaks in
            let importer = new.graph.vpns[way.importer], exporter = new.graph.vpns[way.exporter]
            let path =
                importer?.importTargets.contains(way.imported) == true
                ? "vpns.\(way.importer).importTargets"
                : exporter?.exportTargets.contains(way.exported) == true
                    ? "vpns.\(way.exporter).exportTargets" : "vpns.\(way.importer).rt"
            let targets = way.exported == way.imported ? "\(way.imported)" : "\(way.imported), which takes \(way.exported) too"
            return Finding(
                .error, .leak, path: path,
                reason:
                    "VPN \(way.importer) imports \(targets), and VPN \(way.exporter) exports it: the two tenants would reach each other, "
                    + "\(Set(leaks.map(\.importer.cloud)).sorted().listed()) from \(Set(leaks.map(\.exporter.cloud)).sorted().listed())",
                remedy:
                    "take the target out of one of them; to give VPN \(way.importer) some prefixes of VPN \(way.exporter), write “shares” in the latter"
            )
        }
    }

    /// Raw targets that were another VPN's a short while ago: an agent that was away may still use them for it.
    func restingTargets() -> [Finding] {
        let resting = new.ledger.routeTargets.quarantined
        guard !resting.isEmpty else { return [] }
        return vpns.flatMap { name -> [Finding] in
            guard let vpn = new.graph.vpns[name] else { return [] }
            return Set(vpn.importTargets + vpn.exportTargets).compactMap { target in
                guard let owner = resting[target]?.owner.vpn, owner != name else { return nil }
                return Finding(
                    .error, .valueQuarantined,
                    path: "vpns.\(name).\(vpn.importTargets.contains(target) ? "importTargets" : "exportTargets")",
                    reason: "\(target) was VPN \(owner)'s and is kept free for a while, for agents that still have it",
                    remedy: "take another target, or apply again later; “fedctl alloc list” says when")
            }
        }
    }

    /// Forms of targets whose number has 16 bits.
    func targets() -> [Finding] {
        vpns.compactMap { name in
            guard let vni = new.ledger.vni(of: name), vni.value > 0xffff, let vpn = new.graph.vpns[name] else { return nil }
            let narrow = ([vpn.routeTarget].compactMap(\.self) + vpn.importTargets + vpn.exportTargets).filter(\.hasShortNumber)
            guard !narrow.isEmpty else { return nil }
            let cut = narrow.filter { $0.localNumber == vni.value & 0xffff }
            let path =
                vpn.routeTarget.map(narrow.contains) == true
                ? "rt" : vpn.importTargets.contains(where: narrow.contains) ? "importTargets" : "exportTargets"
            return Finding(
                .warning, .vniExceedsTarget, path: "vpns.\(name).\(path)",
                reason:
                    "\(Set(narrow).sorted().listed()) leaves 16 bits for the number, and VNI \(vni) needs more: it cannot be made of the VNI, by hand or "
                    + "automatically"
                    + (cut.isEmpty
                        ? ""
                        : "; \(cut[0].localNumber) is what is left of it when it is cut off, and VNI \(cut[0].localNumber) makes the same"),
                remedy: "take the two-byte AS form (like 64900:\(vni)) where the other side can, or a VNI of at most 65535")
        }
    }

    /// Pools that this plan takes from, and that have less than a tenth left.
    func pools() -> [Finding] {
        let before = ledgerBefore, after = new.ledger
        let pools = after.pools.with(new.graph.pools)
        let reserved = Reserved(new.graph.reservations + after.reservations.map(\.reservation))
        func low(_ what: String, _ path: String, size: Int, used: Int, grows: Bool, _ remedy: String) -> Finding? {
            let free = max(0, size - used)
            guard grows, free * 10 < size else { return nil }
            return Finding(.warning, .poolLow, path: path, reason: "\(free) of \(size) \(what) are free", remedy: remedy)
        }
        func used<Owner, Value>(_ register: Register<Owner, Value>, _ isInPool: (Value) -> Bool) -> Int {
            register.held.values.count(where: isInPool) + register.quarantined.keys.count(where: isInPool)
        }
        func grows<Owner, Value>(_ old: Register<Owner, Value>, _ new: Register<Owner, Value>) -> Bool { new.held.count > old.held.count }
        let widen = "widen it under “pools”, before an apply is refused for it"
        let administrator = pools.routeTargetAdministrator
        var findings = [
            low(
                "AS numbers", "pools.as", size: pools.asns.count,
                used: used(after.asns) { pools.asns.contains($0.value) } + pools.asns.overlap(reserved.asns.map(\.range)),
                grows: grows(before.asns, after.asns), widen),
            low(
                "VNIs", "pools.vni", size: pools.vnis.count,
                used: used(after.vnis) { pools.vnis.contains($0.value) } + pools.vnis.overlap(reserved.vnis.map(\.range)),
                grows: grows(before.vnis, after.vnis), widen),
            low(
                "route target numbers", "pools.rt", size: pools.routeTargetNumbers.count,
                used: used(after.routeTargets) { target in
                    if case .as2(administrator, let number) = target.number { pools.routeTargetNumbers.contains(number) } else { false }
                }, grows: grows(before.routeTargets, after.routeTargets), widen),
            low(
                "RD indexes", "vpns", size: pools.distinguishers.count,
                used: used(after.distinguishers) { pools.distinguishers.contains($0.value) },
                grows: grows(before.distinguishers, after.distinguishers), "remove VPNs that nobody needs: a gateway has 65535 RD indexes"),
            low(
                "router MACs", "clouds", size: pools.routerMACs.count, used: used(after.routerMACs) { pools.routerMACs.contains($0.bits) },
                grows: grows(before.routerMACs, after.routerMACs), "give gateways a routerMAC of their own"),
            low(
                "probe addresses", "pools.probeAddresses", size: pools.probeAddresses.count,
                used: used(after.probeAddresses) { pools.probeAddresses.contains($0.bits) }
                    + reserved.addresses.keys.count { pools.probeAddresses.contains($0.bits) },
                grows: grows(before.probeAddresses, after.probeAddresses), widen),
        ]
        for name in clouds {
            guard let pool = new.graph.clouds[name]?.vtepPool, let range = pool.gatewayAddresses else { continue }
            findings.append(
                low(
                    "VTEP addresses", "clouds.\(name).vtepPool", size: range.count, used: used(after.vteps) { range.contains($0.bits) },
                    grows: grows(before.vteps, after.vteps), "give \(name) a larger vtepPool, or its gateways a vtep of their own"))
        }
        return findings.compactMap(\.self)
    }
}

extension RouteTarget {
    /// An IPv4 address or a four-byte AS leaves 16 bits for the number.
    fileprivate var hasShortNumber: Bool { if case .as2 = number { false } else { true } }
}

extension ClosedRange<UInt32> {
    /// How many numbers of it lie in the others; those that lie in two of them count once.
    fileprivate func overlap(_ others: [ClosedRange<UInt32>]) -> Int {
        count - without(others).reduce(0) { $0 + $1.count }
    }
}
