import NetworkTypes

extension Ledger {
    /// What is about to go wrong: pools that run out, values that lie outside of theirs, targets that are easily taken for others. Sorted.
    ///
    /// - Parameter graph: The one that the ledger has allocated for.
    package func check(_ graph: FederationGraph) -> [LedgerProblem] {
        let reserved = reserved(with: graph)
        let pools = pools.with(graph.pools)
        return (checkNumbers(graph, pools, reserved) + checkAddresses(graph, pools, reserved) + checkTargets(graph, pools)).sorted()
    }

    private func checkNumbers(_ graph: FederationGraph, _ pools: Pools, _ reserved: Reserved) -> [LedgerProblem] {
        func reserves<Value>(_ lookup: ((Value) -> String?)?) -> (Value) -> Bool { { lookup?($0) != nil } }
        var problems = checkPool(
            asns, pools.asns, less: reserved.asns.map(\.range), "AS", "pools.as", { $0.value },
            reserves(Reserved.lookup(reserved.asns) { $0.value }),
            given: { graph.clouds[$0]?.asn != nil }, path: { "clouds.\($0).as" })
        problems += checkPool(
            vnis, pools.vnis, less: reserved.vnis.map(\.range), "VNI", "pools.vni", { $0.value },
            reserves(Reserved.lookup(reserved.vnis) { $0.value }),
            given: { graph.vpns[$0]?.vni != nil }, path: { "vpns.\($0).vni" })
        problems += checkPool(
            distinguishers, UInt32(pools.distinguishers.lowerBound)...UInt32(pools.distinguishers.upperBound), less: [], "RD index", "vpns",
            { UInt32($0.value) }, { _ in false }, given: { _ in false }, path: { "vpns.\($0)" })
        return problems
    }

    private func checkAddresses(_ graph: FederationGraph, _ pools: Pools, _ reserved: Reserved) -> [LedgerProblem] {
        let holes = reserved.addresses.keys.map { $0.bits...$0.bits }
        var problems = checkPool(
            probeAddresses, pools.probeAddresses, less: holes, "probe address", "pools.probeAddresses", { $0.bits },
            { reserved.addresses[$0] != nil }, given: { graph[$0]?.probeAddress != nil },
            path: { $0.path("probeAddress") })
        for (name, cloud) in graph.clouds {
            guard let pool = cloud.vtepPool?.gatewayAddresses, cloud.gateways.values.contains(where: { $0.vtep == nil }) else { continue }
            let used = vteps.holders.keys.count { pool.contains($0.bits) } + vteps.quarantined.keys.count { pool.contains($0.bits) }
            let left = pool.count - used - holes.count { pool.contains($0.lowerBound) }
            problems += Self.runningOut(left, of: pool.count, "VTEP address", "clouds.\(name).vtepPool")
            for (id, vtep) in vteps.held where id.cloud == name && graph[id]?.vtep == nil && !pool.contains(vtep.bits) {
                problems.append(Self.outside(vtep, id, "VTEP address", id.path("vtep")))
            }
        }
        return problems
    }

    private func checkPool<Owner, Value>(
        _ register: Register<Owner, Value>, _ pool: ClosedRange<UInt32>, less holes: [ClosedRange<UInt32>], _ kind: String,
        _ poolPath: String,
        _ number: (Value) -> UInt32, _ isReserved: (Value) -> Bool, given: (Owner) -> Bool, path: (Owner) -> String
    ) -> [LedgerProblem] {
        let size = pool.count - pool.overlap(holes)
        let values = register.holders.keys.count { pool.contains(number($0)) && !isReserved($0) }
        let resting = register.quarantined.keys.count { pool.contains(number($0)) && !isReserved($0) }
        return Self.runningOut(size - values - resting, of: pool.count, kind, poolPath)
            + register.held.compactMap { owner, value in
                given(owner) || pool.contains(number(value)) ? nil : Self.outside(value, owner, kind, path(owner))
            }
    }

    private func checkTargets(_ graph: FederationGraph, _ pools: Pools) -> [LedgerProblem] {
        var users: [RouteTarget: Set<VPNName>] = [:]
        var problems: [LedgerProblem] = []
        for (owner, target) in routeTargets.held {
            users[target, default: []].insert(owner.vpn)
            guard case .as2(let administrator, let number) = target.number, graph.vpns[owner.vpn]?.routeTarget != target else { continue }
            let isVNIs = owner == .vpn(owner.vpn) && vnis.held[owner.vpn]?.value == number
            if administrator != pools.routeTargetAdministrator || !isVNIs && !pools.routeTargetNumbers.contains(number) {
                problems.append(Self.outside(target, owner, "route target", "vpns.\(owner.vpn)"))
            }
        }
        for (name, vpn) in graph.vpns {
            for target in Set(vpn.importTargets + vpn.exportTargets) {
                users[target, default: []].insert(name)
                if case .as2(pools.routeTargetAdministrator, _) = target.number, routeTargets.holders[target]?.vpn != name {
                    problems.append(
                        LedgerProblem(
                            cause: .rawInsidePool, path: "vpns.\(name)",
                            reason: "the raw route target \(target) has the administrator of this federation's own targets",
                            remedy: "give this federation another administrator in “pools.rt”, or the other fabric another target"))
                }
            }
        }
        for (target, vpns) in users {
            guard let vpn = vpns.min() else { continue }
            if target.isWildcard {
                problems.append(
                    LedgerProblem(
                        cause: .wildcard, path: "vpns.\(vpn)",
                        reason: "FRR imports every target with the number \(target.localNumber), whoever's it is, for \(target)",
                        remedy: "take a target whose administrator is an AS or an address"))
            }
            guard case .as4(let asn, let number) = target.number, let short = UInt16(exactly: asn) else { continue }
            problems.append(
                LedgerProblem(
                    cause: .asdot, path: "vpns.\(vpn)", reason: "FRR reads \(target) as the address form \(target.asConfigured)",
                    remedy: "take the two-byte form \(short):\(number), or another number"))
            let other = RouteTarget(.as2(short, UInt32(number)))
            if users[other] != nil {
                problems.append(
                    LedgerProblem(
                        cause: .twoForms, path: "vpns.\(vpn)",
                        reason: "\(target) and \(other) are the same AS and number in two forms, which do not import each other",
                        remedy: "write the same form everywhere"))
            }
        }
        return problems
    }

    /// Under a tenth, or under sixteen; of a small pool, under a quarter.
    private static func runningOut(_ left: Int, of size: Int, _ kind: String, _ path: String) -> [LedgerProblem] {
        guard left * 10 < size || left < min(16, size / 4) else { return [] }
        return [
            LedgerProblem(
                cause: .poolRunsOut, path: path, reason: "\(max(0, left)) of \(size) are left to allocate as \(kind)",
                remedy: "widen the pool; what is allocated stays as it is")
        ]
    }

    private static func outside(
        _ value: some CustomStringConvertible, _ owner: some CustomStringConvertible, _ kind: String, _ path: String
    ) -> LedgerProblem {
        LedgerProblem(
            cause: .outsidePool, path: path, reason: "\(kind) \(value) of \(owner) was allocated, and lies outside of today's pool",
            remedy: "write it down in the file to keep it on purpose, or widen the pool")
    }
}
