/// What tenants do with routers whose name another tenant's federated one has.
extension Judge {
    /// Another tenant makes an empty router of the same name, which changes nothing and is reported; then it goes again.
    func namesake(_ step: Step.Namesake) async throws -> String {
        guard let cloud = scenario.cloud(step.cloud) else { throw LabError("unknown cloud \(step.cloud)") }
        let database = lab.layout.northbound(cloud.name)
        let rows = RouterRows(step.router, of: step.project, in: cloud, generation: "of-\(step.project)")
        let external = step.hasGateway ? ["172.24.\(cloud.number).200/24", "fd24:\(cloud.number)::200/64"] : nil
        let (_, said) = try await pinging(step.pinging) {
            _ = try await database.transact(rows.creation(subnets: [], external: external))
            do {
                try await watch(rows.id, while: step.restart)
            } catch {
                try? await RouterRows.remove(rows.id.description, from: database)
                throw error
            }
            try await RouterRows.remove(rows.id.description, from: database)
            try await eventually(within: .seconds(15) * patience, "end of the report about the namesake") {
                try await !agentsReport(rows.id)
            }
        }
        return "reported, \(said)"
    }

    /// It is reported, by an agent that starts while it is there too, and fails nothing.
    private func watch(_ id: OpenStackID, while victim: Step.Victim?) async throws {
        try await eventually(within: .seconds(15) * patience, "report about the namesake \(id)") { try await agentsReport(id) }
        if let victim {
            try kill(victim)
            try await restart(victim)
            try await Task.sleep(for: .seconds(4))
            try await eventually(within: .seconds(15) * patience, "report about the namesake \(id) after the restart") {
                try await agentsReport(id)
            }
            try await eventually(within: .seconds(10) * patience, "good verdict after the restart") {
                try await lab.daemons.fedctl(["verify"]).run().status == 0
            }
        }
        let verdict = try await lab.daemons.fedctl(["verify"]).run()
        guard verdict.status == 0 else { throw LabError("fedctl verify exited with \(verdict.status):\n\(verdict.text)") }
    }

    /// A router is deleted, and a project makes another one of that name with ports in the same networks and the same addresses.
    func recreateRouter(_ step: Step.RecreateRouter) async throws -> String {
        guard let cloud = scenario.cloud(step.cloud) else { throw LabError("unknown cloud \(step.cloud)") }
        let database = lab.layout.northbound(cloud.name)
        let former = try await database.select(
            "Logical_Router", where: [["external_ids", "includes", .map(["neutron:router_name": step.router])]], columns: ["name"])
        for row in former {
            guard let name = row["name"]?.string, name.hasPrefix("neutron-") else { continue }
            try await RouterRows.remove(String(name.dropFirst("neutron-".count)), from: database)
        }
        let subnets = cloud.networks.filter { $0.router == step.router }.flatMap { network in network.subnets.map { (network, $0) } }
        let rows = RouterRows(step.router, of: step.project, in: cloud, generation: "\(step.project)-\(step.line)")
        _ = try await database.transact(rows.creation(subnets: subnets, external: cloud.external(step.router)))
        return "\(former.count) gone, now \(rows.id)"
    }

    /// Whether an agent complains of a namesake of this id.
    private func agentsReport(_ id: OpenStackID) async throws -> Bool {
        let document = try JSON(parsing: try await lab.daemons.fedctl(["get", "agents", "-o", "json"]).succeed().utf8)
        return Reports.complaint("attachment-namesake", about: id.description, in: document)
    }
}
