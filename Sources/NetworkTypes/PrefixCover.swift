/// A set of networks that answers whether one of them holds a prefix, at the cost of one lookup for each length that occurs.
package struct PrefixCover: Hashable, Sendable {
    private let members: Set<IPPrefix>
    /// Those that occur, ascending.
    private let lengths: [AddressFamily: [Int]]

    package init(_ prefixes: some Sequence<IPPrefix> = []) {
        members = Set(prefixes)
        lengths = Dictionary(grouping: members, by: \.family).mapValues { Set($0.map(\.length)).sorted() }
    }

    package func contains(_ prefix: IPPrefix) -> Bool { widest(containing: prefix) != nil }

    /// The shortest member that contains the prefix.
    package func widest(containing prefix: IPPrefix) -> IPPrefix? {
        for length in lengths[prefix.family] ?? [] where length <= prefix.length {
            let wider = IPPrefix(containing: prefix.address, length: length)
            if members.contains(wider) { return wider }
        }
        return nil
    }
}
