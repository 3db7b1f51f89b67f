import NetworkTypes

/// A network device that a VPN needs (ip-link(8)). All of ours are up and generate no address (`addrgenmode none`): a link-local address on
/// a layer-3 bridge would be advertised.
package struct Link: Hashable, Sendable, Codable {
    package enum Kind: Hashable, Sendable, Codable {
        /// A VRF and its routing table.
        case vrf(table: UInt32)
        /// Its ports have no VLAN id. zebra 8.4.4 keeps the VLAN ids of all bridges' ports in one table and may use an entry after freeing it
        /// (crash in `zebra_evpn_mac_svi_add`).
        case bridge
        /// UDP port 4789, no learning: addresses come from BGP only.
        case vxlan(vni: VNI, local: IPv4Address)
        /// One end of a pair; the other end is the OVS port.
        case veth(peer: String)
    }

    package var name: String
    package var kind: Kind
    package var master: String?
    /// Nil: chosen by the kernel.
    package var mac: MACAddress?
    /// Bytes; nil: chosen by the kernel.
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
    /// Nil for a kind that we never create.
    package var kind: Link.Kind?
    package var master: String?
    package var mac: MACAddress?
    package var mtu: Int
    package var isUp: Bool
    /// Of a bridge port: learns addresses from packets. Wrong for our VXLAN devices, as is a port that does not suppress neighbours; meaningless
    /// for other kinds.
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
