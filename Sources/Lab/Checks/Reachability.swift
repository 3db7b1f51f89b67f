import NetworkTypes

/// A ping that a check asks for.
struct PingPlan: Hashable, Sendable {
    var from: Host
    var to: Host
    var target: IPAddress
}

extension Scenario {
    /// Each machine of one tenant to each of another in other clouds, over each family that both have.
    func remotePairs(from: String, to: String) -> [PingPlan] {
        machines(of: from).flatMap { source in
            machines(of: to).filter { $0.cloud.name != source.cloud.name }.flatMap { target in
                target.machine.addresses
                    .filter { address in source.machine.addresses.contains { $0.family == address.family } }
                    .map {
                        PingPlan(
                            from: .node(source.cloud.name, source.machine.name), to: .node(target.cloud.name, target.machine.name),
                            target: $0)
                    }
            }
        }
    }
}

extension Judge {
    /// All pairs at once; each request must be answered.
    func pings(_ step: Step.Pings) async throws -> String {
        try await reaches(scenario.remotePairs(from: step.among, to: step.among), count: step.count, every: .milliseconds(step.interval))
    }

    func reaches(_ plans: [PingPlan], count: Int, every interval: Duration) async throws -> String {
        let outcomes = try await ping(plans, count: count, every: interval)
        let bad = zip(plans, outcomes).filter { $1.lost > 0 }
        guard bad.isEmpty else {
            let list = bad.map { "\($0.from) to \($0.target) of \($0.to): \($1.answered) of \($1.sent)" }
            throw LabError("\(bad.count) of \(plans.count) pairs lost pings:\n\(list.joined(separator: "\n"))")
        }
        return "\(plans.count) pairs, \(count) of \(count) each"
    }

    func ping(_ plans: [PingPlan], count: Int, every interval: Duration) async throws -> [Ping.Outcome] {
        try await withThrowingTaskGroup(of: (Int, Ping.Outcome).self) { group in
            for (index, plan) in plans.enumerated() {
                group.addTask {
                    // Starts are spread over the interval: a user-mode kernel has one processor.
                    try await Task.sleep(for: interval * index / max(plans.count, 1))
                    let ping = Ping(from: plan.from.namespace, to: plan.target)
                    return (index, try await ping.run(count: count, every: interval))
                }
            }
            var outcomes: [Int: Ping.Outcome] = [:]
            for try await (index, outcome) in group { outcomes[index] = outcome }
            return plans.indices.compactMap { outcomes[$0] }
        }
    }

    /// Machines of one tenant ping every address that the other's remote machines have. Some of these addresses also belong
    /// to machines of their own tenant, which then answer; the other tenant's must see nothing.
    func isolated(from: String, to: String) async throws -> String {
        let plans = scenario.remotePairs(from: from, to: to)
        let seen = try await watching(Set(plans.map(\.to))) {
            let outcomes = try await ping(plans, count: 5, every: .milliseconds(100))
            for (plan, outcome) in zip(plans, outcomes) where outcome.answered > 0 {
                let own = scenario.remotePairs(from: from, to: from).contains { $0.from == plan.from && $0.target == plan.target }
                guard own else { throw LabError("\(plan.from) got \(outcome.answered) answers from \(plan.target), which only \(to) has") }
            }
        }
        try refuse(seen)
        return "\(plans.count * 5) requests, 0 arrived"
    }

    func unreachable(from: MachineGroup, to: [MachineGroup]) async throws -> String {
        let plans = scenario.pairs(from: from, to: to)
        let seen = try await watching(Set(plans.map(\.to))) {
            let outcomes = try await ping(plans, count: 3, every: .milliseconds(100))
            for (plan, outcome) in zip(plans, outcomes) where outcome.answered > 0 {
                throw LabError("\(plan.from) got \(outcome.answered) answers from \(plan.target) of \(plan.to)")
            }
        }
        try refuse(seen)
        return "\(plans.count * 3) requests, 0 arrived"
    }

    private func refuse(_ seen: [Host: [EchoCapture.Sighting]]) throws {
        let strangers = seen.filter { !$0.value.isEmpty }
        guard strangers.isEmpty else {
            let list = strangers.flatMap { host, sightings in
                sightings.map { "\(host) saw \($0.count) from \($0.source) to \($0.destination)" }
            }
            throw LabError("requests arrived where none are allowed:\n\(list.sorted().joined(separator: "\n"))")
        }
    }

    /// Watches the machines' interfaces while `body` runs.
    func watching(_ hosts: Set<Host>, interface: String = "eth0", _ body: () async throws -> Void) async throws -> [Host: [EchoCapture
        .Sighting]]
    {
        let stop = StopSign()
        return try await withThrowingTaskGroup(of: (Host, [EchoCapture.Sighting]).self) { group in
            let (ready, announce) = AsyncStream.makeStream(of: Void.self)
            for host in hosts {
                group.addTask {
                    let capture = EchoCapture(in: host.namespace, interface: interface)
                    // A capture that cannot start announces too, and its error comes out below.
                    defer { announce.yield() }
                    return (host, try await capture.run(until: stop) { announce.yield() })
                }
            }
            var iterator = ready.makeAsyncIterator()
            for _ in hosts { _ = await iterator.next() }
            defer { stop.set() }
            try await body()
            stop.set()
            var seen: [Host: [EchoCapture.Sighting]] = [:]
            for try await (host, sightings) in group { seen[host] = sightings }
            return seen
        }
    }

    /// SNAT towards the Internet, none towards federated peers: both told by the receiver.
    func internet(from project: String) async throws -> String {
        var counted = 0
        for (cloud, machine) in scenario.machines(of: project) {
            guard let routerName = cloud.network(machine.network)?.router, let expected = cloud.externalIPv4(routerName),
                let target = cloud.internet.first(where: { $0.family == .ipv4 })
            else { continue }
            let from = Host.node(cloud.name, machine.name)
            let seen = try await watching([.internet(cloud.name)], interface: "provider") {
                let outcome = try await ping(
                    [PingPlan(from: from, to: .internet(cloud.name), target: target)], count: 3, every: .milliseconds(100))
                guard outcome[0].lost == 0 else {
                    throw LabError("\(from) got \(outcome[0].answered) of 3 answers from the Internet, \(target)")
                }
            }
            let sources = Set(seen.values.joined().filter { $0.destination == target }.map(\.source))
            guard sources == [expected] else {
                throw LabError(
                    "the Internet saw \(from) as \(sources.map(\.description).sorted().joined(separator: ", ")), not as \(expected)")
            }
            counted += 1
        }
        let plans = scenario.remotePairs(from: project, to: project)
        let seen = try await watching(Set(plans.map(\.to))) {
            let outcomes = try await ping(plans, count: 2, every: .milliseconds(100))
            if let lost = zip(plans, outcomes).first(where: { $1.answered == 0 }) {
                throw LabError("\(lost.0.from) does not reach \(lost.0.target)")
            }
        }
        let known = Set(scenario.machines(of: project).flatMap(\.machine.addresses))
        for (host, sightings) in seen {
            if let stranger = sightings.first(where: { !known.contains($0.source) }) {
                throw LabError("\(host) saw a request from \(stranger.source), which is not a VM of \(project): it was translated")
            }
        }
        return "\(counted) VMs translated, \(plans.count) pairs not"
    }
}
