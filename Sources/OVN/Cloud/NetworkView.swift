import NetworkTypes
import OVSDB

/// A network of the cloud by its names: an OVN logical switch.
package struct NetworkIdentity: Hashable, Sendable, Codable {
    /// The OpenStack id, or the northbound name if it has no id.
    package let id: String
    /// The owner's name for it, not unique; the id if not set.
    package let name: String
    /// The southbound row.
    package let datapath: OVSDBUUID

    /// - Parameter name: that of the northbound row; nil if not known.
    package init(_ binding: DatapathBinding, named name: String? = nil) {
        id = binding.identifier
        self.name = name ?? binding.displayName ?? binding.identifier
        datapath = binding.uuid
    }
}

/// A network with its physical segments.
package struct NetworkView: Hashable, Sendable, Codable {
    package let identity: NetworkIdentity
    package let northboundUUID: OVSDBUUID
    /// The Keystone project of the network; nil if its ports show none or several.
    package let project: String?
    /// Of the northbound row; empty until the northbound replica holds it.
    package var labels: [String: String]
    /// What that row says of BGPVPNs; nil: nothing.
    package var bgpvpns: [BGPVPNMark]?
    /// One per physical network that a segment of it lies on; none for a pure overlay network. Sorted by port name.
    package let localnets: [LocalnetPort]
}

/// Where a network touches a physical one: ovn-controller joins `br-int` there to the bridge that `ovn-bridge-mappings` names.
package struct LocalnetPort: Hashable, Sendable, Codable, Comparable {
    /// `provnet-<segment id>`.
    package let logicalPort: String
    package let physicalNetwork: String
    /// VLAN, 1…4095; nil if untagged.
    package let tag: UInt16?

    /// The Open vSwitch port on the provider bridge (OVN controller/patch.c, patch_port_name).
    package func patchPort(integrationBridge: String = "br-int") -> String { "patch-\(logicalPort)-to-\(integrationBridge)" }

    package static func < (a: Self, b: Self) -> Bool { a.logicalPort < b.logicalPort }
}
