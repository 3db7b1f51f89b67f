import NetworkTypes

/// What an install filter permits. Empty: nothing. Normalised: filters that permit the same are equal.
package struct InstallContent: Hashable, Sendable, Codable {
    /// For prefixes other than the default route, canonical; the first match decides. Empty if `nextHops` is, and vice versa.
    package let entries: [PrefixRule]
    /// The VTEPs whose routes are installed; ascending, each once.
    package let nextHops: [IPv4Address]
    /// The VTEPs whose default routes are installed; ascending, each once.
    package let defaultNextHops: [IPv4Address]
    /// In the order in which they are asked: what one refuses is not installed.
    package var restrictions: [InstallRestriction] { limits ?? [] }
    /// Nil means none.
    private let limits: [InstallRestriction]?

    /// - Parameter entries: of one family. Entries that match only the default route, or that an earlier one hides, are dropped: bgpd refuses
    ///   some of them.
    package init(
        entries: [PrefixRule] = [], nextHops: [IPv4Address] = [], defaultNextHops: [IPv4Address] = [],
        restrictions: [InstallRestriction] = []
    ) {
        var kept: [PrefixRule] = []
        for entry in entries.compactMap(\.canonical) where entry.prefix.length > 0 || entry.lengths.upperBound > 0 {
            if !kept.contains(where: { $0.prefix == entry.prefix && $0.lengths == entry.lengths }) { kept.append(entry) }
        }
        let isEmpty = kept.isEmpty || nextHops.isEmpty
        self.entries = isEmpty ? [] : kept
        self.nextHops = isEmpty ? [] : Self.ascending(nextHops)
        self.defaultNextHops = Self.ascending(defaultNextHops)
        // Without a route that could be installed there is nothing to restrict.
        let some = isEmpty ? [] : restrictions.filter { !$0.nextHops.isEmpty }
        limits = some.isEmpty ? nil : some
    }

    private static func ascending(_ addresses: [IPv4Address]) -> [IPv4Address] {
        zip(addresses, addresses.dropFirst()).allSatisfy(<) ? addresses : Set(addresses).sorted()
    }

    /// All of it, for a name.
    func texts(_ family: AddressFamily) -> [String] {
        entries.map(\.description) + ["by"] + nextHops.map(\.description) + ["default by"] + defaultNextHops.map(\.description)
            + restrictions.flatMap(\.texts)
    }

    static func denyDefault(_ family: AddressFamily) -> String { "deny \(IPPrefix.everything(family))" }
    static func permitDefault(_ family: AddressFamily) -> String { "permit \(IPPrefix.everything(family))" }

    /// The entry of a list of next hops; IPv6 routes have the IPv4 address mapped (RFC 4291, section 2.5.5.2), as bgpd 8.4.4 prints it.
    static func permission(of nextHop: IPv4Address, _ family: AddressFamily) -> String {
        func hex(_ number: UInt32) -> String { String(number, radix: 16) }
        return family == .ipv4 ? "permit \(nextHop)/32" : "permit ::ffff:\(hex(nextHop.bits >> 16)):\(hex(nextHop.bits & 0xffff))/128"
    }

    /// Reads what `permission` writes, in whichever spelling.
    static func nextHop(_ words: some Collection<String>, _ family: AddressFamily) -> IPv4Address? {
        let words = Array(words)
        guard words.count == 2, words[0] == "permit", let prefix = IPPrefix(words[1]), prefix.isHost, prefix.family == family else {
            return nil
        }
        switch prefix.address {
        case .v4(let address): return address
        case .v6(let address):
            return address.bits >> 32 == 0xffff ? IPv4Address(bits: UInt32(truncatingIfNeeded: address.bits)) : nil
        }
    }
}
