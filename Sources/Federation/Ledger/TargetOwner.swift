import FederationModel
import NetworkTypes

/// The owner of a route target. A VPN has one VRF on each gateway, so targets belong to a VPN, or to a VPN in one
/// cloud.
package enum TargetOwner: TextualValue, Comparable {
    /// The target of a full mesh, or of the hubs of a hub and spoke. Every VPN has one, so that it survives a change of policy.
    case vpn(VPNName)
    /// Exported by spokes, imported by hubs.
    case spoke(VPNName)
    /// Exported by guests (clouds in the VPN only because of shares), imported by all members but not by guests.
    case guests(VPNName)
    /// Exported by one cloud of a partial mesh.
    case cloud(VPNName, CloudName)

    package init(parsing text: some StringProtocol) throws(ParseError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        switch parts.count {
        case 1: self = .vpn(try VPNName(parsing: parts[0]))
        case 2 where parts[1] == "spoke": self = .spoke(try VPNName(parsing: parts[0]))
        case 2 where parts[1] == "guests": self = .guests(try VPNName(parsing: parts[0]))
        case 3 where parts[1] == "cloud": self = .cloud(try VPNName(parsing: parts[0]), try CloudName(parsing: parts[2]))
        default:
            throw ParseError(
                expected: "owner of a route target", value: String(text),
                reason: "must be a VPN, its spokes, its guests or one of its clouds",
                remedy: "write it like blue, blue/spoke, blue/guests or blue/cloud/paris")
        }
    }

    package var vpn: VPNName {
        switch self {
        case .vpn(let vpn), .spoke(let vpn), .guests(let vpn), .cloud(let vpn, _): vpn
        }
    }

    /// `blue`, `blue/spoke`, `blue/guests` or `blue/cloud/paris`; names have no slash.
    package var description: String {
        switch self {
        case .vpn(let vpn): vpn.text
        case .spoke(let vpn): "\(vpn)/spoke"
        case .guests(let vpn): "\(vpn)/guests"
        case .cloud(let vpn, let cloud): "\(vpn)/cloud/\(cloud)"
        }
    }

    private var order: (VPNName, Int, String) {
        switch self {
        case .vpn(let vpn): (vpn, 0, "")
        case .spoke(let vpn): (vpn, 1, "")
        case .guests(let vpn): (vpn, 2, "")
        case .cloud(let vpn, let cloud): (vpn, 3, cloud.text)
        }
    }

    package static func < (a: Self, b: Self) -> Bool { a.order < b.order }
}
