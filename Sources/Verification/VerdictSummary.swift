import FederationModel

/// What many verdicts come to: how many pairs are in each state, and why those are not well that are not.
package struct VerdictSummary: Hashable, Sendable {
    /// Pairs that are not well, or wait, for the same reason.
    package struct Group: Hashable, Sendable {
        /// The first of them, without its prefixes.
        package var first: PairVerdict
        package var pairs: Int
        package var vpns: Int

        package init(first: PairVerdict, pairs: Int, vpns: Int) {
            self.first = first
            self.pairs = pairs
            self.vpns = vpns
        }
    }

    /// Pairs in each state, by the code of their cause; empty where they have none.
    package var counts: [VerdictState: [String: Int]]
    /// Failed ones first, those that wait last, then the largest. One sentence each.
    package var groups: [Group]
    /// How many groups there are beside these.
    package var moreGroups: Int

    package init(counts: [VerdictState: [String: Int]] = [:], groups: [Group] = [], moreGroups: Int = 0) {
        self.counts = counts
        self.groups = groups
        self.moreGroups = moreGroups
    }

    /// - Parameter limit: How many groups are kept.
    package init(of verdicts: some Sequence<PairVerdict>, limit: Int) {
        var counts: [VerdictState: [String: Int]] = [:]
        var collected: [Key: Collected] = [:]
        for verdict in verdicts {
            counts[verdict.state, default: [:]][verdict.cause?.code ?? "", default: 0] += 1
            guard verdict.state.isExplained else { continue }
            let key = Key(state: verdict.state, sentence: verdict.cause?.sentence ?? "")
            if collected[key] == nil {
                var first = verdict
                first.prefixes = []
                collected[key] = Collected(group: Group(first: first, pairs: 1, vpns: 1), last: verdict.vpn)
            } else {
                collected[key]?.group.pairs += 1
                // They come by VPN.
                if collected[key]?.last != verdict.vpn {
                    collected[key]?.last = verdict.vpn
                    collected[key]?.group.vpns += 1
                }
            }
        }
        let groups = collected.values.map(\.group).sorted { $0.precedes($1) }
        self.init(counts: counts, groups: Array(groups.prefix(limit)), moreGroups: max(0, groups.count - limit))
    }

    package func count(_ state: VerdictState) -> Int { (counts[state] ?? [:]).values.reduce(0, +) }
    package var pairs: Int { VerdictState.allCases.reduce(0) { $0 + count($1) } }
}

private struct Key: Hashable {
    var state: VerdictState
    var sentence: String
}

private struct Collected {
    var group: VerdictSummary.Group
    var last: VPNName
}

extension VerdictSummary.Group {
    fileprivate func precedes(_ other: Self) -> Bool {
        func rank(_ state: VerdictState) -> Int { state == .failed ? 0 : state == .waiting ? 2 : 1 }
        let (mine, others) = (rank(first.state), rank(other.first.state))
        if mine != others { return mine < others }
        // What harms a third party comes first, however few pairs it shows in.
        let isLeak = first.cause?.catalogued?.isLeak ?? false
        if isLeak != other.first.cause?.catalogued?.isLeak ?? false { return isLeak }
        if pairs != other.pairs { return pairs > other.pairs }
        return (first.vpn, first.origin, first.viewer) < (other.first.vpn, other.first.origin, other.first.viewer)
    }
}
