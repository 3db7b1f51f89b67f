import NetworkTypes

/// Answers whether a prefix meets any of many, at the cost of looking up each length that occurs.
struct PrefixCover {
    private var members: Set<IPPrefix> = []
    /// By family.
    private var lengths: [AddressFamily: Set<Int>] = [:]
    private var sorted: [IPPrefix] = []

    init(_ prefixes: some Sequence<IPPrefix> = []) { insert(prefixes) }

    mutating func insert(_ prefixes: some Sequence<IPPrefix>) {
        members.formUnion(prefixes)
        sorted = members.sorted()
        for prefix in members { lengths[prefix.family, default: []].insert(prefix.length) }
    }

    /// A member that contains the prefix or lies in it: the shortest that contains it, else the first inside; nil: none.
    func overlapping(_ prefix: IPPrefix) -> IPPrefix? {
        for length in (lengths[prefix.family] ?? []).sorted() where length <= prefix.length {
            let wider = IPPrefix(containing: prefix.address, length: length)
            if members.contains(wider) { return wider }
        }
        // The members inside follow it immediately in the order of address and length.
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < prefix { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && prefix.contains(sorted[low]) ? sorted[low] : nil
    }

    /// Whether a member contains it.
    func contains(_ prefix: IPPrefix) -> Bool {
        (lengths[prefix.family] ?? []).contains { length in
            length <= prefix.length && members.contains(IPPrefix(containing: prefix.address, length: length))
        }
    }
}
