import NetworkTypes

/// Whether OVN knows the MAC addresses of the next hops that tenants' packets leave their routers by. It drops a packet while it does not, before
/// any flow of ours sees it; and it asks for one only when it has a packet. So where one is not known, the agent gives it a packet.
struct NextHopWatch: Hashable, Sendable, Codable {
    /// Milliseconds between looks.
    static let interval: Int64 = 10_000
    /// While one is missing that was not missing for long.
    static let shortInterval: Int64 = 2_000
    static let eager: Int64 = 60_000
    /// The longest between two requests for one: each pause is as long as all before it.
    static let longestPause: Int64 = 30_000
    /// As many are asked for at once.
    static let mostAtOnce = 64
    /// Milliseconds for which one may stay unknown: a look finds it so, OVN is made to ask, and the next looks find what came of it.
    static let patience: Int64 = 7_000

    /// Those that are needed, by gateway port.
    private var wanted: [String: Set<IPAddress>] = [:]
    private var missing: [String: [IPAddress: Missing]] = [:]
    private var lookedAt: Int64?
    /// When the last look had an answer.
    private var readAt: Int64 = 0
    /// Nil means no.
    private var isLooking: Bool?
    private var isAsking: Bool?

    /// Times are milliseconds since 1970.
    private struct Missing: Hashable, Sendable, Codable {
        /// It is known not to be known.
        var since: Int64
        /// OVN was last made to ask; nil: never.
        var askedAt: Int64?

        func isDue(at now: Int64) -> Bool {
            guard let askedAt else { return true }
            let pause = min(max(askedAt - since, shortInterval), longestPause)
            // A clock that was set back must not make the time longer.
            return !(0..<pause).contains(now - askedAt)
        }
    }

    mutating func want(_ nextHops: [String: Set<IPAddress>]) {
        wanted = nextHops
        missing = missing.filter { nextHops[$0.key] != nil }
        for port in missing.keys { missing[port] = missing[port]?.filter { nextHops[port]?.contains($0.key) == true } }
    }

    func wanted(by port: String) -> Set<IPAddress> { wanted[port] ?? [] }

    /// The gateway ports to look at now, sorted.
    mutating func due(at now: Int64) -> [String] {
        guard !wanted.isEmpty, isLooking == nil else { return [] }
        let isFresh = missing.values.contains { $0.values.contains { now - $0.since < Self.eager } }
        let interval = isFresh ? Self.shortInterval : Self.interval
        let wait = lookedAt.map { $0 + interval - now } ?? 0
        // A clock that was set back must not make the time longer.
        guard !(1...interval).contains(wait) else { return [] }
        isLooking = true
        return wanted.keys.sorted()
    }

    /// - Parameter known: what OVN knows, by gateway port; nil: it cannot be read, and what was seen stands.
    mutating func see(_ known: [String: Set<IPAddress>]?, at now: Int64) {
        isLooking = nil
        lookedAt = now
        guard let known else { return }
        readAt = now
        for (port, nextHops) in wanted {
            guard let found = known[port] else { continue }
            missing[port] = nextHops.subtracting(found).reduce(into: [:]) {
                $0[$1] = missing[port]?[$1] ?? Missing(since: now)
                // A clock that was set back must not make the time longer.
                if let since = $0[$1]?.since, since > now { $0[$1]?.since = now }
            }
        }
    }

    /// What OVN is to be made to ask for now, those first that it was not made to ask for the longest time. Nothing while it is being made to.
    mutating func toAsk(at now: Int64) -> [(port: String, nextHop: IPAddress)] {
        guard isAsking == nil else { return [] }
        let due = missing.flatMap { port, nextHops in
            nextHops.filter { $0.value.isDue(at: now) }.map { (port: port, nextHop: $0.key, askedAt: $0.value.askedAt ?? .min) }
        }.sorted { ($0.askedAt, $0.port, $0.nextHop) < ($1.askedAt, $1.port, $1.nextHop) }.prefix(Self.mostAtOnce)
        for one in due { missing[one.port]?[one.nextHop]?.askedAt = now }
        return due.map { ($0.port, $0.nextHop) }
    }

    mutating func asking(_ isAsking: Bool) { self.isAsking = isAsking ? true : nil }

    /// Of a gateway port, those that it still does not know although it has asked.
    func unanswered(_ port: String) -> [IPAddress] {
        (missing[port] ?? [:]).filter { readAt - $0.value.since >= Self.patience }.keys.sorted()
    }
}
