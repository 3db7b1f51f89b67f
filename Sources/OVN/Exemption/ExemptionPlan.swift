import NetworkTypes
import OVSDB

/// Which traffic of a router is federated.
package struct RouterExemption: Hashable, Sendable, Codable {
    /// The networks behind the router that are joined to a VPN, of either family.
    package let subnets: Set<IPPrefix>
    /// What was learned from other clouds and may be reached, of either family.
    package let prefixes: Set<IPPrefix>

    package init(subnets: Set<IPPrefix>, prefixes: Set<IPPrefix>) {
        self.subnets = subnets
        self.prefixes = prefixes
    }
}

/// What to write to the northbound database so that federated traffic keeps its own addresses while everything else is
/// translated as before (design.md, decision 12).
///
/// A NAT row has room for one set of exempted peers, so a router gets one Address_Set per address family, which its
/// source-translating rows refer to. A floating IP's row needs it as well as the router's: it has the higher priority.
/// Planning again after a plan was written gives an empty plan.
package struct ExemptionPlan: Equatable, Sendable {
    /// Sorted by router.
    package let transactions: [ExemptionTransaction]
    /// What nobody else does, as it seems: of routers whose gateway port is where no agent keeps their sets. Sorted by router.
    ///
    /// Whether that lasts is for the caller to see: an agent that is there takes the sets over within seconds.
    package let deputed: [ExemptionTransaction]
    /// Of `deputed`, those whose sets this node's agent kept last.
    package let ownDeputed: Set<String>
    /// Sorted.
    package let problems: [ExemptionProblem]
    /// What of the prefixes of each router in `desired` no NAT rule translates, as the rows are now.
    package let untranslated: [String: Set<IPPrefix>]

    /// - Parameters:
    ///   - desired: what is hosted here, by OpenStack id. An exemption without prefixes keeps an empty set, so that the first route learned
    ///     touches no NAT row.
    ///   - federated: all routers that take part in a VPN, hosted here or not. What is ours at others is removed.
    ///   - cloud: Where routers are hosted.
    ///   - northbound: a complete replica; on an incomplete one sets would be created twice (the server refuses: names are unique).
    ///   - chassis: this node's name. Only what belongs to routers that it speaks for is touched, and what belongs to routers
    ///     that exist no more.
    package init(
        desired: [String: RouterExemption], federated: Set<String>, cloud: CloudView, northbound: NorthboundView, chassis: String
    ) {
        let rows = Dictionary(northbound.routers.map { ($0.uuid, $0) }, uniquingKeysWith: { first, _ in first })
        let rules = Dictionary(northbound.natRules.map { ($0.uuid, $0) }, uniquingKeysWith: { first, _ in first })
        let index = ExemptionIndex(northbound)
        var transactions: [ExemptionTransaction] = []
        var deputed: [ExemptionTransaction] = []
        var ownDeputed: Set<String> = []
        var problems: [ExemptionProblem] = []

        for router in cloud.routers {
            guard let row = rows[router.northboundUUID] else { continue }
            let isSpeaker = router.speaker == chassis
            let sets = index.setsByRouter[router.id] ?? []
            guard isSpeaker || !sets.isEmpty || desired[router.id] != nil else { continue }
            func plan(_ exemption: RouterExemption?) -> RouterExemptionPlan {
                var plan = RouterExemptionPlan(
                    router: router.id, rules: row.natRules.compactMap { rules[$0] }.sorted(), keeper: chassis, index: index)
                plan.make(exemption)
                return plan
            }
            let own = plan(desired[router.id])
            if isSpeaker || desired[router.id] != nil { problems += own.problems }
            if isSpeaker {
                if !own.steps.isEmpty { transactions.append(ExemptionTransaction(router: router.id, steps: own.steps)) }
                continue
            }
            // Whoever speaks for it keeps its sets, if he has an agent.
            guard !sets.isEmpty, router.speaker == nil || !sets.contains(where: { $0.keeper == router.speaker }) else { continue }
            let steps: [ExemptionStep]
            if federated.contains(router.id) {
                // Nothing is steered there: what is exempted leaves with the tenant's own address. Bound nowhere, nothing leaves.
                guard router.speaker != nil else { continue }
                steps = sets.filter { !$0.addresses.isEmpty }.sorted().map {
                    .changeSet($0.uuid, name: $0.name, insert: [], delete: $0.addresses.sorted())
                }
            } else {
                steps = plan(nil).steps
            }
            guard !steps.isEmpty else { continue }
            deputed.append(ExemptionTransaction(router: router.id, steps: steps))
            if sets.contains(where: { $0.keeper == chassis }) { ownDeputed.insert(router.id) }
        }
        // A router that is held is wanted, though the database has lost it.
        let orphans = Set(index.setsByRouter.keys).subtracting(northbound.routers.map(\.identifier)).subtracting(desired.keys)
        for router in orphans {
            var plan = RouterExemptionPlan(router: router, rules: [], keeper: chassis, index: index)
            plan.make(nil)
            problems += plan.problems
            if !plan.steps.isEmpty { transactions.append(ExemptionTransaction(router: router, steps: plan.steps)) }
        }
        self.transactions = transactions.sorted { $0.router < $1.router }
        self.deputed = deputed.sorted { $0.router < $1.router }
        self.ownDeputed = ownDeputed
        self.problems = problems.sorted()
        untranslated = Self.untranslated(desired, in: northbound, index)
    }

    /// What of the prefixes of each router no NAT rule translates, as the rows are.
    package static func untranslated(_ desired: [String: RouterExemption], in northbound: NorthboundView) -> [String: Set<IPPrefix>] {
        untranslated(desired, in: northbound, ExemptionIndex(northbound))
    }

    private static func untranslated(
        _ desired: [String: RouterExemption], in northbound: NorthboundView, _ index: ExemptionIndex
    ) -> [String: Set<IPPrefix>] {
        let rules = Dictionary(northbound.natRules.map { ($0.uuid, $0) }, uniquingKeysWith: { first, _ in first })
        var found: [String: Set<IPPrefix>] = [:]
        for row in northbound.routers {
            guard let exemption = desired[row.identifier] else { continue }
            let plan = RouterExemptionPlan(
                router: row.identifier, rules: row.natRules.compactMap { rules[$0] }, keeper: "", index: index)
            let left = plan.untranslated(exemption)
            // One, unless somebody wrote the database by hand.
            found[row.identifier] = found[row.identifier]?.intersection(left) ?? left
        }
        return found
    }

    /// The name of a router's set: `ovn_federation_<id>_ip4` or `_ip6`. What OVN does not take in the name of an address set
    /// ([a-zA-Z_.][a-zA-Z_.0-9]*, ovn-nb(5)) becomes an underscore.
    package static func setName(router: String, family: AddressFamily) -> String {
        let id = String(router.unicodeScalars.map { Self.isTakenInNames($0) ? Character($0) : "_" })
        return "\(namePrefix)\(id)_\(family == .ipv4 ? "ip4" : "ip6")"
    }

    static let namePrefix = "ovn_federation_"

    private static func isTakenInNames(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", ".": true
        default: false
        }
    }
}
