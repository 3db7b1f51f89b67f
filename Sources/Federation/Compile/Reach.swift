import FederationModel
import NetworkTypes

/// Cloud `to` learns the prefixes of cloud `from` in a VPN: a target that `from` exports is one that `to` imports.
///
/// Traffic needs both directions; each is a separate reach.
package struct Reach: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    package var vpn: VPNName
    package var from: CloudName
    package var to: CloudName

    package init(vpn: VPNName, from: CloudName, to: CloudName) {
        self.vpn = vpn
        self.from = from
        self.to = to
    }

    /// `blue: paris → tokyo`
    package var description: String { "\(vpn): \(from) → \(to)" }
    package static func < (a: Self, b: Self) -> Bool { (a.vpn, a.from, a.to) < (b.vpn, b.from, b.to) }
}
