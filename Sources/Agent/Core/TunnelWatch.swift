import EVPN
import Federation
import NetworkTypes

/// Notices next hops whose tunnel entries never come: zebra 8.4.4 sometimes installs routes and forgets the router MAC of their next
/// hop, and traffic is lost one way until the remote side advertises anew. Setting the VRF's VNI anew helps.
package struct TunnelWatch: Hashable, Sendable {
    /// Milliseconds: zebra's own time to program the entries, many times over; and between two attempts on one VPN.
    package static let patience: Int64 = 3_000
    package static let pause: Int64 = 30_000

    private var missingSince: [VPNName: Int64] = [:]
    private var lastAttempt: [VPNName: Int64] = [:]

    package init() {}

    /// - Returns: whether the VPN's VNI should be set anew now.
    package mutating func judge(_ vpn: VPNName, _ tunnels: some Sequence<TunnelRoute>, at now: Int64) -> Bool {
        guard tunnels.contains(where: { !$0.isReady }) else {
            missingSince[vpn] = nil
            return false
        }
        let since = missingSince[vpn] ?? now
        missingSince[vpn] = since
        guard now - since >= Self.patience, lastAttempt[vpn].map({ now - $0 >= Self.pause }) ?? true else { return false }
        lastAttempt[vpn] = now
        missingSince[vpn] = nil
        return true
    }

    package mutating func forget(_ vpn: VPNName) {
        missingSince[vpn] = nil
        lastAttempt[vpn] = nil
    }
}
