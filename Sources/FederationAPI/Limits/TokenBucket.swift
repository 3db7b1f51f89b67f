/// So many at once, and so many per second in the long run. Pure: time comes in, in milliseconds of any clock that does not go back.
package struct TokenBucket: Hashable, Sendable {
    /// The most that can be taken at once.
    package let capacity: Double
    /// What comes back, per second.
    package let rate: Double
    private var tokens: Double
    private var filledAt: Int64?

    package init(capacity: Double, rate: Double) {
        self.capacity = capacity
        self.rate = rate
        tokens = capacity
    }

    /// Takes `count` if they are there.
    package mutating func take(_ count: Double = 1, at now: Int64) -> Bool {
        fill(at: now)
        guard tokens >= count else { return false }
        tokens -= count
        return true
    }

    /// Takes `count` in any case, on credit if need be.
    /// - Returns: how long to wait until the credit is paid back, in milliseconds; 0 where there was none.
    package mutating func spend(_ count: Double = 1, at now: Int64) -> Int64 {
        fill(at: now)
        tokens -= count
        return tokens >= 0 ? 0 : Int64((-tokens / rate * 1000).rounded(.up))
    }

    private mutating func fill(at now: Int64) {
        let elapsed = max(0, now - (filledAt ?? now))
        filledAt = max(now, filledAt ?? now)
        tokens = min(capacity, tokens + Double(elapsed) / 1000 * rate)
    }
}
