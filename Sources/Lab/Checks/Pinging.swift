extension Judge {
    /// Pings from a second before something to two seconds after it.
    /// - Returns: what came of it, and how many pings were lost.
    func pinging<Result>(_ pinging: Step.Pinging, _ body: () async throws -> Result) async throws -> (Result, said: String) {
        let stop = StopSign()
        async let pings = ping(pinging, until: stop)
        // After the line above: what is declared last is left first, and an error must stop the pings before it waits for them.
        defer { stop.set() }
        try await Task.sleep(for: .seconds(1))
        let result = try await body()
        try await Task.sleep(for: .seconds(2))
        stop.set()
        return (result, try await pings.assess(allowed: pinging.lost))
    }

    /// Pings between the first machines of the tenant in each cloud; beside them each of these machines pings its own router, whose answers are
    /// made by the node's own Open vSwitch: they tell when it forwards nothing.
    func ping(_ pinging: Step.Pinging, until stop: StopSign) async throws -> PingRecord {
        let project = pinging.project
        let firsts = scenario.clouds.compactMap { cloud in
            cloud.machines.first { cloud.project(of: $0) == project }.map {
                (cloud: cloud, host: Host.node(cloud.name, $0.name), machine: $0)
            }
        }
        let hosts = Set(firsts.map(\.host))
        let plans = scenario.remotePairs(from: project, to: project).filter { hosts.contains($0.from) && hosts.contains($0.to) }
        let own = firsts.compactMap { first in
            first.cloud.network(first.machine.network)?.subnets.first.map {
                PingPlan(from: first.host, to: first.host, target: Scenario.Network.gateway(of: $0))
            }
        }
        let outcomes = try await withThrowingTaskGroup(of: (PingPlan, Ping.Outcome).self) { group in
            for plan in plans + own {
                group.addTask {
                    let ping = Ping(from: plan.from.namespace, to: plan.target)
                    return (plan, try await ping.run(every: .milliseconds(pinging.interval), until: stop))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        var stalls: [Host: Stalls] = [:]
        for (plan, outcome) in outcomes where plan.from == plan.to { stalls[plan.from] = Stalls(in: outcome) }
        return PingRecord(pairs: outcomes.filter { $0.0.from != $0.0.to }.map { .init(plan: $0.0, outcome: $0.1) }, stalls: stalls)
    }
}

/// What came of the pings while something was done.
struct PingRecord: Sendable {
    struct Pair: Sendable {
        var plan: PingPlan
        var outcome: Ping.Outcome
    }

    var pairs: [Pair]
    /// By machine: when its node's Open vSwitch forwarded nothing.
    var stalls: [Host: Stalls]

    /// The lost requests of a pair, and how many of them were sent while the Open vSwitch at one end forwarded nothing.
    func losses(of pair: Pair) -> (counted: Int, stalled: Int, longestGap: Int) {
        var (counted, stalled, gap, longest) = (0, 0, 0, 0)
        for request in pair.outcome.requests {
            if request.answeredAfter != nil {
                gap = 0
            } else if [pair.plan.from, pair.plan.to].contains(where: { stalls[$0]?.contains(request.sentAt) == true }) {
                stalled += 1
            } else {
                (counted, gap) = (counted + 1, gap + 1)
                longest = max(longest, gap)
            }
        }
        return (counted, stalled, longest)
    }

    /// - Parameters:
    ///   - gap: how long at most no ping of a pair is answered, in milliseconds; nil: any time.
    ///   - interval: of the pings of a pair, in milliseconds.
    ///   - all: counts what is lost while an Open vSwitch stands still, too.
    /// - Throws: If too many were lost.
    func assess(allowed: Int?, gap: Int? = nil, every interval: Int = 0, all: Bool = false) throws -> String {
        guard !all else { return try PingRecord(pairs: pairs, stalls: [:]).assess(allowed: allowed, gap: gap, every: interval) }
        let sent = pairs.reduce(0) { $0 + $1.outcome.sent }
        let losses = pairs.map { (plan: $0.plan, sent: $0.outcome.sent, lost: self.losses(of: $0)) }
        let counted = losses.reduce(0) { $0 + $1.lost.counted }, stalled = losses.reduce(0) { $0 + $1.lost.stalled }
        let aside = stalled == 0 ? "" : " (and \(stalled) while OVS at one end did not answer its own VMs)"
        if let allowed, counted > allowed {
            let list = losses.filter { $0.lost.counted > 0 }.map {
                "\($0.plan.from) to \($0.plan.target): \($0.lost.counted) of \($0.sent), \($0.lost.longestGap) in a row"
            }
            throw LabError("\(counted) pings lost\(aside), \(allowed) allowed:\n\(list.joined(separator: "\n"))")
        }
        // A switch that stands still all the time proves nothing, where something is to be proven.
        guard allowed == nil && gap == nil || stalled * 2 <= sent else {
            throw LabError("OVS forwarded nothing most of the time: \(stalled) of \(sent) pings")
        }
        let longest = (losses.map(\.lost.longestGap).max() ?? 0) * interval
        if let gap, longest > gap {
            let list = losses.filter { $0.lost.longestGap * interval > gap }.map {
                "\($0.plan.from) to \($0.plan.target): \($0.lost.longestGap * interval) ms"
            }
            throw LabError("pings unanswered for longer than \(gap) ms\(aside):\n\(list.joined(separator: "\n"))")
        }
        return "\(counted) of \(sent) pings lost\(longest == 0 ? "" : ", for \(longest) ms at most")\(aside)"
    }
}
