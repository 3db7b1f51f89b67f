import NetworkTypes

/// What real packets between machines come to: the judge of every verdict.
struct PacketTruth: Sendable {
    /// One machine to one address, in one size.
    struct Row: Sendable {
        var vpn: String
        /// The cloud of the machine that asks.
        var viewer: String
        /// The cloud of the address.
        var origin: String
        var family: AddressFamily
        var isLarge: Bool
        var sent: Int
        /// Counted by the receiver; nil: that was not looked at.
        var arrived: Int?
        var answered: Int

        /// More than half of the requests did not arrive.
        var isLostOut: Bool { arrived.map { $0 * 2 < sent } ?? false }
        /// More than half were not answered.
        var isLost: Bool { answered * 2 < sent }
    }

    var rows: [Row]

    func rows(_ pair: VerifyAnswer.Pair) -> [Row] {
        rows.filter { $0.vpn == pair.vpn && $0.origin == pair.origin && $0.viewer == pair.viewer }
    }

    var sent: Int { rows.reduce(0) { $0 + $1.sent } }
    var lost: Int { rows.reduce(0) { $0 + $1.sent - $1.answered } }
    /// No row is lost.
    var isWhole: Bool { !rows.contains(where: \.isLost) }
    /// Some packets of a pair are lost, and not all: a row in ten or more.
    func isLossy(_ pair: VerifyAnswer.Pair) -> Bool {
        let rows = rows(pair)
        let sent = rows.reduce(0) { $0 + $1.sent }, answered = rows.reduce(0) { $0 + $1.answered }
        return (sent - answered) * 10 > sent
    }

    /// Which sizes and families are lost, in words; empty if none is.
    var words: String {
        let lost = rows.filter(\.isLost)
        guard !lost.isEmpty else { return "" }
        let small = lost.contains { !$0.isLarge }, large = lost.contains(where: \.isLarge)
        let families = Set(lost.map(\.family))
        let clouds = Set(lost.map { [$0.viewer, $0.origin].sorted().joined(separator: "–") })
        let vpns = Set(lost.map(\.vpn))
        var parts = [small ? (large || rows.allSatisfy { !$0.isLarge } ? "" : "small only") : "large only"].filter { !$0.isEmpty }
        if families.count == 1 { parts.append(families.contains(.ipv4) ? "IPv4" : "IPv6") }
        return ([vpns.sorted().joined(separator: ", "), clouds.sorted().joined(separator: ", ")] + parts).joined(separator: ", ")
    }
}

extension Judge {
    /// Pings between the machines of each pair that verify judges, as VPNs are called like their tenants here: over each family, small ones and, where
    /// `full`, ones as large as machines send, not to be fragmented, which are counted where they arrive, too.
    func packets(_ answer: VerifyAnswer, full: Bool) async throws -> PacketTruth {
        let asked = answer.pairs.filter { $0.state != "empty" }.flatMap { plans($0, all: full) }.flatMap { plan in
            full ? [plan, plan.enlarged] : [plan]
        }
        var outcomes: [Int: Ping.Outcome] = [:]
        var seen: [Host: [EchoCapture.Sighting]] = [:]
        if full {
            seen = try await watching(Set(asked.map(\.to))) {
                outcomes = try await answers(asked.map(\.ping), count: 4, every: .milliseconds(150), patience: .seconds(1))
            }
        } else {
            outcomes = try await answers(asked.map(\.ping), count: 3, every: .milliseconds(80), patience: .milliseconds(600))
        }
        return PacketTruth(
            rows: asked.enumerated().map { index, plan in
                let outcome = outcomes[index] ?? Ping.Outcome([])
                let arrived = (seen[plan.to] ?? []).filter { $0.identifier == plan.ping.identifier && $0.destination == plan.ping.target }
                    .reduce(0) { $0 + $1.count }
                return PacketTruth.Row(
                    vpn: plan.pair.vpn, viewer: plan.pair.viewer, origin: plan.pair.origin, family: plan.ping.target.family,
                    isLarge: plan.ping.size != nil, sent: outcome.sent, arrived: full ? arrived : nil, answered: outcome.answered)
            })
    }

    /// All at once; starts are spread over the interval: a user-mode kernel has one processor.
    private func answers(_ pings: [Ping], count: Int, every interval: Duration, patience: Duration) async throws -> [Int: Ping.Outcome] {
        try await withThrowingTaskGroup(of: (Int, Ping.Outcome).self) { group in
            for (index, ping) in pings.enumerated() {
                group.addTask {
                    try await Task.sleep(for: interval * index / max(pings.count, 1))
                    return (index, try await ping.run(count: count, every: interval, patience: patience))
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private struct Plan: Sendable {
        var pair: VerifyAnswer.Pair
        var to: Host
        var ping: Ping

        var enlarged: Plan {
            var plan = self
            plan.ping = Ping(from: ping.namespace, to: ping.target, size: NorthboundContents.tenantMTU)
            return plan
        }
    }

    /// The machines of the viewer, each to one of the origin's, and every one of those is asked; not `all`: the first only.
    private func plans(_ pair: VerifyAnswer.Pair, all: Bool) -> [Plan] {
        func machines(_ name: String) -> [Scenario.Machine] {
            guard let cloud = scenario.cloud(name) else { return [] }
            return cloud.machines.filter { cloud.project(of: $0) == pair.vpn }
        }
        let sources = machines(pair.viewer), targets = machines(pair.origin)
        guard !sources.isEmpty, !targets.isEmpty else { return [] }
        return (0..<(all ? max(sources.count, targets.count) : 1)).flatMap { index in
            let source = sources[index % sources.count], target = targets[index % targets.count]
            return target.addresses.filter { address in source.addresses.contains { $0.family == address.family } }.map {
                Plan(
                    pair: pair, to: .node(pair.origin, target.name),
                    ping: Ping(from: Host.node(pair.viewer, source.name).namespace, to: $0))
            }
        }
    }
}
