/// What pairs were judged to be before the coordinator started.
///
/// At its start it knows no report, and every pair is unknown until both its agents have come back and told all. That is no news of the
/// pairs. So nothing is told of a pair until it is again what it was; what it is by then is told where that takes too long. A pair that
/// was not judged before is told of at once.
package struct FormerVerdicts: Sendable {
    private struct Waiting {
        var former: Judgement
        /// Nil: there is no such pair any more.
        var current: Judgement?
        /// When it became what it is.
        var since: Int64
    }

    /// How long is waited, in milliseconds: agents are back within five seconds of the coordinator, and what they said holds for 15 s.
    package static let patience: Int64 = 30_000

    private var waiting: [PairName: Waiting]
    /// When is waited no more, in milliseconds since 1970; nil: nothing is waited for.
    package var deadline: Int64? { waiting.isEmpty ? nil : end }
    private let begun: Int64
    private let end: Int64

    /// - Parameter now: When the coordinator started.
    package init(_ former: [PairName: Judgement] = [:], at now: Int64 = 0) {
        waiting = former.mapValues { Waiting(former: $0, current: nil, since: now) }
        begun = now
        end = now + Self.patience
    }

    /// Whether something is waited for, and time is up. Where the clock was set back, it is.
    package func isDue(at now: Int64) -> Bool { !waiting.isEmpty && (now >= end || now < begun) }

    /// Keeps what is no news yet.
    /// - Returns: The changes that are to be told now.
    package mutating func news(of changes: [PairChange], at now: Int64) -> [PairChange] {
        guard !waiting.isEmpty else { return changes }
        var told: [PairChange] = []
        for change in changes {
            guard var pair = waiting[change.pair] else {
                told.append(change)
                continue
            }
            if let after = change.after, after.isLike(pair.former) {
                waiting[change.pair] = nil
            } else {
                pair.current = change.after
                pair.since = change.at
                waiting[change.pair] = pair
            }
        }
        guard isDue(at: now) else { return told }
        defer { waiting = [:] }
        return told + waiting.map { PairChange($0.key, before: $0.value.former, after: $0.value.current, at: $0.value.since) }
    }
}
