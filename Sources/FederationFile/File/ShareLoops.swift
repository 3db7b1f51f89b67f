import FederationModel
import NetworkTypes

/// One prefix of one share, with its place.
struct SharedPrefix {
    var from: VPNName
    var to: VPNName
    var prefix: IPPrefix
    var item: FileWalk.Item
}

/// Chains of shares that return a prefix, or a part of it, to its own VPN.
///
/// In such a loop, two VPNs would each route the prefix to the other.
struct ShareLoops {
    struct Loop {
        /// The first of the chain, in file order.
        var start: SharedPrefix
        /// Begins and ends with the same VPN.
        var chain: [VPNName]
    }

    private struct State: Hashable {
        var vpn: VPNName
        var prefix: IPPrefix
    }

    /// In the order of the shares; at most one per share.
    private(set) var found: [Loop] = []
    /// The share at which the search gave up.
    private(set) var unfinished: SharedPrefix?

    private let sharesOf: [VPNName: [SharedPrefix]]
    /// The position of each VPN's first share.
    private let order: [VPNName: Int]
    /// The remaining search steps. Real files need only a few per share.
    private var steps = 1_000_000

    init(_ shares: [SharedPrefix]) {
        let shares = Self.withoutDeadEnds(shares)
        sharesOf = Dictionary(grouping: shares, by: \.from)
        order = Dictionary(shares.enumerated().map { ($1.from, $0) }, uniquingKeysWith: min)
        for share in shares {
            if let chain = chain(from: share) { found.append(Loop(start: share, chain: chain)) }
            guard steps > 0 else {
                unfinished = share
                return
            }
        }
    }

    /// Without shares that cannot be in a loop; in most files, none remain.
    private static func withoutDeadEnds(_ shares: [SharedPrefix]) -> [SharedPrefix] {
        var shares = shares
        // Longer dead ends stay; they only cost search steps.
        for _ in 0..<200 {
            let (senders, receivers) = (Set(shares.map(\.from)), Set(shares.map(\.to)))
            let rest = shares.filter { senders.contains($0.to) && receivers.contains($0.from) }
            if rest.count == shares.count { break }
            shares = rest
        }
        return shares
    }

    /// The path back to the share's own VPN, only through VPNs that share later in the file,
    /// so that each loop is found once, from its first VPN.
    private mutating func chain(from start: SharedPrefix) -> [VPNName]? {
        guard let first = order[start.from], let second = order[start.to], second > first else { return nil }
        let begin = State(vpn: start.to, prefix: start.prefix)
        var previous: [State: State?] = [begin: nil]
        var open = [begin]
        while let state = open.popLast() {
            for share in sharesOf[state.vpn] ?? [] {
                steps -= 1
                guard steps > 0 else { return nil }
                guard share.prefix.overlaps(state.prefix) else { continue }
                if share.to == start.from { return [start.from] + path(to: state, previous) + [share.to] }
                guard let rank = order[share.to], rank > first else { continue }
                let next = State(vpn: share.to, prefix: share.prefix.length > state.prefix.length ? share.prefix : state.prefix)
                guard previous[next] == nil else { continue }
                previous[next] = .some(state)
                open.append(next)
            }
        }
        return nil
    }

    private func path(to end: State, _ previous: [State: State?]) -> [VPNName] {
        var path: [VPNName] = []
        var state: State? = end
        while let current = state {
            path.append(current.vpn)
            state = previous[current] ?? nil
        }
        return path.reversed()
    }
}
