import FederationAPI
import Verification

/// The verdicts of a former time, as `fedctl at TIME verify` shows them.
package struct PastVerification: Hashable, Sendable, Encodable {
    package struct Pair: Hashable, Sendable, Encodable {
        package var vpn: String
        package var origin: String
        package var viewer: String
        package var state: String
        /// Milliseconds since 1970.
        @RFC3339 package var since: Int64
        package var cause: JudgementView.Cause?
    }

    /// A time in which nothing was written down.
    package struct Gap: Hashable, Sendable, Encodable {
        @RFC3339 package var from: Int64
        @RFC3339 package var until: Int64
    }

    /// Milliseconds since 1970.
    @RFC3339 package var at: Int64
    package var gap: Gap?
    /// As they were. In a gap all of them are unknown.
    package let verdicts: [PastVerdicts.Pair]
    /// Of all, where `verdicts` are those that were not well.
    private let summary: VerdictSummary

    package init(_ past: PastVerdicts, onlyFailed: Bool = false) {
        at = past.at
        gap = past.gap.map { Gap(from: $0.lowerBound, until: $0.upperBound) }
        var pairs = past.pairs
        if let gap = past.gap {
            for place in pairs.indices {
                pairs[place].judgement = Judgement(state: .unknown)
                pairs[place].since = gap.lowerBound
            }
        }
        var counts: [VerdictState: [String: Int]] = [:]
        for pair in pairs { counts[pair.judgement.state, default: [:]][pair.judgement.code, default: 0] += 1 }
        summary = VerdictSummary(counts: counts)
        verdicts = onlyFailed ? pairs.filter(\.judgement.state.isUnwell) : pairs
    }

    /// What they come to.
    package var result: VerificationResult { VerificationResult(VerdictAnswer(summary: summary, pairs: nil)) }

    private enum CodingKeys: CodingKey { case at, gap, state, tally, pairs }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(_at, forKey: .at)
        try container.encodeIfPresent(gap, forKey: .gap)
        let result = result
        try container.encode(result.state, forKey: .state)
        try container.encode(result.tally, forKey: .tally)
        try container.encode(
            verdicts.map { pair in
                Pair(
                    vpn: pair.name.vpn.text, origin: pair.name.origin.text, viewer: pair.name.viewer.text,
                    state: pair.judgement.state.rawValue, since: pair.since, cause: JudgementView.Cause(pair.judgement))
            }, forKey: .pairs)
    }
}
