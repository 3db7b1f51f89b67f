import NetworkTypes
import Synchronization

extension Judge {
    /// Breaks something, mends it, and looks at pings and at the other clouds' routes all the while.
    /// - Parameter other: a fault that lasts meanwhile; what is lost while it stops a switch is its cost.
    func outage(_ step: Step.Outage, amid other: Step.Fault? = nil) async throws -> Finding {
        let hurt = Set(step.fault.hosts.compactMap { $0.description.split(separator: "/").first.map(String.init) })
        let observers = scenario.clouds.filter { !hurt.contains($0.name) }
            .flatMap { cloud in cloud.gateways.map { Host.node(cloud.name, $0.name) } }
        let before = try await federatedRoutes(of: observers)
        let changes = Watched()
        let stop = StopSign()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for host in observers {
                group.addTask {
                    _ = try await RouteMonitor(in: host.namespace).run(within: .seconds(900), started: {}, until: stop) { event, time in
                        if event.isFederated { changes.state.withLock { $0.note(event, at: host, time) } }
                        return true
                    }
                }
            }
            async let pings = ping(step.pinging, until: stop)
            // After the line above: what is declared last is left first, and an error must stop the pings before it waits for them.
            defer { stop.set() }
            try await Task.sleep(for: .seconds(1))
            let broken = ContinuousClock.now
            try await begin(step.fault)
            var findings: [Finding] = []
            do {
                try await Task.sleep(for: .seconds(step.after))
                for inner in step.meanwhile {
                    if case .outage(let inner) = inner {
                        findings.append(try await outage(inner, amid: step.fault))
                    } else {
                        findings.append(try await perform(inner))
                    }
                }
            } catch {
                // The stages after this one shall find a whole lab.
                try? await mend(step.fault)
                throw error
            }
            try await mend(step.fault)
            let mended = ContinuousClock.now
            let back = try await waitForRoutes(before, of: observers, limit: step.backWithin)
            // Whatever a restart does to what runs, it does in its first seconds.
            try await Task.sleep(for: .seconds(5))
            stop.set()
            let record = try await pings
            try await group.waitForAll()
            var said = [
                try record.assess(
                    allowed: step.pinging.lost, gap: step.gap, every: step.pinging.interval,
                    all: step.fault.stopsSwitch || other?.stopsSwitch ?? false)
            ]
            let seen = changes.state.withLock { $0 }
            let vanished = seen.vanished
            if step.keepsRoutes {
                guard vanished.isEmpty else {
                    throw LabError("routes vanished:\n\(vanished.map { $0.text(since: broken) }.joined(separator: "\n"))")
                }
                said.append("no route vanished")
            } else if !vanished.isEmpty {
                said.append("\(vanished.count) routes withdrawn")
            }
            if let last = seen.last {
                said.append(
                    last > mended
                        ? "last route \(Journal.milliseconds(last - mended)) ms after the mending"
                        : "last route \(Journal.milliseconds(last - broken)) ms after the fault")
            }
            if let back, let aim = step.backWithin {
                said.append("all routes back \(Journal.milliseconds(back)) ms after it listened\(remark(back, aim: .seconds(aim)))")
            }
            let meanwhile = findings.map(\.said).filter { !$0.isEmpty }
            if !meanwhile.isEmpty { said.append("meanwhile: " + meanwhile.joined(separator: ", ")) }
            return Finding(said: said.joined(separator: ", "), shown: findings.map(\.shown).filter { !$0.isEmpty }.joined(separator: "\n"))
        }
    }

    // MARK: Routes

    struct FederatedRoute: Hashable, Sendable {
        var host: Host
        var table: UInt32
        var prefix: IPPrefix
    }

    func federatedRoutes(of hosts: [Host]) async throws -> Set<FederatedRoute> {
        var found: Set<FederatedRoute> = []
        for host in hosts {
            for route in try await RouteMonitor(in: host.namespace).routes() where route.isFederated {
                found.insert(FederatedRoute(host: host, table: route.table, prefix: route.prefix))
            }
        }
        return found
    }

    /// How long it takes until all routes stand again; nil if that is not asked.
    private func waitForRoutes(_ routes: Set<FederatedRoute>, of hosts: [Host], limit: Int?) async throws -> Duration? {
        guard let limit else { return nil }
        guard !routes.isEmpty else { throw LabError("the other clouds had no routes at the start") }
        let start = ContinuousClock.now
        try await eventually(within: .seconds(limit) * patience, every: .milliseconds(50), "complete set of routes in the other clouds") {
            try await federatedRoutes(of: hosts).isSuperset(of: routes)
        }
        return ContinuousClock.now - start
    }
}

/// What several monitors write to.
private final class Watched: Sendable {
    let state = Mutex(RouteChanges())
}
