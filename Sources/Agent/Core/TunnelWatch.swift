import EVPN
import FederationModel
import NetworkTypes

/// Notices next hops whose tunnel entries never come, or went: zebra 8.4.4 forgets the router MAC of a next hop whose routes change all
/// at once, and traffic is lost one way. Telling zebra of the routes anew helps at once; where it does not, setting the VRF's VNI anew does.
package struct TunnelWatch: Hashable, Sendable, Codable {
    /// Milliseconds: zebra's own time to program the entries, many times over; and between two attempts on one VPN.
    package static let patience: Int64 = 500
    package static let pause: Int64 = 3_000
    /// The same for the mild remedy where entries had been there, because traffic is lost already; long enough for the routes of a gateway
    /// that goes to go after them.
    package static let patienceAfterLoss: Int64 = 100
    package static let pauseAfterLoss: Int64 = 500
    /// Between two attempts of the remedy that takes the VPN's routes away for a moment; doubled each time that it did not help, because a
    /// next hop that nothing helps must not cost the others their routes for ever.
    package static let longPause: Int64 = 30_000
    private static let doublings = 7
    /// How often the mild remedy is tried before.
    package static let mildAttempts = 2

    package enum Remedy: Hashable, Sendable {
        /// bgpd tells zebra of all routes once more. No route goes.
        case announce
        /// The VRF loses its VNI and gets it back.
        case rebind
    }

    /// zebra keeps the entries of a next hop once for IPv4 and once for IPv6 routes.
    private struct NextHop: Hashable, Sendable, Codable {
        var address: IPAddress
        var family: AddressFamily

        init(_ tunnel: TunnelRoute) { (address, family) = (tunnel.nextHop, tunnel.prefix.family) }
    }

    private struct State: Hashable, Sendable, Codable {
        /// Those whose entries were there at the last look.
        var ready: Set<NextHop> = []
        var missingSince: Int64?
        /// Since then, entries went that had been there.
        var hasLost = false
        var lastAttempt: Int64?
        var lastRebinding: Int64?
        /// Since all entries were there.
        var attempts = 0
        /// One after the other, without a time as long as the pause in which all entries were there.
        var rebindings = 0

        var wait: Int64 { TunnelWatch.longPause << min(max(rebindings - 1, 0), TunnelWatch.doublings) }
    }

    private var states: [VPNInstance: State] = [:]

    package init() {}

    /// - Returns: what should be done now.
    package mutating func judge(_ instance: VPNInstance, _ tunnels: some Sequence<TunnelRoute>, at now: Int64) -> Remedy? {
        var state = states[instance] ?? State()
        defer { states[instance] = state }
        let missing = Set(tunnels.lazy.filter { !$0.isReady }.map(NextHop.init))
        if !missing.isDisjoint(with: state.ready) {
            state.hasLost = true
            state.attempts = 0
        }
        state.ready = Set(tunnels.lazy.filter(\.isReady).map(NextHop.init))
        guard !missing.isEmpty else {
            state.missingSince = nil
            state.hasLost = false
            state.attempts = 0
            if let last = state.lastRebinding, now - last >= state.wait { state.rebindings = 0 }
            return nil
        }
        let since = state.missingSince ?? now
        state.missingSince = since
        let isUrgent = state.hasLost && state.attempts < Self.mildAttempts
        let (patience, pause) = isUrgent ? (Self.patienceAfterLoss, Self.pauseAfterLoss) : (Self.patience, Self.pause)
        guard now - since >= patience, state.lastAttempt.map({ now - $0 >= pause }) ?? true else { return nil }
        if state.attempts < Self.mildAttempts {
            state.attempts += 1
            state.lastAttempt = now
            return .announce
        }
        guard state.lastRebinding.map({ now - $0 >= state.wait }) ?? true else { return nil }
        state.attempts = 0
        state.lastAttempt = now
        state.lastRebinding = now
        state.rebindings += 1
        state.missingSince = nil
        state.hasLost = false
        return .rebind
    }

    package mutating func forget(_ instance: VPNInstance) { states[instance] = nil }
}
