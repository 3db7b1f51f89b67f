import NetworkTypes

/// A set of networks, searchable for one that overlaps a prefix.
struct OverlapSearch {
    private let cover: PrefixCover
    private let sorted: [IPPrefix]

    init(_ prefixes: Set<IPPrefix>) {
        cover = PrefixCover(prefixes)
        sorted = prefixes.sorted()
    }

    func contains(_ prefix: IPPrefix) -> Bool { cover.contains(prefix) }

    /// The shortest member that contains the prefix, else the first inside it; nil: none.
    func overlapping(_ prefix: IPPrefix) -> IPPrefix? {
        if let wider = cover.widest(containing: prefix) { return wider }
        // The members inside follow it immediately in the order of address and length.
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < prefix { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && prefix.contains(sorted[low]) ? sorted[low] : nil
    }
}
