import EVPN
import FederationModel
import NetworkTypes

/// Prefixes of machines whose port is bound no more, or went down, and that are still advertised for a moment: a live migration unbinds
/// and binds again, a restarted ovn-controller lets go of all its ports and takes them back. Nothing comes to be advertised by it.
struct Lapses: Hashable, Sendable, Codable {
    /// Milliseconds.
    static let hold: Int64 = 5_000

    private var since: [VPNName: [IPPrefix: Int64]] = [:]

    /// Adds what is held to what routers advertise.
    /// - Parameter standing: what is advertised now, by VPN.
    /// - Returns: when the first of these holds ends, in milliseconds since 1970; nil: there is none.
    mutating func keep(_ routers: inout [HostedRouter], standing: [VPNName: Set<IPPrefix>], at now: Int64) -> Int64? {
        var seen: [VPNName: [IPPrefix: Int64]] = [:]
        var next: Int64?
        for index in routers.indices {
            let vpn = routers[index].vpn
            for prefix in routers[index].lapsed where standing[vpn]?.contains(prefix) == true {
                // A clock that was set back must not make the time longer.
                let start = min(since[vpn]?[prefix] ?? now, now)
                seen[vpn, default: [:]][prefix] = start
                guard now - start < Self.hold else { continue }
                routers[index].advertised.insert(prefix)
                next = min(next ?? .max, start + Self.hold)
            }
        }
        since = seen
        return next
    }
}
