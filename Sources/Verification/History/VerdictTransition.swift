/// Verdicts of pairs that were alike, and became others that are alike. Nil: there were none, or there are none any more.
package struct VerdictTransition: Hashable, Sendable {
    package var before: Judgement?
    package var after: Judgement?
    /// The first ones, where `pairCount` is more.
    package var pairs: [PairName]
    package var pairCount: Int

    package init(before: Judgement?, after: Judgement?, pairs: [PairName], pairCount: Int? = nil) {
        self.before = before
        self.after = after
        self.pairs = pairs
        self.pairCount = pairCount ?? pairs.count
    }

    /// Pairs of one transition; of more of them several are made.
    package static let mostPairs = 5000
    /// Where this many transitions would be made of changes that came together, sentences are left out: what became of a hundred thousand pairs
    /// at once must not take a hundred thousand lines.
    package static let mostSentences = 1000

    /// What happened, told once for all pairs of which the same became the same. In the order of time, then of the first pairs.
    package static func grouping(_ changes: [PairChange]) -> [(at: Int64, transition: VerdictTransition)] {
        var groups = groups(changes)
        if groups.count > mostSentences { groups = self.groups(changes.map(\.withoutSentences)) }
        var found: [(at: Int64, transition: VerdictTransition)] = []
        for (key, pairs) in groups {
            let pairs = pairs.sorted()
            for start in stride(from: 0, to: pairs.count, by: mostPairs) {
                let part = Array(pairs[start..<min(start + mostPairs, pairs.count)])
                found.append((key.at, VerdictTransition(before: key.before, after: key.after, pairs: part)))
            }
        }
        return found.sorted { ($0.at, $0.transition.pairs[0]) < ($1.at, $1.transition.pairs[0]) }
    }

    private struct Key: Hashable {
        var at: Int64
        var before: Judgement?
        var after: Judgement?
    }

    private static func groups(_ changes: [PairChange]) -> [Key: [PairName]] {
        Dictionary(grouping: changes) { Key(at: $0.at, before: $0.before, after: $0.after) }.mapValues { $0.map(\.pair) }
    }
}

extension PairChange {
    fileprivate var withoutSentences: PairChange {
        var copy = self
        copy.before?.sentence = ""
        copy.after?.sentence = ""
        return copy
    }
}
