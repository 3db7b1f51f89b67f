import FederationModel
import NetworkTypes

/// Looks for import paths between VPNs, and between VPNs and VRFs that are not the federation’s.
///
/// Three sources are compared by one index of route targets: the intents, what bgpd has in force on each gateway, and the routes in the VRFs.
/// Within a VPN every path is the policy’s, except between clouds that are in it only because different VPNs share into it.
///
/// - Parameters:
///   - intents: The compiled graph, one intent per gateway.
///   - vpns: The graph’s VPNs: who shares into which, and which raw targets connect other fabrics.
///   - observations: The latest report of each gateway.
///   - selection: VPNs that are asked for; nil: all. Everything is looked at in any case, but only their witnesses are collected: those of
///     others must not take their places.
///   - now: Milliseconds since 1970 by the clock of the observations.
package func proveIsolation(
    intents: [GatewayID: GatewayIntent], vpns: [VPNName: VPN], observations: [GatewayID: GatewayObservation],
    of selection: Set<VPNName>? = nil, now: Int64
) -> IsolationProof {
    var search = IsolationSearch(intents: intents, vpns: vpns, observations: observations, of: selection, now: now)
    search.lookAtIntents()
    search.lookAtReports()
    search.compareStrayTargets()
    search.lookAtSharers()
    return search.proof()
}
