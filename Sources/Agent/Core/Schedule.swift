/// When to look at what again. Events tell of most changes at once; a look now and then finds what no event tells.
struct Schedule: Sendable {
    enum Surface: CaseIterable {
        case kernel, routing, flows
    }

    /// Between looks when nothing happens. FRR and OpenFlow tell of no change, and what somebody undoes there is to be mended in seconds.
    static let interval: [Surface: Duration] = [.kernel: .seconds(10), .routing: .seconds(2), .flows: .seconds(2)]
    /// After something failed.
    static let retry = Duration.milliseconds(200)
    /// After a change of ours, or while something must come about by itself.
    static let soon = Duration.milliseconds(50)
    /// The longest between looks while something does not come about.
    static let longestWait = Duration.seconds(1)
    /// Between looks at the kernel while its tables change all the time: at least this, and this many times as long as a look took.
    /// A look takes the time of a CPU that those who make the changes need too.
    static let rest = Duration.milliseconds(20)
    static let restPerLook = 4

    private var due: [Surface: ContinuousClock.Instant] = [:]
    /// When the next look at the kernel may be.
    private var kernelRestsUntil: ContinuousClock.Instant?
    /// How many looks in a row found what is waited for missing.
    private var waits = 0

    func isDue(_ surface: Surface, at now: ContinuousClock.Instant) -> Bool { due[surface].map { $0 <= now } ?? true }

    func timeToNext(after now: ContinuousClock.Instant) -> Duration {
        guard Surface.allCases.allSatisfy({ due[$0] != nil }), let next = due.values.min() else { return Self.retry }
        return max(.zero, next - now)
    }

    /// - Parameter time: how long the look took.
    mutating func looked(_ surface: Surface, at now: ContinuousClock.Instant, succeeded: Bool, after time: Duration = .zero) {
        due[surface] = now + (succeeded ? Self.interval[surface] ?? Self.retry : Self.retry)
        if surface == .kernel { kernelRestsUntil = now + max(Self.rest, time * Self.restPerLook) }
    }

    mutating func soon(_ surface: Surface, _ now: ContinuousClock.Instant) { advance(surface, to: now + Self.soon) }

    /// The kernel changed: look at once, but not without rest.
    mutating func kernelSoon(_ now: ContinuousClock.Instant) {
        advance(.kernel, to: max(now, kernelRestsUntil ?? now))
    }

    mutating func waiting(_ isWaiting: Bool, at now: ContinuousClock.Instant) {
        waits = isWaiting ? waits + 1 : 0
        guard isWaiting else { return }
        // Eager at first (zebra takes tens of milliseconds), then patient (a port may never get its number).
        advance(.routing, to: now + min(Self.longestWait, Self.soon * (1 << min(waits / 10, 5))))
    }

    private mutating func advance(_ surface: Surface, to time: ContinuousClock.Instant) {
        if let planned = due[surface], planned <= time { return }
        due[surface] = time
    }
}
