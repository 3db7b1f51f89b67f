import NetworkTypes

/// When a node's Open vSwitch forwarded nothing, or very late: known from pings that it answers itself.
///
/// OVS's user-space datapath, the only one that Debian's user-mode kernel has, stands still while ovs-vswitchd takes up a port or translates flows
/// on a processor that others use too: half a second to three were measured, and what overflows its sockets meanwhile is lost.
/// That is the lab's fault, not that of what is tested: a VNI that changes with OVS's kernel datapath loses nothing.
struct Stalls: Sendable {
    /// Sorted, apart from each other.
    private(set) var spans: [ClosedRange<ContinuousClock.Instant>] = []

    /// Longer than any answer takes where the switch forwards.
    static let patience: Duration = .milliseconds(150)
    /// A ping of another row may come a little earlier or later into the same stall.
    static let margin: Duration = .milliseconds(150)

    /// - Parameter own: pings that the node's switch answers.
    init(in own: Ping.Outcome) {
        for request in own.requests {
            let end: ContinuousClock.Instant
            switch request.answeredAfter {
            case let delay? where delay <= Self.patience: continue
            case let delay?: end = request.sentAt + delay
            case nil: end = request.sentAt
            }
            let span = request.sentAt - Self.margin...end + Self.margin
            if let last = spans.last, last.upperBound >= span.lowerBound {
                spans[spans.count - 1] = last.lowerBound...max(last.upperBound, span.upperBound)
            } else {
                spans.append(span)
            }
        }
    }

    func contains(_ time: ContinuousClock.Instant) -> Bool { spans.contains { $0.contains(time) } }
}
