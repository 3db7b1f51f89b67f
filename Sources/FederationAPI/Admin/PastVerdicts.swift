import FederationModel
import Verification

/// Verdicts of a former time, as they were written down.
package struct PastVerdicts: Hashable, Sendable {
    package struct Pair: Hashable, Sendable {
        package var name: PairName
        package var judgement: Judgement
        /// Since when it was so: milliseconds since 1970.
        package var since: Int64

        package init(name: PairName, judgement: Judgement, since: Int64) {
            self.name = name
            self.judgement = judgement
            self.since = since
        }
    }

    /// Milliseconds since 1970 by the coordinator's clock.
    package var at: Int64
    /// In which the coordinator wrote nothing down: `pairs` are as of its begin, and what was so is not known.
    package var gap: Range<Int64>?
    /// By VPN, origin and viewer.
    package var pairs: [Pair]

    package init(at: Int64, gap: Range<Int64>? = nil, pairs: [Pair]) {
        self.at = at
        self.gap = gap
        self.pairs = pairs
    }
}
