import FederationModel
import NetworkTypes

/// Prefixes of a VPN that several clouds may have, because its admin says so: one service at many places, or overlaps of any kind.
///
/// A viewer then sends such a prefix to whichever it prefers, itself included, and every origin is served by that.
struct SharedPrefixes {
    private let all: Bool
    private let anycast: [IPPrefix]

    init(_ vpn: VPN?) {
        all = vpn?.allowsOverlap ?? false
        anycast = vpn?.anycast ?? []
    }

    func contains(_ prefix: IPPrefix) -> Bool { all || anycast.contains { $0.contains(prefix) } }
}
