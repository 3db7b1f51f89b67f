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
    /// Sorted.
    package let problems: [ExemptionProblem]

    /// - Parameters:
    ///   - desired: by OpenStack id. A router that is absent is not federated: what is ours there is removed. An exemption
    ///     without prefixes keeps an empty set, so that the first route learned touches no NAT row.
    ///   - cloud: Where routers are hosted.
    ///   - northbound: a complete replica; on an incomplete one sets would be created twice (the server refuses: names are unique).
    ///   - chassis: this node's name. Only what belongs to routers that it speaks for is touched, and what belongs to routers
    ///     that exist no more.
    package init(desired: [String: RouterExemption], cloud: CloudView, northbound: NorthboundView, chassis: String) {
        let rows = Dictionary(northbound.routers.map { ($0.uuid, $0) }, uniquingKeysWith: { first, _ in first })
        let rules = Dictionary(northbound.natRules.map { ($0.uuid, $0) }, uniquingKeysWith: { first, _ in first })
        let index = ExemptionIndex(northbound)
        var transactions: [ExemptionTransaction] = []
        var problems: [ExemptionProblem] = []
        func plan(_ router: String, rules: [NATRule], _ exemption: RouterExemption?) {
            var plan = RouterExemptionPlan(router: router, rules: rules, index: index)
            plan.make(exemption)
            problems += plan.problems
            if !plan.steps.isEmpty { transactions.append(ExemptionTransaction(router: router, steps: plan.steps)) }
        }

        for router in cloud.routers where router.speaker == chassis {
            guard let row = rows[router.northboundUUID] else { continue }
            plan(router.id, rules: row.natRules.compactMap { rules[$0] }.sorted(), desired[router.id])
        }
        // A router that is held is wanted, though the database has lost it.
        let orphans = Set(index.setsByRouter.keys).subtracting(northbound.routers.map(\.identifier)).subtracting(desired.keys)
        for router in orphans { plan(router, rules: [], nil) }
        self.transactions = transactions.sorted { $0.router < $1.router }
        self.problems = problems.sorted()
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
