import Federation

extension Revision {
    /// What another revision is beside this one, as the plan that would have made it.
    package func difference(to other: Revision) -> Plan {
        let empty = Plan(
            base: number, federation: federation, objects: [], gateways: [], gained: [], lost: [], findings: [], withdrawals: 0)
        switch (compilation, other.compilation) {
        case (_, let new?): return Plan.between(compilation, new, base: number)
        case (let old?, nil):
            // Before the first apply there was nothing.
            let nothing = FederationGraph(federation: federation)
            guard let new = try? old.updated(to: nothing, with: other.ledger, revision: other.number) else { return empty }
            return Plan.between(old, new, base: number)
        case (nil, nil): return empty
        }
    }
}
