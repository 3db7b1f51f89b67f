import NetworkTypes

/// How packets of a VPN travel between gateways. Who decides by it switches over it, so that another case shows each such place.
package enum Encapsulation: Hashable, Sendable, CustomStringConvertible {
    /// VXLAN (RFC 7348) under this VNI, which is the L3VNI of the VPN's VRF (RFC 9136).
    case vxlan(VNI)

    /// For what there is with VXLAN only: devices, flows and commands that take a VNI.
    package var vni: VNI {
        switch self {
        case .vxlan(let vni): vni
        }
    }

    /// What it takes of the underlay's MTU, in bytes.
    package var overhead: Int {
        switch self {
        case .vxlan: Cloud.vxlanOverhead
        }
    }

    /// `VNI 10001`.
    package var description: String {
        switch self {
        case .vxlan(let vni): "VNI \(vni)"
        }
    }
}

/// `{"vxlan": 10001}`.
extension Encapsulation: Codable {
    private enum CodingKeys: CodingKey { case vxlan }

    package init(from decoder: any Decoder) throws {
        self = .vxlan(try decoder.container(keyedBy: CodingKeys.self).decode(VNI.self, forKey: .vxlan))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .vxlan(let vni): try container.encode(vni, forKey: .vxlan)
        }
    }
}
