import NetworkTypes

/// One maximum of learned prefixes, and what it lets in while it is exceeded.
///
/// It closes at once. Then it changes rarely: each change is a new install filter, with which bgpd tells zebra of all routes of the VRF anew.
struct LearnedLimit: Hashable, Sendable, Codable {
    /// Milliseconds between changes of what is let in, and for which everything must have fitted before all is let in again.
    static let hold: Int64 = 30_000

    /// Nil: not exceeded, all is let in.
    private(set) var admitted: Set<IPPrefix>?
    private var changedAt: Int64 = 0
    private var fitsSince: Int64?
    /// By which it was last judged.
    private var maximum: Int?
    /// How many were offered when that was last known.
    private(set) var offered = 0
    /// How many of these are kept out.
    private(set) var refused = 0

    init() {}

    /// One that was exceeded when the agent started.
    init(exceededWith admitted: Set<IPPrefix>, at now: Int64) {
        self.admitted = admitted
        changedAt = now
        offered = admitted.count
    }

    /// - Parameters:
    ///   - prefixes: all that are offered; nil: only what was let in is known.
    ///   - standing: those that were let in before.
    mutating func judge(_ prefixes: Set<IPPrefix>?, maximum: Int, standing: Set<IPPrefix>, at now: Int64) {
        guard let prefixes else { return }
        offered = prefixes.count
        defer {
            self.maximum = maximum
            refused = self.admitted.map { prefixes.subtracting($0).count } ?? 0
        }
        // What somebody asked for does not wait.
        guard let admitted, self.maximum ?? maximum == maximum else {
            if prefixes.count > maximum {
                close(with: prefixes, maximum, keeping: standing.union(self.admitted ?? []), at: now)
            } else {
                self.admitted = nil
            }
            return
        }
        // A clock that was set back must not make the time longer.
        fitsSince = prefixes.count > maximum ? nil : min(fitsSince ?? now, now)
        changedAt = min(changedAt, now)
        if let fitsSince, now - fitsSince >= Self.hold {
            self.admitted = nil
        } else if now - changedAt >= Self.hold {
            let best = Self.choice(of: prefixes, maximum, keeping: admitted)
            // What is no longer offered stays named, where nothing takes its place: that needs no new filter.
            if !best.isSubset(of: admitted) || admitted.intersection(prefixes).count > maximum {
                close(with: prefixes, maximum, keeping: admitted, at: now)
            }
        }
    }

    /// Whether a prefix is let in.
    func admits(_ prefix: IPPrefix) -> Bool { admitted?.contains(prefix) ?? true }

    private mutating func close(with prefixes: Set<IPPrefix>, _ maximum: Int, keeping standing: Set<IPPrefix>, at now: Int64) {
        admitted = Self.choice(of: prefixes, maximum, keeping: standing)
        changedAt = now
        fitsSince = nil
    }

    /// Those that stand stay; of all others, and where a lowered maximum leaves no room for all that stand, the shortest come first.
    private static func choice(of prefixes: Set<IPPrefix>, _ maximum: Int, keeping standing: Set<IPPrefix>) -> Set<IPPrefix> {
        func first(_ count: Int, of some: Set<IPPrefix>) -> Set<IPPrefix> {
            guard some.count > count else { return some }
            return Set(some.sorted { ($0.length, $0) < ($1.length, $1) }.prefix(max(0, count)))
        }
        let kept = first(maximum, of: prefixes.intersection(standing))
        return kept.union(first(maximum - kept.count, of: prefixes.subtracting(kept)))
    }
}
