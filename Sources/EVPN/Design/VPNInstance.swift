import FederationModel
import NetworkTypes

/// A VPN on a node with one of its VNIs; written `blue/10001`.
///
/// FRR has one VNI per VRF, and changing it withdraws all routes of the VRF for a while. So while the VNI of a VPN changes, the VPN exists
/// twice, each with a VRF and devices of its own; neither takes over anything of the other.
package struct VPNInstance: TextualValue, Comparable {
    package let vpn: VPNName
    package let vni: VNI

    package init(vpn: VPNName, vni: VNI) {
        self.vpn = vpn
        self.vni = vni
    }

    package init(parsing text: some StringProtocol) throws(ParseError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw ParseError(
                expected: "VPN and VNI", value: String(text), reason: "must be VPN/VNI",
                remedy: "write it like blue/10001")
        }
        self.init(vpn: try VPNName(parsing: parts[0]), vni: try VNI(parsing: parts[1]))
    }

    package var description: String { "\(vpn)/\(vni)" }
    package static func < (a: Self, b: Self) -> Bool { (a.vpn, a.vni) < (b.vpn, b.vni) }
}

extension VPNIntent {
    /// The one used for sending comes first.
    package var instances: [VPNInstance] { bindings.map { VPNInstance(vpn: name, vni: $0.encapsulation.vni) } }
}
