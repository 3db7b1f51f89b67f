import NetworkTypes

/// A flow of an OpenFlow table, as far as this module knows fields and actions.
package struct FlowEntry: Hashable, Sendable {
    package var cookie: UInt64
    package var priority: UInt16
    package var match: FlowMatch
    /// Applied in this order; empty drops the packet.
    package var actions: [FlowAction]

    package init(cookie: UInt64, priority: UInt16, match: FlowMatch, actions: [FlowAction]) {
        self.cookie = cookie
        self.priority = priority
        self.match = match
        self.actions = actions
    }
}

/// What a packet must have. What is nil may be anything.
package struct FlowMatch: Hashable, Sendable {
    package var inPort: UInt32?
    package var ethernetSource: MACAddress?
    package var ethernetDestination: MACAddress?
    /// VLAN id of a tagged packet, 0…4095.
    package var vlan: UInt16?
    /// Makes the packet one of its family; so does `destination`, and both must be of the same.
    package var source: IPPrefix?
    package var destination: IPPrefix?
    /// Makes it one of UDP to this port; it needs a source or a destination.
    package var udpPort: UInt16?
    /// Of Open vSwitch’s own, beside the packet: it stays while the packet is in the switch.
    package var packetMark: UInt32?

    package init(
        inPort: UInt32? = nil, ethernetSource: MACAddress? = nil, ethernetDestination: MACAddress? = nil, vlan: UInt16? = nil,
        source: IPPrefix? = nil, destination: IPPrefix? = nil, udpPort: UInt16? = nil, packetMark: UInt32? = nil
    ) {
        self.packetMark = packetMark
        self.udpPort = udpPort
        self.inPort = inPort
        self.ethernetSource = ethernetSource
        self.ethernetDestination = ethernetDestination
        self.vlan = vlan
        self.source = source
        self.destination = destination
    }
}

package enum FlowAction: Hashable, Sendable {
    case output(UInt32)
    /// An 802.1Q tag (0x8100) with VLAN id 0.
    case pushVLAN
    case popVLAN
    /// 0…4095; the packet must have a tag.
    case setVLAN(UInt16)
    case setEthernetDestination(MACAddress)
    /// Of IP; the packet must be of its family.
    case setSource(IPAddress)
    case setDestination(IPAddress)
    /// Of UDP.
    case setSourcePort(UInt16)
    case setPacketMark(UInt32)
}

/// A change of a flow.
package enum FlowChange: Hashable, Sendable {
    /// Replaces one with the same priority and match.
    case add(FlowEntry)
    /// Takes away the one with exactly this cookie, priority and match.
    case remove(FlowEntry)
}

/// A flow that was read.
package enum FoundFlow: Hashable, Sendable {
    case entry(FlowEntry)
    /// A flow with an unknown field or action: its cookie, its priority, and the reason.
    case foreign(cookie: UInt64, priority: UInt16, reason: String)
}
