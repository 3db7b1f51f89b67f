/// Machines that a stage speaks of: `blue` (all of a tenant), `blue@paris` (those in one cloud) or `paris/blue-1` (one).
package struct MachineGroup: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Nil if the scenario has no such machine.
    init?(_ text: String, in scenario: Scenario) {
        description = text
        guard !scenario.machines(in: self).isEmpty else { return nil }
    }
}

extension Scenario {
    package func machines(in group: MachineGroup) -> [(cloud: Cloud, machine: Machine)] {
        let text = group.description
        return clouds.flatMap { cloud in
            cloud.machines.filter { machine in
                let project = cloud.project(of: machine)
                return text == project || text == "\(project)@\(cloud.name)" || text == "\(cloud.name)/\(machine.name)"
            }.map { (cloud, $0) }
        }
    }

    /// Each machine of one group to each of others behind another router, over each family that both have.
    func pairs(from: MachineGroup, to: [MachineGroup]) -> [PingPlan] {
        var seen: Set<PingPlan> = []
        return machines(in: from).flatMap { source in
            to.flatMap(machines(in:)).filter { target in
                source.cloud.name != target.cloud.name
                    || source.cloud.network(source.machine.network)?.router != target.cloud.network(target.machine.network)?.router
            }.flatMap { target in
                target.machine.addresses
                    .filter { address in source.machine.addresses.contains { $0.family == address.family } }
                    .map {
                        PingPlan(
                            from: .node(source.cloud.name, source.machine.name), to: .node(target.cloud.name, target.machine.name),
                            target: $0)
                    }
            }
        }.filter { seen.insert($0).inserted }
    }
}
