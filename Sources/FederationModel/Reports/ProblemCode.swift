/// The closed list of problems that agents report. Verification has a cause for each.
package enum ProblemCode: String, Hashable, Sendable, CaseIterable {
    // The node.

    /// bgpd or zebra does not answer.
    case frrUnreachable = "frr-unreachable"
    /// bgpd already runs under another AS.
    case asConflict = "as-conflict"
    /// bgpd has no default instance, and the operator keeps BGP.
    case bgpInstanceMissing = "bgp-instance-missing"
    /// bgpd has a foreign neighbor with the peer's address.
    case peerTaken = "peer-taken"
    /// A foreign device has one of our names.
    case deviceNameTaken = "device-name-taken"
    /// What was tried failed; it is tried again.
    case stepFailed = "step-failed"
    /// The node forwards no IPv6.
    case ipv6ForwardingOff = "ipv6-forwarding-off"
    /// The passwords of BGP sessions cannot be read.
    case bgpPasswordsUnreadable = "bgp-passwords-unreadable"
    /// bfdd does not run, and the cloud asks for BFD.
    case bfdNotRunning = "bfd-not-running"
    /// The node's firewall drops what VRFs forward.
    case forwardingFiltered = "forwarding-filtered"
    /// Whether the node's firewall drops what VRFs forward cannot be found out.
    case firewallUnreadable = "firewall-unreadable"
    /// The node drops packets from sources that it has no route back to.
    case reversePathFilter = "reverse-path-filter"
    /// The cloud's VXLAN filter is not active.
    case vxlanFilterFailed = "vxlan-filter-failed"

    // What the cloud's databases lack, and the agent holds as it was.

    /// This node's chassis is not in the southbound database, or its ports are not bound again yet.
    case chassisNotRegistered = "chassis-not-registered"
    /// The southbound database lacks routers or bindings that are there.
    case southboundIncomplete = "southbound-incomplete"
    /// The northbound database lacks routers that are there.
    case northboundIncomplete = "northbound-incomplete"

    // What an attachment selects.

    /// The selector matches nothing in OVN.
    case attachmentNotFound = "attachment-not-found"
    /// The selector matches several routers, and one is meant.
    case attachmentAmbiguous = "attachment-ambiguous"
    /// Another object has the same name as the attachment. It changes nothing.
    case attachmentNamesake = "attachment-namesake"
    /// The object attached by name is gone, and the object with the name now is not known to be in the same project.
    case attachmentGone = "attachment-gone"
    /// The router is in another VPN already.
    case attachmentTaken = "attachment-taken"
    /// BGPVPNs of several projects bear the VNI that an attachment selects: none is taken.
    case bgpvpnVNIShared = "bgpvpn-vni-shared"
    /// The VPN is routed, and the BGPVPN is of layer 2, or the reverse: what is associated does not take part.
    case bgpvpnTypeDiffers = "bgpvpn-type-differs"
    /// What a row of OVN says of a BGPVPN makes no sense: it attaches nothing.
    case bgpvpnUnreadable = "bgpvpn-unreadable"
    /// The BGPVPN claims another VNI than the VPN has, which goes on with its own.
    case bgpvpnVNIDiffers = "bgpvpn-vni-differs"
    /// The BGPVPN claims other route targets or distinguishers than the VPN has, which goes on with its own.
    case bgpvpnTargetsIgnored = "bgpvpn-targets-ignored"
    /// The router is selected by a label that stands on its own row only, where Neutron removes it at the next change of the router.
    case labelNotKept = "label-not-kept"
    /// What is shared is behind a router of another VPN, which does not share it.
    case shareOfOther = "share-of-other"
    /// What another VPN shares is behind no router of this cloud.
    case shareSelectsNothing = "share-selects-nothing"
    /// Two attached routers have the same prefix.
    case prefixAmbiguous = "prefix-ambiguous"
    /// A router is in two VPNs that both have the destination, or something that overlaps it.
    case destinationAmbiguous = "destination-ambiguous"

    /// A destination is an address of the node, or a gateway's VTEP; or it lies in a network of the router itself.
    case destinationReserved = "destination-reserved"

    // The router and its way out.

    /// The router has no gateway port at all.
    case gatewayMissing = "gateway-missing"
    /// The gateway port has no address of a family that the tenant has.
    case gatewayLacksFamily = "gateway-lacks-family"
    /// OVN's router drops packets without a route before they could be steered.
    case routerLacksDefaultRoute = "router-lacks-default-route"
    /// Nobody answers for the next hop of the router's default route: OVN drops what it is to send there.
    case nextHopUnanswered = "next-hop-unanswered"
    /// A route or a policy of the router takes packets to federated destinations elsewhere.
    case routerDiverts = "router-diverts"
    /// A policy of the router has conditions that are not understood, and may take packets to federated destinations elsewhere.
    case routerPolicyUnread = "router-policy-unread"
    /// The gateway's node has no bridge for the router's provider network.
    case providerNetworkNotMapped = "provider-network-not-mapped"
    /// The bridge of the provider network is not in Open vSwitch.
    case providerBridgeMissing = "provider-bridge-missing"
    /// The bridge has no port towards the integration bridge.
    case patchPortMissing = "patch-port-missing"
    /// A port by which packets of the VPN go is set down, not to receive or not to forward.
    case portBlocked = "port-blocked"
    /// An OpenFlow entry of somebody else takes packets of the VPN before the agent's.
    case flowOverridden = "flow-overridden"
    /// One with conditions that are not understood may do so.
    case flowUnread = "flow-unread"
    /// The kernel's connection tracking, or Open vSwitch's, has no room.
    case conntrackFull = "conntrack-full"
    /// The gateway port is bound to the node, but its flows are not installed.
    case gatewayPortDown = "gateway-port-down"
    /// Something is missing on the node on the way from the VRF to a subnet: what is in it is not advertised.
    case notDeliverable = "not-deliverable"
    /// The machine's floating IP is translated on its own chassis: it does not take part.
    case distributedFloatingIP = "distributed-floating-ip"
    /// The machine's port is bound to a chassis, but down: it is not advertised.
    case portDown = "port-down"
    /// The router's NAT translates traffic to federated destinations.
    case natNotExempted = "nat-not-exempted"

    /// There are more problems than a report holds: what the others are is not known.
    case problemsCut = "problems-cut"

    // Routes.

    /// Somebody else's route or rule takes traffic of the VPN.
    case routeOverridden = "route-overridden"
    /// The underlay carries smaller packets than the VPN sends.
    case underlayMTU = "underlay-mtu"
    /// A maximum of the VPN or the cloud keeps prefixes back.
    case prefixLimit = "prefix-limit"
    /// A cloud announces prefixes that the federation file gives it no right to.
    case originNotAuthorized = "origin-not-authorized"
    /// Others announce more than the gateway takes.
    case learnedLimit = "learned-limit"
    /// The VPN's local preference is not set, because the operator manages the sessions.
    case localPreferenceNeedsSessions = "local-preference-needs-sessions"
}
