import FRR
import FederationModel
import NetworkTypes

/// All that one VPN with one VNI needs on this node, whatever is there now.
package struct VPNDesign: Hashable, Sendable, Codable {
    package var instance: VPNInstance
    package var index: Int
    /// In the order of creation: a master before its ports.
    package var links: [Link]
    package var addresses: Set<InterfaceHost>
    package var routes: Set<VRFRoute>
    package var neighbours: Set<StaticNeighbour>
    package var ports: Set<SwitchPort>
    /// By bridge.
    package var flows: [String: Set<Flow>]
    package var routing: VRFStanza
    /// What the routers' NAT shall leave alone: the destinations that are steered to, in whichever VNI, by the OpenStack id of the router.
    package var exemptions: [String: Set<IPPrefix>]
    /// Why parts of it are left out.
    package var problems: [Problem]

    package var vpn: VPNName { instance.vpn }
    package var vni: VNI { instance.vni }
    package var names: LocalNames { LocalNames(index: index) }
}

/// What the whole node needs.
package struct HostDesign: Hashable, Sendable, Codable {
    /// Nil where the operator keeps BGP.
    package var base: EVPNBaseStanza?
    /// Flows of the node as a whole, by bridge.
    package var guards: [String: Set<Flow>]
    package var vpns: [VPNInstance: VPNDesign]
    /// Destinations to which traffic is sent in `VPNIntent.secondary`, because only that leads there yet.
    package var sentInSecondary: [VPNName: Set<IPPrefix>]

    package init(
        base: EVPNBaseStanza?, guards: [String: Set<Flow>] = [:], vpns: [VPNInstance: VPNDesign],
        sentInSecondary: [VPNName: Set<IPPrefix>] = [:]
    ) {
        self.base = base
        self.guards = guards
        self.vpns = vpns
        self.sentInSecondary = sentInSecondary
    }
}
