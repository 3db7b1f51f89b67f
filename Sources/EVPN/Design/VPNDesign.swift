import FRR
import FederationModel
import NetworkTypes

/// Everything that one VPN with one VNI needs on this node, independent of what is there now.
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
    /// What routers offer of `routing.networks`; the rest is originated for others.
    package var offers: [Offer]
    /// Of `routing.networks`, what the intent itself originates.
    package var originated: Set<IPPrefix>
    /// Destinations that the routers' NAT must exempt: those steered to, in any VNI, by OpenStack id of the router.
    package var exemptions: [String: Set<IPPrefix>]
    /// Why parts of it are left out.
    package var problems: [Problem]
    /// Through which others probe; nil: through none.
    package var probedRouter: ProbedRouter?

    package var vpn: VPNName { instance.vpn }
    package var vni: VNI { instance.vni }
    package var names: LocalNames { LocalNames(index: index) }
}

/// What the whole node needs.
package struct HostDesign: Hashable, Sendable, Codable {
    /// Nil where the operator manages BGP.
    package var base: EVPNBaseStanza?
    /// Flows of the node as a whole, by bridge.
    package var guards: [String: Set<Flow>]
    package var vpns: [VPNInstance: VPNDesign]
    /// Destinations reachable only through `VPNIntent.secondary` so far: traffic to them is sent in it.
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
