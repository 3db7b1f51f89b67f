import NetworkTypes

extension Inspection {
    /// Pools that this plan takes from, and that have less than a tenth left.
    func pools() -> [Finding] {
        let before = ledgerBefore, after = new.ledger
        let pools = after.pools.with(new.graph.pools)
        let reserved = after.reserved(with: new.graph)
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
