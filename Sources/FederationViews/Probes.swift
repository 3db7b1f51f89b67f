import Verification

/// How many of the pairs were proven by packets, of those that routes do not break already.
package struct Probes: Hashable, Sendable {
    package var probed: Int
    package var pairs: Int

    package init(_ verdicts: some Sequence<PairVerdict>) { self.init(VerdictSummary(of: verdicts, limit: 0)) }

    /// Of one pair, both ways.
    package init(_ explanation: PairExplanation) {
        var summary = VerdictSummary()
        for walk in [explanation.forth] + (explanation.back.map { [$0] } ?? []) {
            summary.counts[walk.state, default: [:]][walk.cause?.code ?? "", default: 0] += 1
        }
        self.init(summary)
    }

    package init(_ summary: VerdictSummary) {
        probed = summary.count(.ok) + summary.count(.degraded)
        for state in [VerdictState.failed, .unknown] {
            for (code, count) in summary.counts[state] ?? [:] where CauseCode(rawValue: code)?.isSeenByProbes == true { probed += count }
        }
        pairs = probed + summary.count(.programmed)
    }

    /// For programs: `none`, `some`, `all`.
    package var word: String { probed == 0 ? "none" : probed < pairs ? "some" : "all" }

    /// For a line among others.
    package var state: String {
        switch word {
        case "none": "none: no packets were sent"
        case "some": "\(probed) of \(pairs) pairs"
        default: "every pair: packets between the gateways were sent and came back, or not"
        }
    }
}
