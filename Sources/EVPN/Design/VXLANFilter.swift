import FederationModel
import NetworkTypes

/// The sources that a node accepts VXLAN from: for each VNI, the VTEPs of the VPN's members. Everything else to its VTEP is dropped.
package struct VXLANFilter: Hashable, Sendable, Codable {
    /// The node's own.
    package var vtep: IPv4Address
    /// By VNI; sorted, without the node's own; empty where there is no other member.
    package var sources: [VNI: [IPv4Address]]

    package init(vtep: IPv4Address, sources: [VNI: [IPv4Address]]) {
        self.vtep = vtep
        self.sources = sources
    }

    /// Nil where the cloud does not filter VXLAN.
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
