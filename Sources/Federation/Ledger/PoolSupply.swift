import FederationModel
import NetworkTypes

/// The free values of a pool, and the rule for a low pool.
struct PoolSupply: Hashable {
    /// `pools.vni`
    var path: String
    /// `VNIs`
    var what: String
    var size: Int
    /// Not held, not in quarantine, not reserved.
    var left: Int
    /// Values of the pool that are held.
    var held: Int
    /// What to do, as an imperative.
    var remedy: String

    /// Below a tenth, or below sixteen; in a small pool, below a quarter.
    var isLow: Bool { left * 10 < size || left < min(16, size / 4) }

    /// `only 8 of 100 VNIs are free`
    var text: String { "only \(left) of \(size) \(what) are free" }
}

extension Ledger {
    /// For every pool that a graph allocates from.
    ///
    /// - Parameter clouds: The clouds whose VTEP pools are checked.
    func supplies(for graph: FederationGraph, clouds: some Sequence<CloudName>) -> [PoolSupply] {
        let pools = pools.with(graph.pools)
        let reserved = reserved(with: graph)
        let administrator = pools.routeTargetAdministrator
        let widen = "widen it under “pools”; allocated values stay"
        func isTarget(_ target: RouteTarget) -> Bool {
            if case .as2(administrator, let number) = target.number { pools.routeTargetNumbers.contains(number) } else { false }
        }
        var supplies = [
            supply(
                asns, "pools.as", "AS numbers", size: pools.asns.count, less: pools.asns.overlap(reserved.asns.map(\.range)), widen,
                Reserved.lookup(reserved.asns) { $0.value }
            ) { pools.asns.contains($0.value) },
            supply(
                vnis, "pools.vni", "VNIs", size: pools.vnis.count, less: pools.vnis.overlap(reserved.vnis.map(\.range)), widen,
                Reserved.lookup(reserved.vnis) { $0.value }
            ) { pools.vnis.contains($0.value) },
            supply(
                routeTargets, "pools.rt", "route target numbers", size: pools.routeTargetNumbers.count,
                less: reserved.routeTargets.keys.count(where: isTarget), widen, Reserved.lookup(reserved.routeTargets), isTarget),
            supply(
                distinguishers, "vpns", "RD indexes", size: pools.distinguishers.count, less: 0,
                "remove unused VPNs: a gateway has only 65535 RD indexes", nil
            ) { pools.distinguishers.contains($0.value) },
            supply(
                routerMACs, "clouds", "router MACs", size: pools.routerMACs.count,
                less: reserved.routerMACs.keys.count { pools.routerMACs.contains($0.bits) }, "set routerMAC on gateways",
                Reserved.lookup(reserved.routerMACs)
            ) { pools.routerMACs.contains($0.bits) },
            supply(
                probeAddresses, "pools.probeAddresses", "probe addresses", size: pools.probeAddresses.count,
                less: reserved.addresses.keys.count { pools.probeAddresses.contains($0.bits) }, widen, Reserved.lookup(reserved.addresses)
            ) { pools.probeAddresses.contains($0.bits) },
        ]
        for name in clouds {
            guard let cloud = graph.clouds[name], let pool = cloud.vtepPool?.gatewayAddresses,
                cloud.gateways.values.contains(where: { $0.vtep == nil })
            else { continue }
            supplies.append(
                supply(
                    vteps, "clouds.\(name).vtepPool", "VTEP addresses", size: pool.count,
                    less: reserved.addresses.keys.count { pool.contains($0.bits) },
                    "give \(name) a larger vtepPool, or set vtep on its gateways", Reserved.lookup(reserved.addresses)
                ) { pool.contains($0.bits) })
        }
        return supplies
    }

    /// - Parameter less: The number of reserved values of the pool; their holders do not count.
    private func supply<Owner, Value>(
        _ register: Register<Owner, Value>, _ path: String, _ what: String, size: Int, less: Int, _ remedy: String,
        _ reservation: ((Value) -> String?)?, _ isInPool: (Value) -> Bool
    ) -> PoolSupply {
        func isTaken(_ value: Value) -> Bool { isInPool(value) && reservation?(value) == nil }
        let held = register.holders.keys.count(where: isTaken), resting = register.quarantined.keys.count(where: isTaken)
        return PoolSupply(
            path: path, what: what, size: size, left: max(0, size - less - held - resting), held: held, remedy: remedy)
    }
}
