import NetworkTypes

/// A network device that a VPN needs, as it shall be (ip-link(8)). All of ours are up and make no address of their own
/// (`addrgenmode none`): a link-local address on a layer-3 bridge would be advertised as somebody's.
package struct Link: Hashable, Sendable, Codable {
    package enum Kind: Hashable, Sendable, Codable {
        /// A VRF and its routing table.
        case vrf(table: UInt32)
        /// Its ports have no VLAN id. zebra 8.4.4 keeps the ids of the ports of all bridges in one table, and where one goes, it may later
        /// use what it freed and crash (in `zebra_evpn_mac_svi_add`).
        case bridge
        /// UDP port 4789, no learning: addresses come from BGP only.
        case vxlan(vni: VNI, local: IPv4Address)
        /// One end of a pair; the other end is the OVS port.
        case veth(peer: String)
    }

    package var name: String
    package var kind: Kind
    package var master: String?
    /// Nil: whatever the kernel picked.
    package var mac: MACAddress?
    /// Bytes; nil: whatever the kernel picked.
    package var mtu: Int?

    package init(name: String, kind: Kind, master: String?, mac: MACAddress?, mtu: Int?) {
        self.name = name
        self.kind = kind
        self.master = master
        self.mac = mac
        self.mtu = mtu
    }
}

/// A network device as it is.
package struct ObservedLink: Hashable, Sendable, Codable {
    /// Nil for a kind that is none of ours.
    package var kind: Link.Kind?
    package var master: String?
    package var mac: MACAddress?
    package var mtu: Int
    package var isUp: Bool
    /// A bridge port that learns addresses from packets, or does not answer ARP from the forwarding table:
    /// wrong for a vxlan of ours. Meaningless elsewhere.
    package var learns: Bool
    package var suppressesNeighbours: Bool

    package init(
        kind: Link.Kind?, master: String?, mac: MACAddress?, mtu: Int, isUp: Bool, learns: Bool = false,
        suppressesNeighbours: Bool = true
    ) {
        self.kind = kind
        self.master = master
        self.mac = mac
        self.mtu = mtu
        self.isUp = isUp
        self.learns = learns
        self.suppressesNeighbours = suppressesNeighbours
    }
}
