/// The closed catalogue of causes: every verdict that is not `ok` or `empty` names one of these.
package enum CauseCode: String, Hashable, Sendable, CaseIterable {
    /// The agent was never heard since the coordinator started.
    case agentNeverReported = "agent-never-reported"
    /// The agent's session is gone for longer than a report counts.
    case agentSilent = "agent-silent"
    /// The session stands, yet nothing was heard for longer than a report counts.
    case reportStale = "report-stale"
    /// The agent reports, but not of this VPN.
    case vpnNotReported = "vpn-not-reported"
    /// The agent refused the base or the VPN.
    case agentRejected = "agent-rejected"
    /// Another version than the intended one is in force.
    case notAcknowledged = "not-acknowledged"

    /// The agent cannot ask bgpd or zebra.
    case frrUnreachable = "frr-unreachable"
    /// bgpd already runs under another AS.
    case asConflict = "as-conflict"
    /// bgpd has no default instance, and the operator keeps BGP.
    case bgpInstanceMissing = "bgp-instance-missing"
    /// A device of somebody else has one of our names.
    case deviceNameTaken = "device-name-taken"
    /// The agent tried to make it so and failed; it tries again.
    case stepFailed = "step-failed"
    /// bgpd does not have the VPN.
    case vpnNotConfigured = "vpn-not-configured"
    case wrongVNI = "wrong-vni"
    case wrongRD = "wrong-rd"
    /// Another router MAC is in force than the allocated one.
    case wrongRouterMAC = "wrong-router-mac"
    case exportTargetMissing = "export-target-missing"
    /// The VRF exports to a route target of another VPN.
    case foreignExportTarget = "foreign-export-target"
    case importTargetMissing = "import-target-missing"
    /// The policy joins the pair, but nothing that the origin has in force is imported by what the viewer has.
    case noRouteTargetInCommon = "no-route-target-in-common"
    /// The VRF imports a route target of another VPN.
    case foreignImportTarget = "foreign-import-target"
    case l3vniDown = "l3vni-down"

    /// The selector matches nothing in OVN.
    case attachmentNotFound = "attachment-not-found"
    /// The selector matches several routers.
    case attachmentAmbiguous = "attachment-ambiguous"
    /// Something else has the name of what is attached, too: no verdict's cause, for it changes nothing.
    case attachmentNamesake = "attachment-namesake"
    /// What was attached by its name is gone, and what has the name now is not known to be of the same project.
    case attachmentGone = "attachment-gone"
    /// The router is in another VPN already.
    case attachmentTaken = "attachment-taken"
    /// The router has no gateway port at all.
    case gatewayMissing = "gateway-missing"
    /// The gateway's node has no bridge for the router's provider network.
    case providerNetworkNotMapped = "provider-network-not-mapped"
    /// No node that runs an agent hosts the router's gateway port.
    case gatewayNotHosted = "gateway-not-hosted"
    /// What is shared is behind a router of another VPN, which does not share it.
    case shareOfOther = "share-of-other"
    /// What another VPN shares is behind no router of this cloud.
    case shareSelectsNothing = "share-selects-nothing"
    /// Two attached routers have the same prefix.
    case prefixAmbiguous = "prefix-ambiguous"

    case notAdvertised = "not-advertised"
    /// A maximum of the VPN or the cloud keeps it back.
    case prefixLimit = "prefix-limit"

    /// No EVPN session that could carry the route is established.
    case sessionDown = "session-down"
    /// bgpd has a neighbor with the peer's address that is not ours.
    case peerTaken = "peer-taken"
    case notReceived = "not-received"

    /// The viewer's own AS number is in the path.
    case asLoop = "as-loop"
    /// The route carries the viewer's own router MAC, and FRR drops it.
    case ownRouterMAC = "own-router-mac"
    /// The route carries a third gateway's router MAC, and packets would go to either.
    case duplicateRouterMAC = "duplicate-router-mac"
    /// bgpd holds the route for unusable: mostly, its next hop cannot be reached.
    case notValid = "not-valid"
    case notBest = "not-best"
    /// The VPN's local preference is not set, because the sessions are the operator's.
    case localPreferenceNeedsSessions = "local-preference-needs-sessions"

    /// The route arrived without a route target that the VRF imports.
    case routeTargetStripped = "route-target-stripped"
    case notImported = "not-imported"
    /// A route in the VRF is of nobody who may export to the VPN, or its origin does not announce it.
    case intruder
    /// A route of another VPN is in this VPN's VRF: tenants leak into each other.
    case foreignRouteImported = "foreign-route-imported"
    /// A route of the VPN is in the VRF of a cloud that its policy does not let it into.
    case unjoinedRouteImported = "unjoined-route-imported"

    /// Another cloud, or the viewer itself, claims the same address.
    case prefixClaimedTwice = "prefix-claimed-twice"
    case notInstalled = "not-installed"
    /// The kernel forwards a prefix that the VPN's import filter denies.
    case deniedPrefixInstalled = "denied-prefix-installed"
    /// The kernel forwards the prefix to another gateway than an origin's.
    case wrongNextHop = "wrong-next-hop"
    case tunnelEntryMissing = "tunnel-entry-missing"
    /// The node forwards no IPv6.
    case ipv6ForwardingOff = "ipv6-forwarding-off"
    /// The node takes VXLAN from everybody, though its cloud asks for a filter.
    case vxlanFilterFailed = "vxlan-filter-failed"

    /// The bridge of the provider network is not in Open vSwitch.
    case providerBridgeMissing = "provider-bridge-missing"
    /// The bridge has no port towards the integration bridge.
    case patchPortMissing = "patch-port-missing"
    /// The gateway port has no address of a family that the tenant has.
    case gatewayLacksFamily = "gateway-lacks-family"
    /// OVN's router drops what has no route, before it could be steered.
    case routerLacksDefaultRoute = "router-lacks-default-route"

    case notSteered = "not-steered"
    case natNotExempted = "nat-not-exempted"
    /// A router is in two VPNs that both have the destination, or something that overlaps it.
    case destinationAmbiguous = "destination-ambiguous"

    /// The agent complains of something that this version does not know. It may be anything, so that nothing is known.
    case agentProblem = "agent-problem"

    /// The step of a route's way that this cause breaks.
    package var step: RouteStep {
        switch self {
        case .agentNeverReported, .agentSilent, .reportStale, .vpnNotReported, .agentRejected, .notAcknowledged: .acknowledged
        case .frrUnreachable, .asConflict, .bgpInstanceMissing, .deviceNameTaken, .stepFailed, .vpnNotConfigured, .wrongVNI, .wrongRD,
            .wrongRouterMAC, .exportTargetMissing, .foreignExportTarget, .importTargetMissing, .foreignImportTarget, .noRouteTargetInCommon,
            .l3vniDown:
            .effective
        case .attachmentNotFound, .attachmentAmbiguous, .attachmentNamesake, .attachmentGone, .attachmentTaken, .gatewayMissing,
            .providerNetworkNotMapped,
            .gatewayNotHosted, .shareOfOther, .shareSelectsNothing, .prefixAmbiguous:
            .attached
        case .notAdvertised, .prefixLimit: .advertised
        case .sessionDown, .peerTaken, .notReceived: .received
        case .asLoop, .ownRouterMAC, .duplicateRouterMAC, .notValid, .notBest, .localPreferenceNeedsSessions: .accepted
        case .routeTargetStripped, .notImported, .intruder, .foreignRouteImported, .unjoinedRouteImported: .imported
        case .prefixClaimedTwice, .notInstalled, .deniedPrefixInstalled, .wrongNextHop, .tunnelEntryMissing, .ipv6ForwardingOff,
            .vxlanFilterFailed:
            .installed
        case .providerBridgeMissing, .patchPortMissing, .gatewayLacksFamily, .routerLacksDefaultRoute, .notSteered, .natNotExempted,
            .destinationAmbiguous, .agentProblem:
            .steered
        }
    }

    /// `unknown` where the cause is that nothing is known; `failed` for all others.
    package var state: VerdictState {
        switch self {
        case .agentNeverReported, .agentSilent, .reportStale, .vpnNotReported, .agentProblem: .unknown
        default: .failed
        }
    }
}

extension Cause {
    /// A cause of the catalogue; its step follows from its code.
    init(_ code: CauseCode, _ sentence: String, evidence: [String], remedy: String) {
        self.init(step: code.step, code: code.rawValue, sentence: sentence, evidence: evidence, remedy: remedy)
    }

    /// Nil for a code that the catalogue of this version does not have.
    package var catalogued: CauseCode? { CauseCode(rawValue: code) }
}
