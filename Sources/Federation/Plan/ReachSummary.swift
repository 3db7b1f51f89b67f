import FederationModel
import NetworkTypes

/// The reachable pairs of one VPN as short text.
struct ReachSummary {
    /// `paris ↔ tokyo`, `lima → paris` (paris learns lima's prefixes), `all pairs of lima, paris, tokyo (6)`. Sorted.
    let lines: [String]

    /// - Parameter reaches: of one VPN.
    init(_ reaches: some Collection<Reach>) {
        let all = Set(reaches)
        let clouds = Set(all.map(\.from)).union(all.map(\.to)).sorted()
        guard clouds.count < 3 || all.count < clouds.count * (clouds.count - 1) else {
            lines = ["all pairs of \(clouds.map(\.text).joined(separator: ", ")) (\(all.count))"]
            return
        }
        lines = all.sorted().compactMap { reach in
            let back = Reach(vpn: reach.vpn, from: reach.to, to: reach.from)
            guard all.contains(back) else { return "\(reach.from) → \(reach.to)" }
            return reach.from < reach.to ? "\(reach.from) ↔ \(reach.to)" : nil
        }
    }

    /// By VPN, in order.
    static func byVPN(_ reaches: [Reach]) -> [(vpn: VPNName, lines: [String])] {
        Dictionary(grouping: reaches, by: \.vpn).sorted { $0.key < $1.key }.map { ($0.key, ReachSummary($0.value).lines) }
    }
}
