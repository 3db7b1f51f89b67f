/// The probes of one size on one path, as their reflector sees them.
struct ProbeEcho: Hashable, Sendable {
    private var identifier: UInt16
    /// Of the session, as the sender counts. A sender that starts anew takes another identifier.
    private(set) var count: UInt32 = 0
    private var latestAt: Int64
    /// Between two of them, on the average.
    private var gap: Int64

    init(identifier: UInt16, at now: Int64, gap: Int64) {
        self.identifier = identifier
        self.gap = gap
        latestAt = now
    }

    /// - Returns: the reflector's number of it.
    mutating func heard(_ identifier: UInt16, at now: Int64) -> UInt32 {
        if identifier != self.identifier {
            self = ProbeEcho(identifier: identifier, at: now, gap: gap)
        } else if count > 0 {
            // A sender in doubt asks more often, and one that is not asks as it did before: the longer one holds. An interruption is no pace.
            let time = max(0, now - latestAt)
            gap = time > gap ? min(time, gap * 2) : gap - (gap - time) / 8
        }
        latestAt = now
        defer { count &+= 1 }
        return count
    }

    /// Whether the latest is as recent as it must be where none are lost; two may be.
    func isHeard(at now: Int64, longest: Int64) -> Bool { now - latestAt < max(longest, min(gap, 60_000_000_000)) * 7 / 2 }
}
