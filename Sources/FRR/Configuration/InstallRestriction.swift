import NetworkTypes

/// Routes of these VTEPs are installed only if their prefix is permitted; it comes before everything else that a filter permits.
/// The default route is not concerned: it has next hops of its own.
package struct InstallRestriction: Hashable, Sendable, Codable {
    /// Ascending, each once; never empty.
    package let nextHops: [IPv4Address]
    /// Canonical; the first match decides, and what none matches is denied: nothing comes after a rule that matches everything, and none
    /// that denies everything is there. Empty: nothing of theirs is installed.
    package let entries: [PrefixRule]

    /// - Parameter entries: of one family.
    package init(nextHops: some Sequence<IPv4Address>, entries: [PrefixRule]) {
        self.nextHops = Set(nextHops).sorted()
        var seen: Set<PrefixRule> = []
        var kept: [PrefixRule] = []
        for entry in entries.compactMap(\.canonical) where entry.prefix.length > 0 || entry.lengths.upperBound > 0 {
            let matchesAll = entry.prefix.length == 0 && entry.lengths == 0...entry.prefix.family.width
            if matchesAll && entry.action == .deny { break }
            if seen.insert(PrefixRule(.permit, entry.prefix, ge: entry.minimumLength, le: entry.maximumLength)).inserted {
                kept.append(entry)
            }
            if matchesAll { break }
        }
        self.entries = kept
    }

    /// Just these prefixes.
    package init(nextHops: some Sequence<IPv4Address>, only prefixes: some Sequence<IPPrefix>) {
        self.nextHops = Set(nextHops).sorted()
        entries = prefixes.sorted().map { PrefixRule(.permit, $0) }
    }

    /// The prefixes that are permitted as they are.
    package var exactPrefixes: Set<IPPrefix> {
        Set(entries.lazy.filter { $0.action == .permit && $0.minimumLength == nil && $0.maximumLength == nil }.map(\.prefix))
    }

    /// For a name.
    var texts: [String] { ["of"] + nextHops.map(\.description) + ["only"] + entries.map(\.description) }

    /// What is refused, as a prefix list: the opposite of `entries`, without the default route.
    func refusals(_ family: AddressFamily) -> [PrefixRule] {
        let everything = IPPrefix.everything(family)
        return [PrefixRule(.deny, everything)] + entries.map(\.inverted) + [PrefixRule(.permit, everything, le: family.width)]
    }

    /// Reads what `refusals` writes; nil for other lists.
    init?(nextHops: [IPv4Address], refusals: [PrefixRule], _ family: AddressFamily) {
        guard !nextHops.isEmpty, refusals.count >= 2 else { return nil }
        self.init(nextHops: nextHops, entries: refusals.dropFirst().dropLast().map(\.inverted))
        guard self.refusals(family) == refusals else { return nil }
    }
}

extension PrefixRule {
    fileprivate var inverted: PrefixRule {
        PrefixRule(action == .permit ? .deny : .permit, prefix, ge: minimumLength, le: maximumLength)
    }
}
