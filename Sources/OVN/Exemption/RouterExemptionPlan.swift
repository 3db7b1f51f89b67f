import NetworkTypes
import OVSDB

/// The northbound rows indexed for the plan, built once for all routers.
struct ExemptionIndex {
    let setsByName: [String: AddressSet]
    /// Sets that carry our mark, whatever their names.
    let setsByRouter: [String: [AddressSet]]
    /// NAT rows of the whole cloud by the set that they exempt or allow.
    let references: [OVSDBUUID: Set<OVSDBUUID>]

    init(_ northbound: NorthboundView) {
        setsByName = Dictionary(northbound.addressSets.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        setsByRouter = Dictionary(grouping: northbound.addressSets.filter { $0.federatedRouter != nil }) { $0.federatedRouter ?? "" }
        var references: [OVSDBUUID: Set<OVSDBUUID>] = [:]
        for rule in northbound.natRules {
            for set in [rule.exempted, rule.allowed].compactMap({ $0 }) { references[set, default: []].insert(rule.uuid) }
        }
        self.references = references
    }
}

/// The part of a plan that concerns one router.
struct RouterExemptionPlan {
    let router: String
    /// Its NAT rows.
    let rules: [NATRule]
    /// The chassis of the agent that is to keep the sets.
    let keeper: String
    private let index: ExemptionIndex
    private var ours: [AddressSet] { index.setsByRouter[router] ?? [] }

    private var setSteps: [ExemptionStep] = []
    private var ruleSteps: [ExemptionStep] = []
    private var deletions: [ExemptionStep] = []
    private(set) var problems: [ExemptionProblem] = []

    var steps: [ExemptionStep] { setSteps + ruleSteps + deletions }

    init(router: String, rules: [NATRule], keeper: String, index: ExemptionIndex) {
        self.router = router
        self.rules = rules
        self.keeper = keeper
        self.index = index
    }

    mutating func make(_ exemption: RouterExemption?) {
        var used: Set<OVSDBUUID> = []
        var released: Set<OVSDBUUID> = []
        for family in AddressFamily.allCases {
            let name = ExemptionPlan.setName(router: router, family: family)
            let set = index.setsByName[name]
            if let set, set.federatedRouter != router {
                if exemption != nil { report(.nameTaken(set: name)) }
                continue
            }
            var isUsed = false
            for rule in rules where rule.family == family {
                let isOurs = rule.exempted.map { held in ours.contains { $0.uuid == held } } ?? false
                if exempts(rule, exemption), isFree(rule, isOurs: isOurs) {
                    isUsed = true
                    if set == nil || rule.exempted != set?.uuid {
                        ruleSteps.append(
                            .exempt(nat: rule.uuid, set: set.map { .existing($0.uuid) } ?? .created(name: name), replacing: rule.exempted))
                        if isOurs { released.insert(rule.uuid) }
                    }
                } else if isOurs, let held = rule.exempted {
                    ruleSteps.append(.restore(nat: rule.uuid, set: held))
                    released.insert(rule.uuid)
                }
            }
            if isUsed, let exemption {
                write(name: name, over: set, addresses: addresses(exemption, family))
                if let set { used.insert(set.uuid) }
            }
        }
        delete(except: used, released: released)
    }

    /// What of an exemption's prefixes no rule translates, as the rows are now.
    func untranslated(_ exemption: RouterExemption) -> Set<IPPrefix> {
        var left = exemption.prefixes
        for rule in rules where exempts(rule, exemption) {
            // Which peers somebody else's set has is not known here.
            let addresses = rule.allowed == nil ? ours.first { $0.uuid == rule.exempted }?.addresses ?? [] : []
            left = left.filter { $0.family != rule.family || addresses.contains($0.description) }
        }
        return left
    }

    private func exempts(_ rule: NATRule, _ exemption: RouterExemption?) -> Bool {
        // What is translated on the machine's own chassis never comes to the gateway: exempted, it would leave there with its own address.
        guard let exemption, rule.translatesSource, !rule.isDistributed else { return false }
        return exemption.subnets.contains { $0.overlaps(rule.logical) }
    }

    /// Whether the rule has room for our set, or holds it already.
    private mutating func isFree(_ rule: NATRule, isOurs: Bool) -> Bool {
        if let allowed = rule.allowed {
            report(.restrictedByOthers(rule, set: allowed))
            return false
        }
        if let held = rule.exempted, !isOurs {
            report(.exemptedByOthers(rule, set: held))
            return false
        }
        return true
    }

    private mutating func addresses(_ exemption: RouterExemption, _ family: AddressFamily) -> Set<String> {
        var result: Set<String> = []
        for prefix in exemption.prefixes where prefix.family == family {
            if prefix.length == 0 { report(.exemptsEverything(prefix)) } else { result.insert(prefix.description) }
        }
        return result
    }

    private mutating func write(name: String, over set: AddressSet?, addresses: Set<String>) {
        guard let set else {
            setSteps.append(.createSet(name: name, router: router, keeper: keeper, addresses: addresses.sorted()))
            return
        }
        if set.keeper != keeper { setSteps.append(.keepSet(set.uuid, name: name, keeper: keeper)) }
        let insert = addresses.subtracting(set.addresses).sorted()
        let delete = set.addresses.subtracting(addresses).sorted()
        if !insert.isEmpty || !delete.isEmpty {
            setSteps.append(.changeSet(set.uuid, name: name, insert: insert, delete: delete))
        }
    }

    private mutating func delete(except used: Set<OVSDBUUID>, released: Set<OVSDBUUID>) {
        for set in ours where !used.contains(set.uuid) {
            if let other = (index.references[set.uuid] ?? []).subtracting(released).min() {
                report(.referredToByOthers(set: set.name, nat: other))
            } else {
                deletions.append(.deleteSet(set.uuid, name: set.name))
            }
        }
    }

    private mutating func report(_ cause: ExemptionProblem.Cause) {
        problems.append(ExemptionProblem(router: router, cause: cause))
    }
}
