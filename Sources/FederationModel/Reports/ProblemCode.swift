/// The closed list of what agents complain of. Who finds a problem names one of these; the judge has an answer to each.
package enum ProblemCode: String, Hashable, Sendable, CaseIterable {
    // The node.

    /// bgpd or zebra does not answer.
    case frrUnreachable = "frr-unreachable"
    /// bgpd already runs under another AS.
    case asConflict = "as-conflict"
    /// bgpd has no default instance, and the operator keeps BGP.
    case bgpInstanceMissing = "bgp-instance-missing"
    /// bgpd has a neighbor with the peer's address that is not ours.
    case peerTaken = "peer-taken"
    /// A device of somebody else has one of our names.
    case deviceNameTaken = "device-name-taken"
    /// What was tried failed; it is tried again.
    case stepFailed = "step-failed"
    /// The node forwards no IPv6.
    case ipv6ForwardingOff = "ipv6-forwarding-off"
    /// The cloud asks for a filter on VXLAN, and it is not in force.
    case vxlanFilterFailed = "vxlan-filter-failed"

    // What an attachment selects.

    /// The selector matches nothing in OVN.
    case attachmentNotFound = "attachment-not-found"
    /// The selector matches several routers, and one is meant.
    case attachmentAmbiguous = "attachment-ambiguous"
    /// Something else has the name of what is attached, too. It changes nothing.
    case attachmentNamesake = "attachment-namesake"
    /// What was attached by its name is gone, and what has the name now is not known to be of the same project.
    case attachmentGone = "attachment-gone"
    /// The router is in another VPN already.
    case attachmentTaken = "attachment-taken"
    /// What is shared is behind a router of another VPN, which does not share it.
    case shareOfOther = "share-of-other"
    /// What another VPN shares is behind no router of this cloud.
    case shareSelectsNothing = "share-selects-nothing"
    /// Two attached routers have the same prefix.
    case prefixAmbiguous = "prefix-ambiguous"
    /// A router is in two VPNs that both have the destination, or something that overlaps it.
    case destinationAmbiguous = "destination-ambiguous"

    // The router and its way out.

    /// The router has no gateway port at all.
    case gatewayMissing = "gateway-missing"
    /// The gateway port has no address of a family that the tenant has.
    case gatewayLacksFamily = "gateway-lacks-family"
    /// OVN's router drops what has no route, before it could be steered.
    case routerLacksDefaultRoute = "router-lacks-default-route"
    /// The gateway's node has no bridge for the router's provider network.
    case providerNetworkNotMapped = "provider-network-not-mapped"
    /// The bridge of the provider network is not in Open vSwitch.
    case providerBridgeMissing = "provider-bridge-missing"
    /// The bridge has no port towards the integration bridge.
    case patchPortMissing = "patch-port-missing"
    /// The router's NAT translates what goes to federated destinations.
    case natNotExempted = "nat-not-exempted"

    // Routes.

    /// A maximum of the VPN or the cloud keeps prefixes back.
    case prefixLimit = "prefix-limit"
    /// The VPN's local preference is not set, because the sessions are the operator's.
    case localPreferenceNeedsSessions = "local-preference-needs-sessions"
}
