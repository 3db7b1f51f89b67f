import NetworkTypes

/// A network interface, as in `ip -d link show`.
///
/// Interfaces refer to each other by name: names are what we choose and what configuration speaks of, indices change
/// whenever a device is made anew.
package struct Link: Hashable, Sendable, Codable {
    /// The kernel's number, 1…2147483647.
    package var index: UInt32
    /// 1…15 bytes.
    package var name: String
    package var kind: LinkKind
    /// The bridge or VRF that this interface is in.
    package var master: String?
    /// Nil if the hardware address does not have six octets.
    package var mac: MACAddress?
    /// In octets.
    package var mtu: UInt32
    /// IFF_UP: administratively up. `operationalState` is the actual state.
    package var isUp: Bool
    package var operationalState: OperationalState
    /// False with IFF_NOARP.
    package var usesARP: Bool
    /// Nil if IPv6 is disabled on this interface.
    package var addressGeneration: AddressGeneration?
    /// Present if the master is a bridge.
    package var bridgePort: BridgePort?

    package init(
        index: UInt32, name: String, kind: LinkKind, master: String? = nil, mac: MACAddress? = nil, mtu: UInt32 = 1500,
        isUp: Bool = false, operationalState: OperationalState = .unknown, usesARP: Bool = true,
        addressGeneration: AddressGeneration? = nil, bridgePort: BridgePort? = nil
    ) {
        self.index = index
        self.name = name
        self.kind = kind
        self.master = master
        self.mac = mac
        self.mtu = mtu
        self.isUp = isUp
        self.operationalState = operationalState
        self.usesARP = usesARP
        self.addressGeneration = addressGeneration
        self.bridgePort = bridgePort
    }
}

/// The kind of an interface, with properties that cannot change after creation.
package enum LinkKind: Hashable, Sendable, Codable {
    /// A VRF (kernel documentation, networking/vrf) with its routing table.
    case vrf(table: UInt32)
    /// Its ports get no VLAN id by themselves (`vlan_default_pvid 0`).
    case bridge
    case vxlan(VXLAN)
    /// The other end's name; nil if it is in another network namespace.
    case veth(peer: String?)
    case dummy
    /// The kernel's word for it; empty for hardware and for the loopback interface.
    case other(String)

    /// The kernel's word (IFLA_INFO_KIND).
    package var word: String {
        switch self {
        case .vrf: "vrf"
        case .bridge: "bridge"
        case .vxlan: "vxlan"
        case .veth: "veth"
        case .dummy: "dummy"
        case .other(let word): word
        }
    }
}

/// A VXLAN tunnel end point (RFC 7348).
package struct VXLAN: Hashable, Sendable, Codable {
    /// Nil for a device that gets the VNI from metadata (collect metadata).
    package var vni: VNI?
    /// The outer source address.
    package var local: IPAddress?
    /// The outer UDP destination port. The kernel's own default is 8472, IANA's is 4789.
    package var port: UInt16
    /// Whether the kernel learns remote MAC addresses from packets. With EVPN, BGP does that.
    package var learning: Bool

    package init(vni: VNI?, local: IPAddress?, port: UInt16 = 4789, learning: Bool = false) {
        self.vni = vni
        self.local = local
        self.port = port
        self.learning = learning
    }
}

/// The flags of a bridge port that EVPN cares about (`bridge -d link`).
package struct BridgePort: Hashable, Sendable, Codable {
    package var learning: Bool
    /// ARP and ND requests are answered from the neighbour table instead of flooded.
    package var neighbourSuppression: Bool

    package init(learning: Bool, neighbourSuppression: Bool) {
        self.learning = learning
        self.neighbourSuppression = neighbourSuppression
    }
}

/// RFC 2863's ifOperStatus, with the kernel's numbers (IF_OPER_…).
package enum OperationalState: UInt8, Hashable, Sendable, Codable {
    case unknown = 0
    case notPresent, down, lowerLayerDown, testing, dormant, up
}

/// How IPv6 link-local addresses come about (IN6_ADDR_GEN_MODE_…).
package enum AddressGeneration: UInt8, Hashable, Sendable, Codable {
    case eui64 = 0
    case none, stablePrivacy, random
}
