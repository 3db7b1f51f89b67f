import FederationModel
import NetworkTypes

extension Ledger {
    /// Upcoming problems: pools that run out, values outside of their pool, ambiguous targets. Sorted.
    ///
    /// - Parameter graph: The graph that the ledger has allocated for.
    package func check(_ graph: FederationGraph) -> [LedgerProblem] {
        let pools = pools.with(graph.pools)
        let low = supplies(for: graph, clouds: graph.clouds.keys).filter(\.isLow).map {
            LedgerProblem(cause: .poolRunsOut, path: $0.path, reason: $0.text, remedy: $0.remedy)
        }
        return (low + checkNumbers(graph, pools) + checkAddresses(graph, pools) + checkTargets(graph, pools)).sorted()
    }

    private func checkNumbers(_ graph: FederationGraph, _ pools: Pools) -> [LedgerProblem] {
        outside(asns, "AS", { pools.asns.contains($0.value) }, given: { graph.clouds[$0]?.asn != nil }, path: { "clouds.\($0).as" })
            + outside(vnis, "VNI", { pools.vnis.contains($0.value) }, given: { graph.vpns[$0]?.vni != nil }, path: { "vpns.\($0).vni" })
            + outside(
                distinguishers, "RD index", { pools.distinguishers.contains($0.value) }, given: { _ in false }, path: { "vpns.\($0)" })
    }

    private func checkAddresses(_ graph: FederationGraph, _ pools: Pools) -> [LedgerProblem] {
        outside(
            probeAddresses, "probe address", { pools.probeAddresses.contains($0.bits) }, given: { graph[$0]?.probeAddress != nil },
            path: { $0.path("probeAddress") })
            + vteps.held.compactMap { id, vtep in
                guard let pool = graph.clouds[id.cloud]?.vtepPool?.gatewayAddresses, graph[id]?.vtep == nil, !pool.contains(vtep.bits)
                else { return nil }
                return Self.outside(vtep, id, "VTEP address", id.path("vtep"))
            }
    }

    private func outside<Owner, Value>(
        _ register: Register<Owner, Value>, _ kind: String, _ isInPool: (Value) -> Bool, given: (Owner) -> Bool, path: (Owner) -> String
    ) -> [LedgerProblem] {
        register.held.compactMap { owner, value in
            given(owner) || isInPool(value) ? nil : Self.outside(value, owner, kind, path(owner))
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
                            reason: "route target \(target) of another fabric is in this federation's own pool",
                            remedy: "change this federation's administrator in “pools.rt”, or the other fabric's target"))
                }
            }
        }
        for (target, vpns) in users {
            guard let vpn = vpns.min() else { continue }
            if target.isWildcard {
                problems.append(
                    LedgerProblem(
                        cause: .wildcard, path: "vpns.\(vpn)",
                        reason: "for \(target), FRR imports every target with the number \(target.localNumber)",
                        remedy: "choose a target whose administrator is an AS or an address"))
            }
            guard case .as4(let asn, let number) = target.number, let short = UInt16(exactly: asn) else { continue }
            problems.append(
                LedgerProblem(
                    cause: .asdot, path: "vpns.\(vpn)", reason: "FRR reads \(target) as the address form \(target.asConfigured)",
                    remedy: "use the two-byte form \(short):\(number), or another number"))
            let other = RouteTarget(.as2(short, UInt32(number)))
            if users[other] != nil {
                problems.append(
                    LedgerProblem(
                        cause: .twoForms, path: "vpns.\(vpn)",
                        reason: "\(target) and \(other) are the same AS and number in two forms: they do not match each other",
                        remedy: "use one form everywhere"))
            }
        }
        return problems
    }

    private static func outside(
        _ value: some CustomStringConvertible, _ owner: some CustomStringConvertible, _ kind: String, _ path: String
    ) -> LedgerProblem {
        LedgerProblem(
            cause: .outsidePool, path: path, reason: "\(kind) \(value) of \(owner) is outside the current pool",
            remedy: "write it in the file to keep it, or widen the pool")
    }
}
