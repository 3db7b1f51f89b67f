import FederationAPI
import Verification

/// What a verification found, over all pairs that were asked for.
package struct VerificationResult: Hashable, Sendable, Encodable {
    /// How many pairs are in each state.
    package struct Tally: Hashable, Sendable, Encodable {
        package var ok = 0
        package var programmed = 0
        package var degraded = 0
        package var failed = 0
        package var unknown = 0
        package var empty = 0
        package var waiting = 0
    }

    /// By VPN, origin and viewer; none where they are left out.
    package var pairs: [PairVerdict]
    /// There are too many pairs to be shown one by one.
    package private(set) var isSummary: Bool
    /// Of all pairs, where `pairs` are a choice.
    private let summary: VerdictSummary

    /// Import paths between VPNs, or into VRFs that are not the federation’s, that no policy allows; nil: that was not asked.
    package var leaks: Int?

    package init(pairs: [PairVerdict]) {
        self.pairs = pairs
        isSummary = false
        summary = VerdictSummary(of: pairs, limit: VerdictAnswer.mostGroups)
    }

    package init(_ answer: VerdictAnswer) {
        pairs = answer.pairs ?? []
        isSummary = answer.pairs == nil
        summary =
            answer.pairs.map { pairs in
                var summary = VerdictSummary(of: pairs, limit: VerdictAnswer.mostGroups)
                summary.counts = answer.summary.counts
                return summary
            } ?? answer.summary
    }

    /// The same without what breaks behind a level. Of pairs that are left out, nothing can be said so.
    package func judged(to level: VerificationLevel) -> VerificationResult {
        var result = VerificationResult(pairs: pairs.map { $0.judged(to: level) })
        result.leaks = leaks
        return result
    }

    /// Only the pairs that are not well, with the sum of all.
    package var failed: VerificationResult {
        var part = self
        part.pairs = pairs.filter(\.state.isUnwell)
        return part
    }

    private enum CodingKeys: CodingKey {
        case state, probes, leaks, tally, pairs
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(state, forKey: .state)
        try container.encode(probes.word, forKey: .probes)
        try container.encodeIfPresent(leaks, forKey: .leaks)
        try container.encode(tally, forKey: .tally)
        try container.encode(pairs, forKey: .pairs)
    }

    package var tally: Tally {
        Tally(
            ok: summary.count(.ok), programmed: summary.count(.programmed), degraded: summary.count(.degraded),
            failed: summary.count(.failed), unknown: summary.count(.unknown), empty: summary.count(.empty), waiting: summary.count(.waiting)
        )
    }

    /// Of all pairs, shown or not.
    package var probes: Probes { Probes(summary) }

    /// A route of another VPN is in a VRF, or may come into one.
    package var isLeaking: Bool {
        leaks ?? 0 > 0 || (summary.counts[.failed] ?? [:]).keys.contains { CauseCode(rawValue: $0)?.isLeak ?? false }
    }

    /// How many pairs there are, shown or not.
    package var size: Int { summary.pairs }

    package func pairCount(_ state: VerdictState) -> Int { summary.count(state) }

    /// Pairs that are not well, by reason: failed ones first, then the largest groups.
    package var groups: [VerdictSummary.Group] { summary.groups }
    /// Groups beside these.
    package var moreGroups: Int { summary.moreGroups }

    /// Pairs that failed for another reason than that an agent has not applied a change yet.
    package var failuresBesideChanges: Int {
        tally.failed - (summary.counts[.failed]?[CauseCode.notAcknowledged.rawValue] ?? 0)
    }

    /// The worst of all: failed, unknown, degraded, programmed, ok, waiting; empty where nothing at all is expected. A leak is a failure,
    /// whatever the pairs do.
    package var state: VerdictState {
        guard leaks ?? 0 == 0 else { return .failed }
        let order: [VerdictState] = [.failed, .unknown, .degraded, .programmed, .ok, .waiting]
        return order.first { summary.count($0) > 0 } ?? .empty
    }
}
