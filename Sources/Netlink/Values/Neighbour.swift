import NetworkTypes

/// An entry of the ARP or ND table (`ip neigh`).
package struct Neighbour: Hashable, Sendable, Codable {
    package var interface: String
    package var address: IPAddress
    /// Nil while unresolved.
    package var mac: MACAddress?
    package var state: State
    /// Put there by a control plane such as zebra, not learnt by the kernel (NTF_EXT_LEARNED).
    package var isExternallyLearned: Bool
    /// Its creator as a route protocol number (NDA_PROTOCOL); 0 is unknown. zebra uses 11.
    package var protocolNumber: UInt8

    /// NUD_… of linux/neighbour.h.
    package enum State: UInt16, Hashable, Sendable, Codable {
        case none = 0x00
        case incomplete = 0x01
        case reachable = 0x02
        case stale = 0x04
        case delay = 0x08
        case probe = 0x10
        case failed = 0x20
        /// No resolution takes place, and the entry may be collected as garbage.
        case noARP = 0x40
        case permanent = 0x80
    }

    package init(
        interface: String, address: IPAddress, mac: MACAddress?, state: State = .permanent, isExternallyLearned: Bool = false,
        protocolNumber: UInt8 = 0
    ) {
        self.interface = interface
        self.address = address
        self.mac = mac
        self.state = state
        self.isExternallyLearned = isExternallyLearned
        self.protocolNumber = protocolNumber
    }
}
