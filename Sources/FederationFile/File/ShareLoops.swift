import FederationModel
import NetworkTypes

/// One prefix of one share, and where it stands.
struct SharedPrefix {
    var from: VPNName
    var to: VPNName
    var prefix: IPPrefix
    var item: FileWalk.Item
}

/// Chains of shares that bring a prefix, or a part of it, back into the VPN that it came from.
///
/// There both the VPN's own attachment and another VPN would be the way to it, each pointing to the other.
struct ShareLoops {
    struct Loop {
        /// The first of the chain, in the order of the file.
        var start: SharedPrefix
        /// Begins and ends with the same VPN.
        var chain: [VPNName]
    }

    private struct State: Hashable {
        var vpn: VPNName
        var prefix: IPPrefix
    }

    /// By the order of the shares; one at most for each of them.
    private(set) var found: [Loop] = []
    /// The share at which too much had been looked at to go on.
    private(set) var unfinished: SharedPrefix?

    private let sharesOf: [VPNName: [SharedPrefix]]
    /// Where the VPN's first share stands among all.
    private let order: [VPNName: Int]
    /// What may still be looked at. Real files need a handful of steps for each share.
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

    /// Without those that are in no loop for sure: most files have none at all.
    private static func withoutDeadEnds(_ shares: [SharedPrefix]) -> [SharedPrefix] {
        var shares = shares
        // What longer chains leave here is only more to look at.
        for _ in 0..<200 {
            let (senders, receivers) = (Set(shares.map(\.from)), Set(shares.map(\.to)))
            let rest = shares.filter { senders.contains($0.to) && receivers.contains($0.from) }
            if rest.count == shares.count { break }
            shares = rest
        }
        return shares
    }

    /// The way back to where the share comes from, through VPNs that share later in the file only:
    /// so that each loop is found from its first VPN, once.
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
