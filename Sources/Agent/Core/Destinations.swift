import FederationModel
import NetworkTypes

/// Which destinations of other clouds traffic is steered to: those that the kernel forwards, and for a while those that it did.
///
/// The while is for isolation: when bgpd restarts, its routes are gone for seconds, and traffic that is no longer steered
/// would leave by the provider network, translated, into the Internet. In the VRF it meets the unreachable default instead.
package struct Destinations: Hashable, Sendable, Codable {
    /// How long a destination is steered after its route went: milliseconds.
    package static let hold: Int64 = 300_000

    private var lastSeen: [VPNName: [IPPrefix: Int64]] = [:]

    package init() {}

    /// Takes in what is forwarded now (or, when the agent has just started, what flows of ours are found).
    package mutating func see(_ prefixes: some Sequence<IPPrefix>, of vpn: VPNName, at now: Int64) {
        for prefix in prefixes { lastSeen[vpn, default: [:]][prefix] = now }
    }

    /// Those of a VPN, also past their hold until the next decision.
    package func known(of vpn: VPNName) -> Set<IPPrefix> { lastSeen[vpn].map { Set($0.keys) } ?? [] }

    package mutating func forget(_ vpn: VPNName) { lastSeen[vpn] = nil }

    /// Drops what is past its hold, and tells what remains.
    package mutating func steered(at now: Int64) -> [VPNName: Set<IPPrefix>] {
        for (vpn, seen) in lastSeen where seen.contains(where: { now - $0.value > Self.hold }) {
            lastSeen[vpn] = seen.filter { now - $0.value <= Self.hold }
        }
        return lastSeen.mapValues { Set($0.keys) }
    }
}
