import FederationAPI
import Verification

/// The pairs whose verdict is another than when a revision was committed: what it made of them, or what came after.
package struct ChangedVerdicts: Hashable, Sendable, Encodable {
    package struct Pair: Hashable, Sendable, Encodable {
        /// Nil: it was not judged then.
        package var before: JudgementView?
        /// Nil: it is not judged now.
        package var after: PairVerdict?
        package var name: PairName

        private enum CodingKeys: CodingKey { case vpn, origin, viewer, before, after }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name.vpn.text, forKey: .vpn)
            try container.encode(name.origin.text, forKey: .origin)
            try container.encode(name.viewer.text, forKey: .viewer)
            try container.encodeIfPresent(before, forKey: .before)
            try container.encodeIfPresent(after, forKey: .after)
        }
    }

    package var revision: RevisionSummary
    /// The coordinator wrote nothing down then: all pairs were unknown.
    package var gap: PastVerification.Gap?
    /// By VPN, origin and viewer.
    package var pairs: [Pair]
    /// How many are as they were.
    package var same: Int

    /// - Parameters:
    ///   - past: as of the commit of the revision.
    ///   - now: of the same selection.
    package init(since revision: RevisionSummary, _ past: PastVerdicts, now: [PairVerdict]) {
        self.revision = revision
        let former = PastVerification(past)
        gap = former.gap
        let before = Dictionary(former.verdicts.map { ($0.name, $0.judgement) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(now.map { ($0.pair, $0) }, uniquingKeysWith: { first, _ in first })
        let names = Set(before.keys).union(after.keys)
        pairs = names.sorted().compactMap { name in
            let (then, now) = (before[name], after[name])
            if let then, let now, then.isLike(Judgement(now)) { return nil }
            return Pair(before: then.map(JudgementView.init), after: now, name: name)
        }
        same = names.count - pairs.count
    }

    /// Of the pairs that changed and are there.
    package var result: VerificationResult { VerificationResult(pairs: pairs.compactMap(\.after)) }
}
