import Verification

/// Which verdicts are asked for.
package struct VerdictRequest: Hashable, Sendable {
    package var selection: FederationSelection
    /// Only pairs that are not well: failed, unknown or degraded; the summary is of all.
    package var onlyBroken: Bool
    /// Where there are more pairs than these, the summary alone is the answer; nil: all pairs, however many there are.
    package var mostPairs: Int?

    package init(_ selection: FederationSelection = .init(), onlyBroken: Bool = false, mostPairs: Int? = nil) {
        self.selection = selection
        self.onlyBroken = onlyBroken
        self.mostPairs = mostPairs
    }
}

/// Verdicts, and what all that were selected come to.
package struct VerdictAnswer: Hashable, Sendable {
    /// With groups only where the pairs are left out.
    package var summary: VerdictSummary
    /// By VPN, origin and viewer; nil where there are too many.
    package var pairs: [PairVerdict]?

    package init(summary: VerdictSummary, pairs: [PairVerdict]?) {
        self.summary = summary
        self.pairs = pairs
    }

    /// Groups of an answer: a program that shows more reads pairs.
    package static let mostGroups = 200

    package init(to request: VerdictRequest, from verdicts: [PairVerdict]) {
        let pairs = request.onlyBroken ? verdicts.filter(\.state.isUnwell) : verdicts
        let areTooMany = request.mostPairs.map { pairs.count > $0 } ?? false
        self.init(
            summary: VerdictSummary(of: verdicts, limit: areTooMany ? Self.mostGroups : 0), pairs: areTooMany ? nil : pairs)
        if !areTooMany { summary.moreGroups = 0 }
    }
}
