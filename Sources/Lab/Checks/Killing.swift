import Foundation
import Glibc
import NetworkTypes
import Synchronization

extension Judge {
    /// Kills, starts again, and looks at pings and at the other clouds' routes all the while.
    func killing(_ step: Step.Kill) async throws -> String {
        let hurt = Set(step.victims.compactMap { $0.host?.split(separator: "/").first.map(String.init) })
        let observers = scenario.clouds.filter { !hurt.contains($0.name) }
            .flatMap { cloud in cloud.gateways.map { Host.node(cloud.name, $0.name) } }
        let before = try await federatedRoutes(of: observers)
        let vanished = Tally()
        let stop = StopSign()
        let report = try await withThrowingTaskGroup(of: Void.self) { group in
            for host in observers {
                group.addTask {
                    _ = try await RouteMonitor(in: host.namespace).run(within: .seconds(600), started: {}, until: stop) { event, _ in
                        if event.isFederated, !event.isAdded { vanished.add("\(event.prefix) at \(host)") }
                        return true
                    }
                }
            }
            async let pings = ping(step.pinging, until: stop)
            // After the line above: what is declared last is left first, and an error must stop the pings before it waits for them.
            defer { stop.set() }
            try await Task.sleep(for: .seconds(1))
            for victim in step.victims { try kill(victim) }
            try await Task.sleep(for: .seconds(step.after))
            for victim in step.victims { try await restart(victim) }
            let back = try await waitForRoutes(before, of: observers, limit: step.backWithin)
            // Whatever a restart does to what runs, it does in its first seconds.
            try await Task.sleep(for: .seconds(5))
            stop.set()
            let outcomes = try await pings
            try await group.waitForAll()
            return (outcomes, back)
        }
        return try assess(step, pings: report.0, back: report.1, vanished: vanished.all)
    }

    private func assess(_ step: Step.Kill, pings: PingRecord, back: Duration?, vanished: [String]) throws -> String {
        var said = [try pings.assess(allowed: step.pinging.lost)]
        if step.keepsRoutes {
            guard vanished.isEmpty else { throw LabError("routes vanished:\n\(vanished.joined(separator: "\n"))") }
            said.append("no route vanished")
        }
        if let back, let aim = step.backWithin {
            said.append("all routes back \(Journal.milliseconds(back)) ms after it listened\(remark(back, aim: .seconds(aim)))")
        }
        return said.joined(separator: ", ")
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

    // MARK: Victims

    private func place(_ victim: Step.Victim) throws -> (kind: DaemonKind, host: Host) {
        guard victim.kind != .coordinator else { return (.coordinator, .management) }
        guard let host = victim.host.flatMap(scenario.host(named:)), let kind = DaemonKind(rawValue: victim.kind.rawValue) else {
            throw LabError("no such victim")
        }
        return (kind, host)
    }

    func kill(_ victim: Step.Victim) throws {
        let (kind, host) = try place(victim)
        guard lab.daemons.process(kind, host).signal(SIGKILL) else { throw LabError("\(kind.rawValue) of \(host) was not running") }
    }

    /// Starts it and returns when it listens, as far as it does.
    func restart(_ victim: Step.Victim) async throws {
        let (kind, host) = try place(victim)
        try await lab.start(kind, on: host)
    }
}

/// Lines that several tasks note.
private final class Tally: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}
