import OVN

/// What this node is in its cloud, from the local Open_vSwitch database.
package struct LocalNode: Hashable, Sendable, Codable {
    /// The chassis name that ovn-controller registers: `system-id`.
    package var chassis: String
    /// Physical network → provider bridge: `ovn-bridge-mappings`.
    package var bridgeMappings: [String: String]
    package var integrationBridge: String

    package init(chassis: String, bridgeMappings: [String: String], integrationBridge: String = "br-int") {
        self.chassis = chassis
        self.bridgeMappings = bridgeMappings
        self.integrationBridge = integrationBridge
    }
}

extension LocalNode {
    /// Nil until the node is a chassis of OVN.
    init?(_ view: LocalSwitchView) {
        guard let chassis = view.chassis else { return nil }
        self.init(
            chassis: chassis.systemID, bridgeMappings: chassis.bridgeMappings, integrationBridge: chassis.integrationBridge)
    }
}
