import NetworkTypes

/// Who has which route target: the inverted index that replaces a comparison of all pairs.
struct TargetIndex {
    /// A VPN with a target, on the first gateway that has it so. Numbers are places in the search’s lists.
    struct Holding {
        var vpn: Int
        var gateway: Int
        /// As written; the index’s key is as bgpd reads it.
        var target: RouteTarget
    }

    private(set) var holdings: [RouteTarget: [Holding]] = [:]
    private var hasWildcards = false
    /// Keys by their number; made when a wildcard asks for it.
    private var numbers: [UInt32: [RouteTarget]]?

    var isEmpty: Bool { holdings.isEmpty }

    mutating func reserve(_ count: Int) { holdings.reserveCapacity(count) }

    /// Every VPN once per target.
    mutating func add(_ holding: Holding) {
        let key = holding.target.asConfigured
        if holdings[key]?.contains(where: { $0.vpn == holding.vpn }) == true { return }
        if key.isWildcard { hasWildcards = true }
        holdings[key, default: []].append(holding)
        numbers = nil
    }

    /// Exports that a VRF with this import target takes.
    mutating func taken(by wanted: RouteTarget) -> [Holding] {
        guard wanted.isWildcard else { return holdings[wanted.asConfigured] ?? [] }
        if numbers == nil { numbers = Dictionary(grouping: holdings.keys, by: \.localNumber) }
        return (numbers?[wanted.localNumber] ?? []).sorted().flatMap { holdings[$0] ?? [] }
    }

    /// Imports that take an export with this target.
    func takers(of exported: RouteTarget) -> [Holding] {
        let key = exported.asConfigured
        let found = holdings[key] ?? []
        guard hasWildcards, !key.isWildcard, let others = holdings[.any(key.localNumber)] else { return found }
        return found + others
    }
}
