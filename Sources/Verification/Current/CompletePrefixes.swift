import NetworkTypes

/// Prefixes of a pair that came the whole way when it was last judged, and to which nothing happened since: they are not followed again.
struct CompletePrefixes {
    /// Sorted; those that were not asked for yet.
    private var rest: ArraySlice<PrefixVerdict>
    private let touched: Set<IPPrefix>

    /// Of more of them each is looked for in all: to follow the prefixes is cheaper then.
    private static let mostTouched = 64

    /// - Parameters:
    ///   - verdict: the last one. Where not all its prefixes came the whole way, none counts: why not may concern any.
    ///   - touched: to which something happened, or to a part of which.
    init(_ verdict: PairVerdict, touched: Set<IPPrefix>) {
        let isGood = verdict.counts.steered == verdict.counts.expected && touched.count <= Self.mostTouched
        rest = isGood ? verdict.prefixes[...] : []
        self.touched = touched
    }

    /// Whether the prefix is one of them. Prefixes are to be asked for in their order.
    mutating func has(_ prefix: IPPrefix) -> Bool {
        while let first = rest.first, first.prefix < prefix { rest.removeFirst() }
        return rest.first?.prefix == prefix && !touched.contains { $0.contains(prefix) }
    }
}
