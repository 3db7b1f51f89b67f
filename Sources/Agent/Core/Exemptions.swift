import NetworkTypes
import OVN

/// Keeps the routers' NAT off federated destinations: what the northbound database shall hold, what it holds, and what failed there.
package struct Exemptions: Hashable, Sendable, Codable {
    private struct Failure: Hashable, Sendable, Codable {
        var reason: String
        var pause: Pause
    }

    /// What a router's exemption was made for.
    private struct Basis: Hashable, Sendable, Codable {
        var exemption: RouterExemption
        /// As the cloud has them, whatever they exempt.
        var rules: [NATRule]

        init?(_ exemption: RouterExemption?, _ routers: [RouterView]) {
            guard let exemption else { return nil }
            self.exemption = exemption
            rules = routers.flatMap(\.natRules).map { rule in
                var rule = rule
                rule.exempted = nil
                return rule
            }
        }
    }

    /// The transactions to run now, and which of them repair changes that others made.
    package struct Outcome: Hashable, Sendable {
        package var transactions: [ExemptionTransaction] = []
        package var repairs: [ExemptionTransaction] = []
    }

    /// As last seen; nil: not yet.
    private var northbound: NorthboundView?
    /// What the NAT of each router hosted here shall leave alone, by its OpenStack id.
    package private(set) var wanted: [String: RouterExemption] = [:]
    /// Routers whose rows are not as wanted.
    private var unsettled: Set<String> = []
    /// Routers whose rows were written since they were last seen.
    private var written: Set<String> = []
    /// Routers whose rows are being written. The server may take its time: nothing else waits for it.
    private var underway: Set<String> = []
    private var failures: [String: Failure] = [:]
    private var inForce: [String: Basis] = [:]
    private var obstacles: [String: [String]] = [:]
    /// What no NAT rule translates, as the rows were last seen.
    private var untranslated: [String: Set<IPPrefix>] = [:]
    /// What the address sets of each router hold, as last seen; nil: not yet.
    private var held: [String: Set<IPPrefix>]?
    /// Since when nobody keeps the sets of a router that is hosted elsewhere.
    private var forsaken: [String: Int64] = [:]

    /// How long sets must be forsaken until the agent that kept them last does what their router's own agent would, and until any agent
    /// does: milliseconds. One that is there takes them over within seconds.
    static let deputyAfter: Int64 = 60_000
    static let anybodyAfter: Int64 = 120_000

    package init() {}

    package mutating func see(_ view: NorthboundView) {
        northbound = view
        held = Dictionary(grouping: view.addressSets.filter { $0.federatedRouter != nil }) { $0.federatedRouter ?? "" }
            .mapValues { Set($0.flatMap(\.addresses).compactMap { IPPrefix($0) }) }.filter { !$0.value.isEmpty }
        untranslated = ExemptionPlan.untranslated(wanted, in: view)
        written = []
    }

    /// Where a transaction was refused, the router is left alone for a while.
    package mutating func wrote(_ router: String, failure: String?, at now: Int64) {
        underway.remove(router)
        failures[router] = failure.map { Failure(reason: $0, pause: Pause(from: now)) }
        guard failure == nil else { return }
        written.insert(router)
        unsettled.remove(router)
    }

    /// The database is heard again. Writes that failed in the meantime are tried again at once.
    mutating func heardAgain() { failures = [:] }

    /// Before the database was seen, nothing is planned.
    /// - Parameter federated: all routers that take part in a VPN, hosted here or not.
    package mutating func plan(
        _ wanted: [String: RouterExemption], federated: Set<String>, in cloud: CloudView, at chassis: String, _ now: Int64
    ) -> Outcome {
        self.wanted = wanted
        guard let northbound else { return Outcome() }
        let plan = ExemptionPlan(desired: wanted, federated: federated, cloud: cloud, northbound: northbound, chassis: chassis)
        untranslated = plan.untranslated
        // A clock that was set back must not make the time longer.
        forsaken = Dictionary(
            plan.deputed.map { ($0.router, min(forsaken[$0.router] ?? now, now)) }, uniquingKeysWith: { first, _ in first })
        let deputed = plan.deputed.filter { transaction in
            let limit = plan.ownDeputed.contains(transaction.router) ? Self.deputyAfter : Self.anybodyAfter
            return forsaken[transaction.router].map { now - $0 >= limit } ?? false
        }
        let due = plan.transactions + deputed
        obstacles = Dictionary(grouping: plan.problems, by: \.router).mapValues { $0.map(\.description) }
        unsettled = Set(due.map(\.router)).subtracting(written.filter { failures[$0] == nil })
        // What is wanted no more, or came about otherwise, has not failed.
        failures = failures.filter { unsettled.contains($0.key) }
        var outcome = Outcome()
        outcome.transactions = due.filter { transaction in
            !written.contains(transaction.router) && !underway.contains(transaction.router)
                && failures[transaction.router]?.pause.isOver(at: now) ?? true
        }
        outcome.repairs = outcome.transactions.filter { transaction in
            inForce[transaction.router].map { $0 == Basis(wanted[transaction.router], cloud.routers(id: transaction.router)) } ?? false
        }
        underway.formUnion(outcome.transactions.map(\.router))
        inForce = inForce.filter { wanted[$0.key] != nil }
        for (router, exemption) in wanted where !unsettled.contains(router) {
            inForce[router] = Basis(exemption, cloud.routers(id: router))
        }
        return outcome
    }

    /// What was seen of the database, in words; nil: nothing yet.
    package var seen: String? {
        northbound.map { view in
            let ours = view.addressSets.count { $0.federatedRouter != nil }
            return "\(view.routers.count) routers, \(view.natRules.count) NAT rules, \(ours) address sets of ours"
        }
    }

    /// Whatever is wanted now: what the address sets of each router hold, as last seen.
    package var standing: [String: Set<IPPrefix>] { held ?? [:] }

    /// What stands in the way, in words.
    package func problems(of router: String) -> [String] {
        (obstacles[router] ?? []) + [failures[router]?.reason].compactMap(\.self)
    }

    /// What the router's NAT leaves alone, as it was seen.
    package func exempted(_ router: String) -> Set<IPPrefix> { untranslated[router] ?? [] }
}
