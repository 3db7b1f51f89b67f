import Federation
import FederationModel

extension Revision {
    /// What another revision is beside this one, as the plan that would have made it. It has no findings.
    ///
    /// Number 0 is the empty federation.
    package func difference(to other: Revision) -> Plan {
        let old = intents
        let new = other.intents
        let differences =
            compilation.flatMap { old in other.compilation.map { $0.differences(since: old) } } ?? IntentDifference.between(old, new)
        let graph = other.graph ?? FederationGraph(federation: federation)
        let vpns = Set((self.graph?.vpns ?? [:]).keys).union(graph.vpns.keys)
        var plan = Plan(federation: federation, base: number)
        plan.objects = GraphChange.between(self.graph, graph, differences)
        plan.gateways = GatewayChange.between(old, new, differences)
        for vpn in vpns {
            let before = compilation?.reaches(of: vpn) ?? [], after = other.compilation?.reaches(of: vpn) ?? []
            plan.gained += after.subtracting(before)
            plan.lost += before.subtracting(after)
        }
        plan.changesText = text != other.text
        plan.gained.sort()
        plan.lost.sort()
        return plan
    }
}
