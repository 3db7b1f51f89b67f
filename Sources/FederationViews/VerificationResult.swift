import Verification

/// What a verification found, over all pairs that were asked for.
package struct VerificationResult: Hashable, Sendable, Encodable {
    /// How many pairs are in each state.
    package struct Tally: Hashable, Sendable, Encodable {
        package var ok = 0
        package var failed = 0
        package var unknown = 0
        package var empty = 0
    }

    /// By VPN, origin and viewer.
    package var pairs: [PairVerdict]
    /// Of all pairs, where `pairs` are a choice.
    private var whole: Tally?

    package init(pairs: [PairVerdict]) { self.pairs = pairs }

    /// Only the pairs that are not well, with the sum of all.
    package var failed: VerificationResult {
        var part = VerificationResult(pairs: pairs.filter { $0.state == .failed || $0.state == .unknown })
        part.whole = tally
        return part
    }

    private enum CodingKeys: CodingKey {
        case state, probes, tally, pairs
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(state, forKey: .state)
        try container.encode(Probes.word, forKey: .probes)
        try container.encode(tally, forKey: .tally)
        try container.encode(pairs, forKey: .pairs)
    }

    package var tally: Tally {
        whole
            ?? pairs.reduce(into: Tally()) { tally, pair in
                switch pair.state {
                case .ok: tally.ok += 1
                case .failed: tally.failed += 1
                case .unknown: tally.unknown += 1
                case .empty: tally.empty += 1
                }
            }
    }

    /// Failed wins over unknown, unknown over ok; empty where nothing at all is expected.
    package var state: VerdictState {
        let tally = tally
        return tally.failed > 0 ? .failed : tally.unknown > 0 ? .unknown : tally.ok > 0 ? .ok : .empty
    }
}
