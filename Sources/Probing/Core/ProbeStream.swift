/// The probes of one size on one path, as their sender sees them.
struct ProbeStream: Hashable, Sendable {
    private struct Outstanding: Hashable, Sendable {
        var sequence: UInt32
        var sentAt: Int64
        /// As it went. Nobody knows it but who received the probe.
        var stamp: STAMPTimestamp
    }

    /// What became of a probe.
    private enum Fate: UInt8, Hashable, Sendable {
        case returned, lostOut, lostBack
    }

    /// So many of the latest probes make up the loss.
    private static let window = 30
    /// Lost ones of the window from which on a path is lossy, and from which on it is not any more.
    private static let lossy = 3, sound = 1

    /// No round trip takes longer, in nanoseconds.
    private static let longest: Int64 = 60_000_000_000

    private(set) var next: UInt32 = 0
    private var outstanding: [Outstanding] = []
    /// The sequence numbers of the latest answer: the sender's and the reflector's.
    private var latest: (UInt32, UInt32)? {
        get { latestSequence.flatMap { sequence in latestCount.map { (sequence, $0) } } }
        set { (latestSequence, latestCount) = (newValue?.0, newValue?.1) }
    }
    private var latestSequence: UInt32?
    private var latestCount: UInt32?
    /// Those that were not answered since the latest answer.
    private var missing = 0
    /// When the first of these was sent.
    private(set) var missingSince: Int64?
    private var fates: [Fate] = []
    private(set) var outcome = ProbeOutcome.waiting
    /// When the outcome became what it is; nil before the first probe.
    private(set) var since: Int64?
    /// Of the latest answers, in nanoseconds.
    private var meanRoundTrip: Int64?
    private(set) var roundTrip: Int64?

    /// When the first of what is not answered yet was sent; nil: all were.
    var oldest: Int64? { outstanding.first?.sentAt }

    /// The latest was not answered in time.
    var isSuspect: Bool { missing > 0 }

    /// One was answered once.
    var isKnown: Bool { latestSequence != nil }

    mutating func sent(at now: Int64, _ stamp: STAMPTimestamp) -> UInt32 {
        defer { next &+= 1 }
        outstanding.append(Outstanding(sequence: next, sentAt: now, stamp: stamp))
        if since == nil { since = now }
        return next
    }

    /// Gives up on what was not answered in time.
    mutating func expire(at now: Int64, patience: Int64, most: Int) {
        // A clock that was set back would keep them for ever.
        while let first = outstanding.first, now - first.sentAt >= patience || now < first.sentAt {
            outstanding.removeFirst()
            missing += 1
            if missingSince == nil { missingSince = first.sentAt }
        }
        guard missing >= most, outcome != .lost else { return }
        become(.lost, since: missingSince ?? now)
    }

    /// An answer came. One that was given up on, or answered before, counts for nothing, nor does one that does not say what was sent: other
    /// members could have made that up.
    /// - Parameters:
    ///   - stamp: what the answer says that the probe bore.
    ///   - count: the reflector's number.
    ///   - receivedAt: as the kernel says.
    ///   - residence: the time that the reflector says it took, in nanoseconds.
    mutating func answered(
        _ sequence: UInt32, _ stamp: STAMPTimestamp, count: UInt32, receivedAt: Int64, residence: Int64, at now: Int64
    ) {
        guard let place = outstanding.firstIndex(where: { $0.sequence == sequence && $0.stamp == stamp }) else { return }
        let asked = outstanding[place]
        // Probes are so far apart that none overtakes another: those before it are lost.
        missing += place
        outstanding.removeFirst(place + 1)
        classify(sequence, count)
        missing = 0
        missingSince = nil
        latest = (sequence, count)
        note(.returned)
        switch outcome {
        case .waiting, .lost: become(isLossy ? .lossy : .returned, since: now)
        case .returned where isLossy: become(.lossy, since: now)
        case .lossy where lost <= Self.sound: become(.returned, since: now)
        case .returned, .lossy: break
        }
        measure(receivedAt &- asked.sentAt &- residence)
    }

    private mutating func become(_ new: ProbeOutcome, since time: Int64) {
        outcome = new
        since = time
    }

    /// Which half the missing ones were lost on. The reflector counts what arrives, so that a gap in its numbers that is smaller than the one
    /// in ours was made on the way to it.
    private mutating func classify(_ sequence: UInt32, _ count: UInt32) {
        guard missing > 0, let latest else { return }
        let sent = Int64(sequence &- latest.0)
        let arrived = Int64(Int32(bitPattern: count &- latest.1))
        // One that began anew knows nothing of them, and it may have been the reason. Other numbers that cannot be hide no loss.
        if arrived < 0, Int64(count) < sent { return }
        let back = min(missing, max(0, Int(arrived) - 1))
        // However long an interruption was, it is one.
        guard outcome != .lost else { return note(back * 2 > missing ? .lostBack : .lostOut) }
        for _ in 0..<min(back, Self.window) { note(.lostBack) }
        for _ in 0..<min(missing - back, Self.window) { note(.lostOut) }
    }

    /// What is not answered is for another reason than its size: nothing passes.
    mutating func forgive() {
        guard outcome != .lost else { return }
        (outstanding, missing, missingSince) = ([], 0, nil)
    }

    private mutating func note(_ fate: Fate) {
        fates.append(fate)
        if fates.count > Self.window { fates.removeFirst(fates.count - Self.window) }
    }

    private var lost: Int { fates.count { $0 != .returned } }

    /// One interruption is over when it is over, and so is a second one; what is lost again and again is a state.
    private var isLossy: Bool {
        let gaps = zip([.returned] + fates, fates).count { $0 == .returned && $1 != .returned }
        return lost >= Self.lossy && gaps >= 2
    }

    /// Of the latest probes, in steps: 0, 5, 10 and so on.
    var loss: (out: Int, back: Int) {
        guard outcome == .lossy, !fates.isEmpty else { return (0, 0) }
        func percent(_ fate: Fate) -> Int {
            let share = fates.count { $0 == fate } * 100 / fates.count
            return share == 0 ? 0 : max(5, (share + 2) / 5 * 5)
        }
        return (percent(.lostOut), percent(.lostBack))
    }

    /// What is told changes only where the mean has left it by half.
    private mutating func measure(_ measured: Int64) {
        // Clocks jump, and another gateway may say what it likes.
        let time = min(max(0, measured), Self.longest)
        let mean = meanRoundTrip.map { $0 + (time - $0) / 8 } ?? time
        meanRoundTrip = mean
        guard let told = roundTrip else {
            roundTrip = Self.rounded(mean)
            return
        }
        if abs(mean - told) > max(told / 2, 500_000) { roundTrip = Self.rounded(mean) }
    }

    /// To two digits, and 10 µs at least.
    private static func rounded(_ time: Int64) -> Int64 {
        var step: Int64 = 10_000
        while time >= step * 100 { step *= 10 }
        return max(step, (time + step / 2) / step * step)
    }
}
