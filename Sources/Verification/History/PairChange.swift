/// The verdict of one pair became another. Nil: there was none, or there is none any more.
package struct PairChange: Hashable, Sendable {
    package var pair: PairName
    package var before: Judgement?
    package var after: Judgement?
    /// Milliseconds since 1970.
    package var at: Int64

    package init(_ pair: PairName, before: Judgement?, after: Judgement?, at: Int64) {
        self.pair = pair
        self.before = before
        self.after = after
        self.at = at
    }

    /// Nil where neither the state nor the code of its cause became another.
    package init?(_ change: VerdictChange, at now: Int64) {
        guard let verdict = change.after ?? change.before else { return nil }
        self.init(verdict.pair, before: change.before.map(Judgement.init), after: change.after.map(Judgement.init), at: now)
        if let before, let after, before.isLike(after) { return nil }
    }
}
