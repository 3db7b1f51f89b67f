import FederationModel
import NetworkTypes

/// How packets of VPNs get from OVN's routers of this node into the underlay and back: a driver.
///
/// The seam for others than today's one: OVN's own dynamic routing, MPLS, layer 2. What a driver owns is what it designs, what leads there,
/// and the step of a route that only it can judge: whether packets are steered. Selection, BGP's base, retries, drift and reports are not
/// its business.
package protocol DataPlane: Sendable {
    /// What the node needs, whatever is there now. Equal input gives an equal design.
    func design(_ input: Designer.Input, indexes: inout LocalIndexes) -> HostDesign

    /// What of the node as a whole is to be changed now.
    func plan(_ design: HostDesign, on host: ObservedHost) -> NodePlan

    /// What of a VPN that shall be there is to be changed now.
    /// - Parameters:
    ///   - others: the designs of the same VPN with other encapsulations.
    ///   - isBaseInForce: BGP without VRFs is as designed.
    func plan(_ design: VPNDesign, beside others: [VPNDesign], isBaseInForce: Bool, on host: ObservedHost) -> NodePlan

    /// What of VPNs that are no longer intended is to be removed now.
    /// - Parameter keep: the designs that stay.
    func teardown(keeping keep: [VPNDesign], on host: ObservedHost) -> NodePlan

    /// The destinations to which packets of all routers are led into the VPN: whether a route is steered to.
    /// - Parameters:
    ///   - destinations: that are to be led to. Those of a family that no router has a subnet of count as led to: nobody's packets go there.
    ///   - indexes: of the VPN, with each of its encapsulations.
    func steered(_ destinations: Set<IPPrefix>, of indexes: [Int], by routers: [HostedRouter], on host: ObservedHost) -> [IPPrefix]
}
