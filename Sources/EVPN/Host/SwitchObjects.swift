import NetworkTypes

/// A port of ours on a provider bridge.
///
/// Its access VLAN is 4095, which IEEE 802.1Q reserves, so that `NORMAL` neither floods to it nor takes from it. Open vSwitch would
/// carry that VLAN on a trunk all the same: a flow of ours drops what comes tagged so, and another what leaves the port by itself.
/// Nothing but our own flows crosses between the provider network and a tenant's VRF.
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
    /// Nil while ovs-vswitchd has not taken it up.
    package var ofport: UInt32?

    package init(bridge: String, tag: UInt16?, ofport: UInt32?) {
        self.bridge = bridge
        self.tag = tag
        self.ofport = ofport
    }
}

/// An OpenFlow entry of ours on a provider bridge (ovs-fields(7)). Port numbers, not names: names are not matched on.
package struct Flow: Hashable, Sendable, Codable {
    package enum Action: Hashable, Sendable, Codable {
        /// To the VRF: the router MAC as destination, the provider VLAN taken off.
        case deliver(mac: MACAddress, stripVLAN: Bool, port: UInt32)
        /// To OVN: the provider VLAN put on.
        case inject(vlan: UInt16?, port: UInt32)
        case drop
    }

    /// Carries the mark of this project in its upper half and the local index of what it belongs to in its lower.
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
    package var action: Action

    /// Stands for the node as a whole where else a VPN's local index stands: those begin at 1.
    package static let nodeIndex = 0
    package static let cookieMark: UInt64 = 0x0fed_0fed_0000_0000
    package static let cookieMask: UInt64 = 0xffff_ffff_0000_0000

    package init(
        index: Int, priority: UInt16, inPort: UInt32?, vlan: UInt16? = nil, sourceMAC: MACAddress? = nil,
        destinationMAC: MACAddress? = nil, source: IPPrefix? = nil, destination: IPPrefix? = nil, action: Action
    ) {
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

    /// The local index of the VPN that it belongs to.
    package var index: Int { Int(cookie & ~Self.cookieMask) }

    /// What Open vSwitch tells flows apart by: adding one replaces another that is equal in this, whatever its cookie.
    package var matchOnly: Flow {
        var copy = self
        copy.action = .drop
        copy.cookie = 0
        return copy
    }

    /// Of flows that are no longer wanted, those to be removed. The others will be replaced by flows of these designs; to remove them
    /// before that would lose packets, and after that there is nothing to remove.
    static func gone(_ stale: Set<Flow>, beside designs: some Sequence<VPNDesign>, on bridge: String) -> Set<Flow> {
        guard !stale.isEmpty else { return stale }
        let replacing = Set(designs.flatMap { $0.flows[bridge] ?? [] }.map(\.matchOnly))
        return stale.filter { !replacing.contains($0.matchOnly) }
    }
}
