/// The closed catalogue of causes: every verdict that is not `ok` or `empty` has one of these.
package enum CauseCode: String, Hashable, Sendable, CaseIterable {
    /// The agent has never reported since the coordinator started.
    case agentNeverReported = "agent-never-reported"
    /// The agent's session has been gone for longer than a report is valid.
    case agentSilent = "agent-silent"
    /// The session is up, but nothing was reported for longer than a report is valid.
    case reportStale = "report-stale"
    /// The agent reports, but not on this VPN.
    case vpnNotReported = "vpn-not-reported"
    /// The agent refused the base or the VPN.
    case agentRejected = "agent-rejected"
    /// A different version from the intended one is in force.
    case notAcknowledged = "not-acknowledged"

    /// The agent cannot query bgpd or zebra.
    case frrUnreachable = "frr-unreachable"
    /// bgpd already runs with another AS.
    case asConflict = "as-conflict"
    /// bgpd has no default instance, and the operator manages BGP.
    case bgpInstanceMissing = "bgp-instance-missing"
    /// A foreign device has one of our names.
    case deviceNameTaken = "device-name-taken"
    /// A step of the agent failed; the agent retries.
    case stepFailed = "step-failed"
    /// bgpd does not have the VPN.
    case vpnNotConfigured = "vpn-not-configured"
    case wrongVNI = "wrong-vni"
    case wrongRD = "wrong-rd"
    /// The router MAC in force is not the allocated one.
    case wrongRouterMAC = "wrong-router-mac"
    case exportTargetMissing = "export-target-missing"
    /// The VRF exports to a route target of another VPN.
    case foreignExportTarget = "foreign-export-target"
    case importTargetMissing = "import-target-missing"
    /// The policy connects the pair, but the targets in force at origin and viewer do not match.
    case noRouteTargetInCommon = "no-route-target-in-common"
    /// The VRF imports a route target of another VPN.
    case foreignImportTarget = "foreign-import-target"
    case l3vniDown = "l3vni-down"

    /// The node's chassis is not in the southbound database: what was bound there is believed for a while.
    case chassisNotRegistered = "chassis-not-registered"
    /// The southbound database lacks what is there: what it had is believed for a while.
    case southboundIncomplete = "southbound-incomplete"
    /// The northbound database lacks what is there: what it had is believed for a while.
    case northboundIncomplete = "northbound-incomplete"
    /// The gateway has not heard the southbound database for too long: where routers and VMs are is not known.
    case southboundSilent = "southbound-silent"
    /// The selector matches nothing in OVN.
    case attachmentNotFound = "attachment-not-found"
    /// The selector matches several routers.
    case attachmentAmbiguous = "attachment-ambiguous"
    /// Another object has the same name as the attachment: never the cause of a verdict, because it changes nothing.
    case attachmentNamesake = "attachment-namesake"
    /// The object attached by name is gone, and the object with the name now is not known to be in the same project.
    case attachmentGone = "attachment-gone"
    /// The router is already in another VPN.
    case attachmentTaken = "attachment-taken"
    /// Nothing is associated with the BGPVPNs of either cloud yet.
    case bgpvpnNotAssociated = "bgpvpn-not-associated"
    /// The tenant of one of the two clouds has associated something with its BGPVPN, and that of the other has not.
    case bgpvpnHalf = "bgpvpn-half"
    /// The cloud has no such BGPVPN yet.
    case bgpvpnMissing = "bgpvpn-missing"
    /// BGPVPNs of several projects bear the VNI.
    case bgpvpnVNIShared = "bgpvpn-vni-shared"
    /// The BGPVPN is of layer 2, and the VPN is routed.
    case bgpvpnTypeDiffers = "bgpvpn-type-differs"
    /// A row says of a BGPVPN what makes no sense: never the cause of a verdict, because whose BGPVPN it is may not be known.
    case bgpvpnUnreadable = "bgpvpn-unreadable"
    /// The BGPVPN claims another VNI: never the cause of a verdict, because the federation's is used.
    case bgpvpnVNIDiffers = "bgpvpn-vni-differs"
    /// The BGPVPN claims other targets or distinguishers: never the cause of a verdict, because the federation's are used.
    case bgpvpnTargetsIgnored = "bgpvpn-targets-ignored"
    /// The label that selects the router may vanish: never the cause of a verdict, because it is still there.
    case labelNotKept = "label-not-kept"
    /// The router has no gateway port at all.
    case gatewayMissing = "gateway-missing"
    /// The gateway's node has no bridge for the router's provider network.
    case providerNetworkNotMapped = "provider-network-not-mapped"
    /// No node that runs an agent hosts the router's gateway port.
    case gatewayNotHosted = "gateway-not-hosted"
    /// The shared prefix is behind a router of another VPN, which does not share it.
    case shareOfOther = "share-of-other"
    /// No router of this cloud has the shared prefix.
    case shareSelectsNothing = "share-selects-nothing"
    /// Two attached routers have the same prefix.
    case prefixAmbiguous = "prefix-ambiguous"

    case notAdvertised = "not-advertised"
    /// The gateway port is bound to the node, but its flows are not installed.
    case gatewayPortDown = "gateway-port-down"
    /// Something is missing on the origin's node on the way from the VRF to the subnet, so nothing in it is advertised.
    case notDeliverable = "not-deliverable"
    /// The machine's port is bound to a chassis, but down, so it is not advertised.
    case portDown = "port-down"
    /// The machine's floating IP is translated on its own chassis, so it does not take part: never the cause of a verdict.
    case distributedFloatingIP = "distributed-floating-ip"
    /// A maximum of the VPN or the cloud prevents it.
    case prefixLimit = "prefix-limit"

    /// No EVPN session that could carry the route is established.
    case sessionDown = "session-down"
    /// bgpd has a foreign neighbor with the peer's address.
    case peerTaken = "peer-taken"
    /// The passwords of BGP sessions cannot be read, so that the agent leaves the sessions as they are.
    case bgpPasswordsUnreadable = "bgp-passwords-unreadable"
    /// bfdd does not run: never the cause of a verdict, because sessions do without.
    case bfdNotRunning = "bfd-not-running"
    case notReceived = "not-received"

    /// The viewer's own AS number is in the path.
    case asLoop = "as-loop"
    /// The route carries the viewer's own router MAC, and FRR drops it.
    case ownRouterMAC = "own-router-mac"
    /// The route carries a third gateway's router MAC: packets could go to either.
    case duplicateRouterMAC = "duplicate-router-mac"
    /// bgpd considers the route unusable: usually its next hop is unreachable.
    case notValid = "not-valid"
    case notBest = "not-best"
    /// The VPN's local preference is not set, because the operator manages the sessions.
    case localPreferenceNeedsSessions = "local-preference-needs-sessions"

    /// The route arrived without a route target that the VRF imports.
    case routeTargetStripped = "route-target-stripped"
    case notImported = "not-imported"
    /// A route in the VRF comes from no gateway that may export to the VPN, or its origin does not announce it.
    case intruder
    /// A route of another VPN is in this VPN's VRF: a leak between tenants.
    case foreignRouteImported = "foreign-route-imported"
    /// A route of the VPN is in the VRF of a cloud that its policy excludes.
    case unjoinedRouteImported = "unjoined-route-imported"

    /// Another cloud, or the viewer itself, claims the same address.
    case prefixClaimedTwice = "prefix-claimed-twice"
    case notInstalled = "not-installed"
    /// Others announce more than the gateway takes, so that it is kept out.
    case learnedLimit = "learned-limit"
    /// The origin announces what the federation file gives it no right to, so that it is kept out.
    case originNotAuthorized = "origin-not-authorized"
    /// The kernel forwards a prefix that the VPN's import filter denies.
    case deniedPrefixInstalled = "denied-prefix-installed"
    /// The kernel forwards the prefix to a gateway that is not the origin's.
    case wrongNextHop = "wrong-next-hop"
    case tunnelEntryMissing = "tunnel-entry-missing"
    /// The node does not forward IPv6.
    case ipv6ForwardingOff = "ipv6-forwarding-off"
    /// The node accepts VXLAN from any source, though its cloud asks for a filter.
    case vxlanFilterFailed = "vxlan-filter-failed"
    /// A route or a rule of others takes traffic of the VPN on the node.
    case routeOverridden = "route-overridden"
    /// The underlay carries smaller packets than the VPN sends: large ones are lost.
    case underlayMTU = "underlay-mtu"
    /// The node's firewall drops what VRFs forward.
    case forwardingFiltered = "forwarding-filtered"
    /// Whether the node's firewall drops what VRFs forward is not known.
    case firewallUnreadable = "firewall-unreadable"
    /// The node drops packets from sources that it has no route back to: never the cause of a verdict, because pairs have routes both ways.
    case reversePathFilter = "reverse-path-filter"

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
    /// The kernel's connection tracking, or Open vSwitch's, has no room: new connections do not pass.
    case conntrackFull = "conntrack-full"
    /// The gateway port has no address of one of the tenant's families.
    case gatewayLacksFamily = "gateway-lacks-family"
    /// OVN's router drops packets without a route before they could be steered.
    case routerLacksDefaultRoute = "router-lacks-default-route"
    /// Nobody answers for the next hop of the router's default route in the provider network.
    case nextHopUnanswered = "next-hop-unanswered"
    /// A route or a policy of OVN's router takes the packets elsewhere.
    case routerDiverts = "router-diverts"
    /// A policy of OVN's router may take the packets elsewhere: its match is not understood.
    case routerPolicyUnread = "router-policy-unread"

    /// The gateway cannot read its kernel.
    case kernelSilent = "kernel-silent"
    /// The gateway has not heard the northbound database for too long: whether NAT leaves the traffic alone is not known.
    case northboundSilent = "northbound-silent"
    /// The gateway has not heard its Open_vSwitch database for too long.
    case openVSwitchSilent = "open-vswitch-silent"
    /// ovs-vswitchd does not answer: which flows it has is not known.
    case vswitchdSilent = "ovs-vswitchd-silent"

    case notSteered = "not-steered"
    case natNotExempted = "nat-not-exempted"
    /// A router is in two VPNs with overlapping destinations.
    case destinationAmbiguous = "destination-ambiguous"
    /// The destination is an address of the node, or a gateway's VTEP; or it lies in a network of the router itself.
    case destinationReserved = "destination-reserved"

    /// What the viewer's gateway sends to the origin's does not arrive.
    case probeLostOut = "probe-lost-out"
    /// Nothing passes in either direction, or which one it is is not known yet.
    case probeLost = "probe-lost"
    /// What the origin's gateway sends back does not arrive.
    case probeLostBack = "probe-lost-back"
    /// Small packets pass, and those of the VPN's MTU do not.
    case probeTooBig = "probe-too-big"
    case probeTooBigBack = "probe-too-big-back"
    /// Probes get to a gateway, and do not pass between its VRF and OVN's router.
    case routerUnanswered = "router-unanswered"
    /// Some packets are lost again and again.
    case probeLossy = "probe-lossy"
    /// Probes are not answered, and the agent that would answer them may be gone.
    case probeUnanswered = "probe-unanswered"

    /// The agent reports a problem that this version does not know. It may be anything, so the pair is unknown.
    case agentProblem = "agent-problem"
    /// The agent has more problems than a report holds. The others may be anything, so what they may concern is unknown.
    case problemsCut = "problems-cut"

    /// The step that this cause breaks.
    package var step: RouteStep {
        switch self {
        case .agentNeverReported, .agentSilent, .reportStale, .vpnNotReported, .agentRejected, .notAcknowledged: .acknowledged
        case .frrUnreachable, .asConflict, .bgpInstanceMissing, .deviceNameTaken, .stepFailed, .vpnNotConfigured, .wrongVNI, .wrongRD,
            .wrongRouterMAC, .exportTargetMissing, .foreignExportTarget, .importTargetMissing, .foreignImportTarget, .noRouteTargetInCommon,
            .l3vniDown:
            .effective
        case .southboundSilent, .chassisNotRegistered, .southboundIncomplete, .northboundIncomplete, .attachmentNotFound,
            .attachmentAmbiguous,
            .attachmentNamesake, .attachmentGone, .attachmentTaken, .bgpvpnNotAssociated, .bgpvpnHalf, .bgpvpnMissing, .bgpvpnVNIShared,
            .bgpvpnTypeDiffers, .bgpvpnUnreadable, .bgpvpnVNIDiffers, .bgpvpnTargetsIgnored, .labelNotKept, .gatewayMissing,
            .providerNetworkNotMapped,
            .gatewayNotHosted, .shareOfOther, .shareSelectsNothing, .prefixAmbiguous:
            .attached
        case .notAdvertised, .prefixLimit, .gatewayPortDown, .notDeliverable, .portDown, .distributedFloatingIP: .advertised
        case .sessionDown, .peerTaken, .bgpPasswordsUnreadable, .bfdNotRunning, .notReceived: .received
        case .asLoop, .ownRouterMAC, .duplicateRouterMAC, .notValid, .notBest, .localPreferenceNeedsSessions: .accepted
        case .routeTargetStripped, .notImported, .intruder, .foreignRouteImported, .unjoinedRouteImported: .imported
        case .prefixClaimedTwice, .notInstalled, .learnedLimit, .originNotAuthorized, .deniedPrefixInstalled, .wrongNextHop,
            .tunnelEntryMissing, .ipv6ForwardingOff, .vxlanFilterFailed, .routeOverridden, .underlayMTU, .forwardingFiltered,
            .firewallUnreadable,
            .reversePathFilter, .kernelSilent:
            .installed
        case .providerBridgeMissing, .patchPortMissing, .portBlocked, .flowOverridden, .flowUnread, .conntrackFull, .gatewayLacksFamily,
            .routerLacksDefaultRoute, .nextHopUnanswered, .routerDiverts,
            .routerPolicyUnread, .notSteered,
            .natNotExempted,
            .northboundSilent, .openVSwitchSilent, .vswitchdSilent, .destinationAmbiguous, .destinationReserved, .agentProblem,
            .problemsCut:
            .steered
        case .probeLostOut, .probeLost, .probeTooBig, .probeUnanswered, .routerUnanswered: .probed
        case .probeLostBack, .probeTooBigBack, .probeLossy: .returned
        }
    }

    /// Found by packets where the routes are good.
    package var isSeenByProbes: Bool { step == .probed || step == .returned }

    /// Routes of one VPN get into another.
    package var isLeak: Bool { self == .foreignRouteImported || self == .foreignImportTarget || self == .foreignExportTarget }

    /// `unknown` if the cause is missing knowledge, `degraded` if packets pass all the same, `waiting` if somebody has not done his part yet;
    /// `failed` for all others.
    package var state: VerdictState {
        switch self {
        case .agentNeverReported, .agentSilent, .reportStale, .vpnNotReported, .agentProblem, .problemsCut, .chassisNotRegistered,
            .southboundIncomplete,
            .northboundIncomplete, .southboundSilent, .northboundSilent, .openVSwitchSilent, .vswitchdSilent, .kernelSilent,
            .firewallUnreadable, .flowUnread, .probeUnanswered:
            .unknown
        case .probeLossy: .degraded
        case .bgpvpnNotAssociated, .bgpvpnHalf, .bgpvpnMissing: .waiting
        default: .failed
        }
    }
}

extension Cause {
    /// A cause of the catalogue; the code determines its step.
    init(_ code: CauseCode, _ sentence: String, evidence: [String], remedy: String) {
        self.init(step: code.step, code: code.rawValue, sentence: sentence, evidence: evidence, remedy: remedy)
    }

    /// Nil for a code that this version does not know.
    package var catalogued: CauseCode? { CauseCode(rawValue: code) }

    /// `unknown`, `degraded`, `waiting` or `failed`.
    var state: VerdictState { catalogued?.state ?? .failed }
}
