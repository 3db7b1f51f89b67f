import NetworkTypes
import Synchronization

extension Judge {
    /// Moves a router's gateway port by one change of priorities, as an operator or Neutron's scheduler does, and times
    /// from the southbound binding to the last route that leads to the new VTEP in the other clouds.
    func moveGateway(_ step: Step.MoveGateway) async throws -> String {
        guard let cloud = scenario.cloud(step.cloud), let target = cloud.gateways.first(where: { $0.name == step.to }) else {
            throw LabError("no such gateway")
        }
        let ids = NeutronCloud(cloud)
        let prefixes = Set(
            cloud.machines.filter { cloud.network($0.network)?.router == step.router }.flatMap(\.addresses).map(IPPrefix.init(host:)))
        let observers = scenario.clouds.filter { $0.name != cloud.name }.flatMap { other in
            other.gateways.map { Host.node(other.name, $0.name) }
        }
        let chassis = try await lab.layout.southbound(cloud.name).select(
            "Chassis", where: [.equals("name", .string(ids.chassis(step.to)))], columns: ["_uuid"])
        guard let identity = chassis.first?["_uuid"] else {
            throw LabError("chassis \(ids.chassis(step.to)) is not in the southbound database")
        }
        let update = try await promotion(of: step.to, in: cloud, router: step.router)

        return try await withThrowingTaskGroup(of: Move.self) { group in
            let (ready, announce) = AsyncStream.makeStream(of: Void.self)
            let stop = StopSign()
            defer { stop.set() }
            for host in observers {
                group.addTask {
                    try await lastMove(of: prefixes, to: .v4(target.vtep), at: host, stop: stop) { announce.yield() }
                }
            }
            var iterator = ready.makeAsyncIterator()
            for _ in observers { _ = await iterator.next() }
            let start = ContinuousClock.now
            _ = try await lab.layout.northbound(cloud.name).transact([update])
            try await lab.layout.southbound(cloud.name).wait(
                "Port_Binding", where: [.equals("logical_port", .string(NeutronName.chassisRedirect(ids.gateway(step.router))))],
                column: "chassis",
                until: "==", identity, limit: .seconds(20))
            let bound = ContinuousClock.now
            var move = Move(arrived: bound, alone: bound)
            for try await other in group {
                move = Move(arrived: max(move.arrived, other.arrived), alone: max(move.alone, other.alone))
            }
            let arrived = Journal.milliseconds(move.arrived - bound)
            let alone = Journal.milliseconds(move.alone - bound)
            let said =
                "binding after \(Journal.milliseconds(bound - start)) ms; then the new node's \(prefixes.count) routes were there after "
                + "\(arrived) ms and the old one's gone after \(alone) ms"
            guard alone <= step.within * patience else { throw LabError("\(said); at most \(step.within * patience) ms are allowed") }
            return said + remark(move.alone - bound, aim: .milliseconds(step.within))
        }
    }

    /// The operation that gives a gateway the highest priority for a router.
    func promotion(of gateway: String, in cloud: Scenario.Cloud, router: String) async throws -> JSON {
        let database = lab.layout.northbound(cloud.name)
        let ids = NeutronCloud(cloud)
        let groups = try await database.select(
            "HA_Chassis_Group", where: [.equals("name", .string(NeutronName.resource(ids.router(router))))], columns: ["ha_chassis"])
        guard let members = groups.first?["ha_chassis"] else { throw LabError("router \(router) has no HA_Chassis_Group") }
        // A set of one is written as its member.
        let references = members[0]?.string == "set" ? members[1]?.array ?? [] : [members]
        let rows = try await database.select("HA_Chassis", columns: ["_uuid", "chassis_name", "priority"])
            .filter { row in row["_uuid"].map(references.contains) == true }
        guard let chosen = rows.first(where: { $0["chassis_name"]?.string == ids.chassis(gateway) })?["_uuid"],
            let highest = rows.compactMap({ $0["priority"]?.number }).max()
        else { throw LabError("\(gateway) is not a candidate of router \(router)") }
        return [
            "op": "update", "table": "HA_Chassis", "where": [.equals("_uuid", chosen)], "row": .object(["priority": .number(highest + 1)]),
        ]
    }

    /// When the last route of the new node had come, and when all led to it alone.
    private struct Move: Sendable {
        var arrived: ContinuousClock.Instant
        var alone: ContinuousClock.Instant
    }

    /// Watches until all these prefixes lead to `vtep` and nowhere else.
    private func lastMove(
        of prefixes: Set<IPPrefix>, to vtep: IPAddress, at host: Host, stop: StopSign, started: @escaping @Sendable () -> Void
    ) async throws -> Move {
        let moved = Mutex<(arrived: [IPPrefix: ContinuousClock.Instant], alone: [IPPrefix: ContinuousClock.Instant])>(([:], [:]))
        let complete = try await RouteMonitor(in: host.namespace).run(within: .seconds(30), started: started, until: stop) { event, time in
            guard event.isFederated, prefixes.contains(event.prefix) else { return true }
            return moved.withLock { moved in
                guard event.isAdded else { return true }
                if event.gateways.contains(vtep), moved.arrived[event.prefix] == nil { moved.arrived[event.prefix] = time }
                moved.alone[event.prefix] = event.gateways == [vtep] ? time : nil
                return moved.alone.count < prefixes.count
            }
        }
        let (arrived, alone) = moved.withLock { $0 }
        guard complete, let first = arrived.values.max(), let last = alone.values.max() else {
            let missing = prefixes.filter { alone[$0] == nil }.map(\.description).sorted()
            throw LabError("at \(host) these routes did not move to \(vtep) within 30 s: \(missing.joined(separator: ", "))")
        }
        return Move(arrived: first, alone: last)
    }
}
