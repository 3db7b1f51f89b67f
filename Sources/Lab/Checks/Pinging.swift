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
        return (result, try assess(pinging, try await pings))
    }

    func ping(_ pinging: Step.Pinging, until stop: StopSign) async throws -> [(PingPlan, Ping.Outcome)] {
        let project = pinging.project
        let firsts = Set(
            scenario.clouds.compactMap { cloud in
                cloud.machines.first { cloud.project(of: $0) == project }.map { Host.node(cloud.name, $0.name) }
            })
        let plans = scenario.remotePairs(from: project, to: project).filter { firsts.contains($0.from) && firsts.contains($0.to) }
        return try await withThrowingTaskGroup(of: (PingPlan, Ping.Outcome).self) { group in
            for plan in plans {
                group.addTask {
                    let ping = Ping(from: plan.from.namespace, to: plan.target)
                    return (plan, try await ping.run(every: .milliseconds(pinging.interval), until: stop))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// - Throws: where too many were lost.
    func assess(_ pinging: Step.Pinging, _ pings: [(PingPlan, Ping.Outcome)]) throws -> String {
        let lost = pings.reduce(0) { $0 + $1.1.lost }
        let sent = pings.reduce(0) { $0 + $1.1.sent }
        if let allowed = pinging.lost, lost > allowed {
            let list = pings.filter { $0.1.lost > 0 }.map {
                "\($0.from) to \($0.target): \($1.lost) of \($1.sent), \($1.longestGap) in a row"
            }
            throw LabError("\(lost) pings lost, \(allowed) allowed:\n\(list.joined(separator: "\n"))")
        }
        return "\(lost) of \(sent) pings lost"
    }
}
