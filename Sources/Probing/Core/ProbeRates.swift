/// How often probes go, whatever the number of paths. Times are nanoseconds.
package struct ProbeRates: Hashable, Sendable {
    /// Probes of all sizes that a node sends in a second to paths that answer; all paths share it.
    package var perSecond = 400
    /// The same to paths on which one was not answered, in addition.
    package var suspectsPerSecond = 100
    /// Replies that a node sends in a second; what exceeds it is not answered.
    package var repliesPerSecond = 6_000
    /// Replies to one path in a second, and at once.
    package var repliesPerPath = 20
    /// Between small probes of one path where few share the rate.
    package var interval: Int64 = 1_000_000_000
    /// A large probe goes after so many small ones.
    package var smallPerLarge = 3
    /// A probe that was not answered within this time is lost.
    package var patience: Int64 = 2_000_000_000
    /// So many in a row that were not answered are an interruption.
    package var mostUnanswered = 4
    /// Large ones: they are fewer, and small ones tell whether anything passes at all.
    package var mostUnansweredLarge = 3

    package init() {}

    /// Between small probes of one path.
    /// - Parameter paths: all that are probed.
    func interval(paths: Int) -> Int64 {
        let packets = Int64(paths) * Int64(smallPerLarge + 1) / Int64(smallPerLarge)
        return max(interval, packets * 1_000_000_000 / Int64(max(1, perSecond)))
    }

    /// Between small probes of one path on which one was not answered.
    /// - Parameter suspects: all such paths.
    func interval(suspects: Int) -> Int64 { max(interval, Int64(suspects) * 1_000_000_000 / Int64(max(1, suspectsPerSecond))) }
}

/// So many per second, and no more than a tenth of a second's at once, but one at least.
struct ProbeBudget: Hashable, Sendable {
    private let perSecond: Int
    private let most: Int
    private var tokens: Int
    private var filledAt: Int64?

    init(perSecond: Int, most: Int? = nil) {
        self.perSecond = max(1, perSecond)
        self.most = max(1, most ?? perSecond / 10)
        tokens = self.most
    }

    mutating func take(at now: Int64) -> Bool {
        let period = 1_000_000_000 / Int64(perSecond)
        if let last = filledAt, now >= last {
            let gained = (now - last) / period
            if gained > 0 {
                tokens = Int(min(Int64(most), Int64(tokens) + gained))
                filledAt = last + gained * period
            }
        } else {
            filledAt = now
        }
        guard tokens > 0 else { return false }
        tokens -= 1
        return true
    }

    /// One more goes in any case, and those that come later wait for it.
    mutating func owe() { tokens -= 1 }
}
