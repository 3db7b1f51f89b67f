/// How long to wait before the next attempt to connect: doubles up to a limit, and spreads attempts so that
/// fifty agents do not knock together. Pure: chance comes in as an argument.
package struct ReconnectBackOff: Hashable, Sendable {
    package let first: Duration
    package let limit: Duration
    private var attempts = 0

    /// - Parameters:
    ///   - first: the wait after the first failure.
    ///   - limit: no wait is longer.
    package init(first: Duration = .milliseconds(100), limit: Duration = .seconds(5)) {
        self.first = first
        self.limit = limit
    }

    /// The wait after one more failure. `chance`, 0…1, takes up to half of it away.
    package mutating func next(chance: Double) -> Duration {
        let wait = min(limit, first * (1 << min(attempts, 20)))
        attempts += 1
        return wait * (1 - 0.5 * min(max(chance, 0), 1))
    }

    /// A connection stood: the next failure is a first one again.
    package mutating func reset() { attempts = 0 }
}
