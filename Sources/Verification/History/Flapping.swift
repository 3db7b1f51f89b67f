/// Verdicts that change over and over, which are not written down one by one: whoever makes them change must not fill the history.
///
/// A pair that changes more than `mostChanges` times in a minute is written down as unknown, with the code `flapping`, once. What it became
/// is written at the end of a minute, if it stays so.
package struct Flapping: Sendable {
    private struct Held {
        var current: Judgement?
        /// When it became what it is.
        var since: Int64
    }

    /// Of one pair, in a minute.
    package static let mostChanges = 6
    package static let code = "flapping"
    private static let span: Int64 = 60_000
    /// So long it must be what it is, in milliseconds.
    private static let quiet: Int64 = 15_000

    private var counts: [PairName: Int] = [:]
    private var held: [PairName: Held] = [:]
    private var begun: Int64 = 0

    package init() {}

    private static let judgement = Judgement(
        state: .unknown, code: code,
        sentence: "it changed more than \(mostChanges) times in a minute: what it was in between is not written down")

    /// Whether a minute is over of which something is to be told. Where the clock was set back, it is.
    package func isDue(at now: Int64) -> Bool { !(counts.isEmpty && held.isEmpty) && (now >= begun + Self.span || now < begun) }

    /// - Parameter changes: In their order.
    /// - Returns: What is to be written down now.
    package mutating func news(of changes: [PairChange], at now: Int64) -> [PairChange] {
        var told = isDue(at: now) ? end(at: now) : []
        if counts.isEmpty && held.isEmpty && !changes.isEmpty { begun = now }
        for change in changes {
            let count = counts[change.pair, default: 0] + 1
            counts[change.pair] = count
            if held[change.pair] != nil {
                held[change.pair] = Held(current: change.after, since: change.at)
            } else if count > Self.mostChanges {
                held[change.pair] = Held(current: change.after, since: change.at)
                told.append(PairChange(change.pair, before: change.before, after: Self.judgement, at: change.at))
            } else {
                told.append(change)
            }
        }
        return told
    }

    /// A minute is over, and the next one begins.
    private mutating func end(at now: Int64) -> [PairChange] {
        counts = [:]
        var told: [PairChange] = []
        for (pair, state) in held where now - state.since >= Self.quiet || now < state.since {
            held[pair] = nil
            told.append(PairChange(pair, before: Self.judgement, after: state.current, at: state.since))
        }
        begun = now
        return told
    }
}
