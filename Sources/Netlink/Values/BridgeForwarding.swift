import NetworkTypes

/// An entry of a forwarding database (`bridge fdb`): which MAC address is behind which port or remote VTEP.
package struct BridgeForwarding: Hashable, Sendable, Codable {
    /// The bridge port, or the VXLAN interface itself.
    package var interface: String
    /// All zeros: the flood entry of a VXLAN.
    package var mac: MACAddress
    /// The remote VTEP, in the table of a VXLAN interface.
    package var destination: IPAddress?
    package var vlan: UInt16?
    /// The entry is in the interface's own table (NTF_SELF), and not in that of its bridge.
    package var isSelf: Bool
    /// Put there by a control plane such as zebra (NTF_EXT_LEARNED).
    package var isExternallyLearned: Bool
    package var lifetime: Lifetime

    package enum Lifetime: Hashable, Sendable, Codable {
        /// Of a bridge: an address of the bridge's own port, for which packets go up. Of a VXLAN: one that stays.
        case permanent
        /// Permanent, and not moved to another port by learning.
        case `static`
        /// Of a bridge: ages. Of a VXLAN: only with learning.
        case dynamic
    }

    package init(
        interface: String, mac: MACAddress, destination: IPAddress? = nil, vlan: UInt16? = nil, isSelf: Bool,
        isExternallyLearned: Bool = false, lifetime: Lifetime = .permanent
    ) {
        self.interface = interface
        self.mac = mac
        self.destination = destination
        self.vlan = vlan
        self.isSelf = isSelf
        self.isExternallyLearned = isExternallyLearned
        self.lifetime = lifetime
    }
}

extension BridgeForwarding.Lifetime {
    /// NUD_…, several of which may be set. The bridge takes NUD_NOARP for static; VXLAN wants one of the other two, and ignores it.
    var bits: UInt16 {
        switch self {
        case .permanent: Neighbour.State.permanent.rawValue
        case .static: Neighbour.State.noARP.rawValue | Neighbour.State.reachable.rawValue
        case .dynamic: Neighbour.State.reachable.rawValue
        }
    }

    init(bits: UInt16) {
        if bits & Neighbour.State.permanent.rawValue != 0 {
            self = .permanent
        } else {
            self = bits & Neighbour.State.noARP.rawValue != 0 ? .static : .dynamic
        }
    }
}
