/// When to look at what again. Events tell of most changes at once; a look now and then finds what no event tells.
///
/// Times are milliseconds since 1970, spans milliseconds.
package struct Schedule: Hashable, Sendable, Codable {
    package enum Surface: String, Hashable, Sendable, Codable, CaseIterable {
        case kernel, routing, flows
    }

    /// Between looks when nothing happens. FRR and OpenFlow tell of no change, and what somebody undoes there is to be mended in seconds.
    static let interval: [Surface: Int64] = [.kernel: 10_000, .routing: 2_000, .flows: 2_000]
    static let longestInterval: Int64 = 10_000
    /// After something failed.
    package static let retry: Int64 = 200
    /// After a change of ours, or while something must come about by itself.
    static let soon: Int64 = 50
    /// The longest between looks while something does not come about.
    static let longestWait: Int64 = 1_000
    /// Between looks at the kernel while its tables change all the time: at least this, and this many times as long as a look took.
    /// A look takes the time of a CPU that those who make the changes need too.
    package static let rest: Int64 = 20
    static let restPerLook: Int64 = 4

    private var due: [Surface: Int64] = [:]
    /// When the next look at the kernel may be.
    private var kernelRestsUntil: Int64?
    /// How many looks in a row found what is waited for missing.
    private var waits = 0

    package init() {}

    package func isDue(_ surface: Surface, at now: Int64) -> Bool {
        guard let time = due[surface] else { return true }
        // A clock that was set back must not make the time longer.
        return time <= now || time - now > Self.longestInterval
    }

    /// The time of the next look.
    package func next(after now: Int64) -> Int64 {
        guard Surface.allCases.allSatisfy({ due[$0] != nil }), let next = due.values.min() else { return now + Self.retry }
        return next - now > Self.longestInterval ? now : max(now, next)
    }

    /// - Parameter time: how long the look took.
    package mutating func looked(_ surface: Surface, at now: Int64, succeeded: Bool, after time: Int64 = 0) {
        due[surface] = now + (succeeded ? Self.interval[surface] ?? Self.retry : Self.retry)
        if surface == .kernel { kernelRestsUntil = now + max(Self.rest, time * Self.restPerLook) }
    }

    package mutating func soon(_ surface: Surface, _ now: Int64) { advance(surface, to: now + Self.soon) }

    /// The kernel changed: look at once, but not without rest.
    package mutating func kernelSoon(_ now: Int64) {
        advance(.kernel, to: max(now, kernelRestsUntil ?? now))
    }

    package mutating func waiting(_ isWaiting: Bool, at now: Int64) {
        waits = isWaiting ? waits + 1 : 0
        guard isWaiting else { return }
        // Eager at first (zebra takes tens of milliseconds), then patient (a port may never get its number).
        advance(.routing, to: now + min(Self.longestWait, Self.soon * (1 << Int64(min(waits / 10, 5)))))
    }

    private mutating func advance(_ surface: Surface, to time: Int64) {
        if let planned = due[surface], planned <= time { return }
        due[surface] = time
    }
}
