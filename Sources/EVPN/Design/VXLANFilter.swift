import FederationModel
import NetworkTypes

/// From whom a node takes VXLAN: for each VNI of its VPNs the VTEPs of who takes part. What else comes to its VTEP is dropped.
package struct VXLANFilter: Hashable, Sendable {
    /// The node's own.
    package var vtep: IPv4Address
    /// By VNI; sorted, without the node's own, empty where nobody else takes part.
    package var sources: [VNI: [IPv4Address]]

    package init(vtep: IPv4Address, sources: [VNI: [IPv4Address]]) {
        self.vtep = vtep
        self.sources = sources
    }

    /// Nil where the cloud does not ask for it.
    package init?(_ intent: GatewayIntent) {
        guard intent.base.filtersVXLAN else { return nil }
        self.init(vtep: intent.base.vtep, sources: [:])
        for vpn in intent.vpns.values {
            for binding in vpn.bindings {
                sources[binding.encapsulation.vni] = vpn.tunnelSources.filter { $0 != intent.base.vtep }.sorted()
            }
        }
    }
}
