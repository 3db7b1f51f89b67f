import NetworkTypes

/// What in a router takes packets to federated destinations elsewhere than to its gateway port: a policy or a route that is not the federation's.
package struct Diversion: Hashable, Sendable {
    package enum Taker: Hashable, Sendable {
        case policy(RouterPolicy)
        case route(StaticRoute)
    }

    package let taker: Taker
    /// False: its match has conditions that are not understood, so it may take them.
    package let isCertain: Bool
    /// Sorted.
    package var destinations: [IPPrefix]
}

extension RouterView {
    /// What takes packets from these subnets of the router to these destinations.
    package func diversions(of destinations: Set<IPPrefix>, from subnets: Set<IPPrefix>) -> [Diversion] {
        guard !policies.isEmpty || staticRoutes.contains(where: { $0.prefix.length > 0 }) || !sourceRoutes.isEmpty else { return [] }
        let ways = Ways(self, Array(subnets))
        var found: [Diversion] = []
        var places: [Diversion.Taker: Int] = [:]
        for destination in destinations.sorted() {
            for taken in ways.diversions(of: destination) {
                if let place = places[taken.taker] {
                    found[place].destinations.append(destination)
                } else {
                    places[taken.taker] = found.count
                    found.append(taken)
                }
            }
        }
        return found
    }
}

/// How a router decides: its policies in their order, then the longest prefix.
private struct Ways {
    let router: RouterView
    let subnets: [IPPrefix]
    /// Packets that leave by these are steered, whatever the next hop.
    let outside: [IPPrefix]
    let inside: [IPPrefix]

    init(_ router: RouterView, _ subnets: [IPPrefix]) {
        self.router = router
        self.subnets = subnets
        outside = router.gateways.flatMap(\.addresses).map(\.prefix)
        inside = router.subnets
    }

    func diversions(of destination: IPPrefix) -> [Diversion] {
        let sources = subnets.filter { $0.family == destination.family }
        guard !sources.isEmpty else { return [] }
        var found: [Diversion] = []
        for policy in router.policies where policy.match.mayMatch(from: sources, to: destination) {
            if policy.action != "allow", !leavesByGateway(policy) {
                found.append(
                    Diversion(taker: .policy(policy), isCertain: policy.match.isWhole && policy.isUnderstood, destinations: [destination]))
            }
            // What comes after it is not asked; of equals, which one is asked is not defined.
            guard policy.match.matches(from: sources, to: destination), !hasEquals(policy, from: sources, to: destination) else { continue }
            return policy.action == "allow" ? found + routes(to: destination, sources) : found
        }
        return found + routes(to: destination, sources)
    }

    /// Whether another policy of the same priority may take the packets too.
    private func hasEquals(_ policy: RouterPolicy, from sources: [IPPrefix], to destination: IPPrefix) -> Bool {
        router.policies.contains {
            $0.priority == policy.priority && $0 != policy && $0.match.mayMatch(from: sources, to: destination)
        }
    }

    private func leavesByGateway(_ policy: RouterPolicy) -> Bool {
        policy.action == "reroute" && !policy.nextHops.isEmpty
            && policy.nextHops.allSatisfy { hop in outside.contains { $0.contains(hop) } }
    }

    private func routes(to destination: IPPrefix, _ sources: [IPPrefix]) -> [Diversion] {
        let within = router.staticRoutes.filter { destination.contains($0.prefix) && $0.prefix != destination }
        let around = router.staticRoutes.filter { $0.prefix.contains(destination) && isUsed($0) }
        let longest = around.map(\.prefix.length).max() ?? 0
        // By source it goes before one by destination that is shorter (northd, the priority of routes).
        let bySource = router.sourceRoutes.filter { route in
            route.prefix.length > longest && sources.contains { $0.overlaps(route.prefix) }
        }
        return (within + around.filter { $0.prefix.length == longest } + bySource).filter(diverts).map {
            Diversion(taker: .route($0), isCertain: true, destinations: [destination])
        }
    }

    /// northd leaves out a route whose next hop is in no network of the router.
    private func isUsed(_ route: StaticRoute) -> Bool {
        if let port = route.outputPort { return (router.gateways.map(\.logicalPort) + router.interfaces.map(\.logicalPort)).contains(port) }
        guard let hop = route.nextHop else { return route.discards }
        return (outside + inside).contains { $0.contains(hop) }
    }

    private func diverts(_ route: StaticRoute) -> Bool {
        guard isUsed(route) else { return false }
        if let port = route.outputPort { return !router.gateways.contains { $0.logicalPort == port } }
        return route.nextHop.map { hop in !outside.contains { $0.contains(hop) } } ?? true
    }
}

extension RouterPolicy {
    /// What it does with packets is known.
    fileprivate var isUnderstood: Bool { action == "drop" || action == "reroute" }
}
