import FederationModel
import NetworkTypes

/// Prefixes of a VPN that several clouds may have by configuration: anycast, or allowed overlaps.
///
/// A viewer may then use any of the origins, including itself.
struct SharedPrefixes {
    private let all: Bool
    private let anycast: [IPPrefix]

    init(_ vpn: VPN?) {
        all = vpn?.allowsOverlap ?? false
        anycast = vpn?.anycast ?? []
    }

    var isEmpty: Bool { !all && anycast.isEmpty }

    func contains(_ prefix: IPPrefix) -> Bool { all || anycast.contains { $0.contains(prefix) } }
}
