import NetworkTypes

/// Whether OVN knows the MAC addresses of the next hops that tenants' packets leave their routers by. It drops a packet while it does not, before
/// any flow of ours sees it; and it asks for one only when it has a packet. So where one is not known, the agent gives it a packet.
struct NextHopWatch: Hashable, Sendable, Codable {
    /// Milliseconds between looks.
    static let interval: Int64 = 10_000
    /// While a next hop is not known.
    static let shortInterval: Int64 = 2_000
    /// Milliseconds for which one may stay unknown: a look finds it so, OVN is made to ask, and the next looks find what came of it.
    static let patience: Int64 = 7_000

    /// Those that are needed, by gateway port.
    private var wanted: [String: Set<IPAddress>] = [:]
    /// Since when they are known to be missing: milliseconds since 1970.
    private var missing: [String: [IPAddress: Int64]] = [:]
    private var lookedAt: Int64?
    /// When the last look had an answer.
    private var readAt: Int64 = 0
    /// Nil means no.
    private var isLooking: Bool?

    mutating func want(_ nextHops: [String: Set<IPAddress>]) {
        wanted = nextHops
        missing = missing.filter { nextHops[$0.key] != nil }
        for port in missing.keys { missing[port] = missing[port]?.filter { nextHops[port]?.contains($0.key) == true } }
    }

    func wanted(by port: String) -> Set<IPAddress> { wanted[port] ?? [] }

    /// The gateway ports to look at now, sorted.
    mutating func due(at now: Int64) -> [String] {
        guard !wanted.isEmpty, isLooking == nil else { return [] }
        let interval = missing.values.allSatisfy(\.isEmpty) ? Self.interval : Self.shortInterval
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
            missing[port] = nextHops.subtracting(found).reduce(into: [:]) { $0[$1] = missing[port]?[$1] ?? now }
        }
    }

    /// What OVN does not know, sorted.
    var unknown: [(port: String, nextHop: IPAddress)] {
        missing.sorted { $0.key < $1.key }.flatMap { port, nextHops in nextHops.keys.sorted().map { (port, $0) } }
    }

    /// Of a gateway port, those that it still does not know although it has asked.
    func unanswered(_ port: String) -> [IPAddress] {
        (missing[port] ?? [:]).filter { readAt - $0.value >= Self.patience }.keys.sorted()
    }
}
