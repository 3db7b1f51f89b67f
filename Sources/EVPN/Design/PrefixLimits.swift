import FederationModel
import NetworkTypes

/// Keeps advertised prefixes within the limits of each VPN and of the gateway. Never withdraws a prefix to make room.
struct PrefixLimits {
    /// What each VPN would advertise.
    let wanted: [VPNName: Set<IPPrefix>]
    /// By VPN; absent: no limit.
    let limits: [VPNName: Int]
    /// Of all VPNs together; nil: no limit.
    let total: Int?
    /// What is advertised already.
    let standing: [VPNName: Set<IPPrefix>]

    struct Outcome {
        var admitted: [VPNName: Set<IPPrefix>] = [:]
        var problems: [VPNName: [Problem]] = [:]
    }

    /// Prefixes that are advertised now and still wanted stay, even above a lowered limit. The rest are admitted shortest first (they cover
    /// more), VPNs in order of name. Equal input gives an equal outcome.
    func outcome() -> Outcome {
        var outcome = Outcome(admitted: wanted)
        guard total != nil || !limits.isEmpty else { return outcome }
        var used = 0
        var waiting: [VPNName: [IPPrefix]] = [:]
        for (vpn, prefixes) in wanted {
            let kept = prefixes.intersection(standing[vpn] ?? [])
            outcome.admitted[vpn] = kept
            used += kept.count
            let room = limits[vpn].map { max(0, $0 - kept.count) } ?? .max
            waiting[vpn] = Array(prefixes.subtracting(kept).sorted { ($0.length, $0) < ($1.length, $1) }.prefix(room))
        }
        for vpn in waiting.keys.sorted() {
            let admitted = (waiting[vpn] ?? []).prefix(total.map { max(0, $0 - used) } ?? .max)
            outcome.admitted[vpn, default: []].formUnion(admitted)
            used += admitted.count
        }
        for (vpn, prefixes) in wanted {
            let refused = prefixes.subtracting(outcome.admitted[vpn] ?? [])
            if !refused.isEmpty { outcome.problems[vpn] = [problem(vpn, prefixes.count, refused)] }
        }
        return outcome
    }

    private func problem(_ vpn: VPNName, _ count: Int, _ refused: Set<IPPrefix>) -> Problem {
        let examples = refused.sorted().prefix(3).map(\.description).joined(separator: ", ") + (refused.count > 3 ? ", …" : "")
        let isOwn = limits[vpn].map { count > $0 } ?? false
        let limit = isOwn ? "\(limits[vpn] ?? 0) of VPN \(vpn)" : "\(total ?? 0) of all VPNs of this gateway together"
        return Problem(
            code: .prefixLimit,
            message:
                "VPN \(vpn) has \(count) prefixes to advertise here, limit of \(limit) exceeded: \(refused.count) are not advertised (\(examples))",
            remedy: isOwn
                ? "raise “maximumPrefixes” of the VPN or “limits.prefixesPerVPN” of the cloud, or advertise subnets instead of hosts"
                : "raise “limits.prefixes” of the cloud, or advertise subnets instead of hosts")
    }
}
