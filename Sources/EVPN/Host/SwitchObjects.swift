import NetworkTypes

/// A port of ours on a provider bridge.
///
/// Its access VLAN is 4095, reserved by IEEE 802.1Q, so `NORMAL` neither floods to it nor accepts from it. Open vSwitch would still carry
/// that VLAN on a trunk: one flow of ours drops frames tagged with it, another drops what leaves the port unmatched.
/// Only our own flows carry traffic between the provider network and a tenant's VRF.
package struct SwitchPort: Hashable, Sendable, Codable {
    package var bridge: String
    package var name: String

    package static let isolationVLAN: UInt16 = 4095

    package init(bridge: String, name: String) {
        self.bridge = bridge
        self.name = name
    }
}

package struct ObservedSwitchPort: Hashable, Sendable, Codable {
    package var bridge: String
    package var tag: UInt16?
    /// Nil until ovs-vswitchd has assigned one.
    package var ofport: UInt32?

    package init(bridge: String, tag: UInt16?, ofport: UInt32?) {
        self.bridge = bridge
        self.tag = tag
        self.ofport = ofport
    }
}

/// An OpenFlow entry of ours on a provider bridge (ovs-fields(7)). Ports are numbers: OpenFlow matches no names.
package struct Flow: Hashable, Sendable, Codable {
    package enum Action: Hashable, Sendable, Codable {
        /// To the VRF: sets the router MAC as destination and strips the provider VLAN.
        case deliver(mac: MACAddress, stripVLAN: Bool, port: UInt32)
        /// To OVN: pushes the provider VLAN.
        case inject(vlan: UInt16?, port: UInt32)
        /// To OVN, with other addresses, so that the router sends it out again, and with the mark of probes.
        case turn(source: IPAddress, destination: IPAddress, vlan: UInt16?, port: UInt32)
        /// To the VRF, as the source that it had before the router’s NAT, and without the mark.
        case takeBack(mac: MACAddress, source: IPAddress, stripVLAN: Bool, port: UInt32)
        case drop
    }

    /// Upper half: the mark of this project. Lower half: the local index of the VPN.
    package var cookie: UInt64
    package var priority: UInt16
    /// Nil: any.
    package var inPort: UInt32?
    package var vlan: UInt16?
    package var sourceMAC: MACAddress?
    package var destinationMAC: MACAddress?
    /// Nil with both prefixes nil: any protocol.
    package var source: IPPrefix?
    package var destination: IPPrefix?
    /// Of UDP; nil: any protocol. Only flows of probes have one.
    package var udpPort: UInt16?
    /// With the mark of probes, which no packet has that comes into the switch.
    package var isMarked: Bool?
    package var action: Action

    /// The index of flows of the node as a whole; those of VPNs begin at 1.
    package static let nodeIndex = 0
    package static let cookieMark: UInt64 = 0x0fed_0fed_0000_0000
    /// Of probes, on packets while they are in the switch.
    package static let probeMark: UInt32 = 0x0fed_0fed
    package static let cookieMask: UInt64 = 0xffff_ffff_0000_0000

    package init(
        index: Int, priority: UInt16, inPort: UInt32?, vlan: UInt16? = nil, sourceMAC: MACAddress? = nil,
        destinationMAC: MACAddress? = nil, source: IPPrefix? = nil, destination: IPPrefix? = nil, udpPort: UInt16? = nil,
        isMarked: Bool? = nil,
        action: Action
    ) {
        self.isMarked = isMarked
        self.udpPort = udpPort
        self.cookie = Self.cookieMark | UInt64(UInt32(truncatingIfNeeded: index))
        self.priority = priority
        self.inPort = inPort
        self.vlan = vlan
        self.sourceMAC = sourceMAC
        self.destinationMAC = destinationMAC
        self.source = source
        self.destination = destination
        self.action = action
    }

    /// It leads probes, and no packet of a tenant's.
    package var isOfProbes: Bool { udpPort != nil }

    /// The local index of its VPN.
    package var index: Int { Int(cookie & ~Self.cookieMask) }

    /// The flow's identity in Open vSwitch: adding a flow replaces one that is equal in this, whatever its cookie.
    package var matchOnly: Flow {
        var copy = self
        copy.action = .drop
        copy.cookie = 0
        return copy
    }

    /// Of stale flows, those to remove. The others are replaced by flows of these designs: removing them first would lose packets, and
    /// afterwards there is nothing to remove.
    static func gone(_ stale: Set<Flow>, beside designs: some Sequence<VPNDesign>, on bridge: String) -> Set<Flow> {
        guard !stale.isEmpty else { return stale }
        let replacing = Set(designs.flatMap { $0.flows[bridge] ?? [] }.map(\.matchOnly))
        return stale.filter { !replacing.contains($0.matchOnly) }
    }
}
