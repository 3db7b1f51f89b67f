/// The closed catalogue of findings about a plan.
package enum FindingCode: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    // No plan is possible.

    /// The file and the coordinator are of different federations.
    case wrongFederation = "wrong-federation"
    /// A pool is exhausted.
    case poolExhausted = "pool-exhausted"
    /// Another object has the requested value.
    case valueTaken = "value-taken"
    /// The value was released by another object and is in quarantine.
    case valueQuarantined = "value-quarantined"
    /// The value is reserved for something outside of the federation.
    case valueReserved = "value-reserved"
    /// The graph cannot be compiled.
    case notCompilable = "not-compilable"

    // Tenants.

    /// A VPN would import routes of another VPN.
    case leak
    /// Clouds that reach each other in a VPN have overlapping prefixes.
    case overlappingPrefixes = "overlapping-prefixes"
    /// A router is in two VPNs with overlapping destinations.
    case routerSharesAddresses = "router-shares-addresses"
    /// A router is attached to two or more VPNs; its agent attaches it only to the first by name.
    case routerInTwoVPNs = "router-in-two-vpns"
    /// VPNs that share into the same VPN would reach each other through it.
    case sharersMeet = "sharers-meet"
    /// A spoke serves shared prefixes, so all other spokes reach it.
    case spokeServes = "spoke-serves"
    /// A VPN shares an attachment that another VPN also has.
    case shareOfOther = "share-of-other"

    // Numbers.

    case vniUsedTwice = "vni-used-twice"
    case asUsedTwice = "as-used-twice"
    case rdUsedTwice = "rd-used-twice"
    case routerMACUsedTwice = "router-mac-used-twice"
    case vtepUsedTwice = "vtep-used-twice"
    case probeAddressUsedTwice = "probe-address-used-twice"
    /// A cloud has the AS of a route server, and drops its routes as loops.
    case asLoop = "as-loop"
    /// A route server is a gateway of a cloud with another AS.
    case routeServerASMismatch = "route-server-as-mismatch"
    /// FRR's automatic route targets of two clouds would be equal.
    case asEqualModulo65536 = "as-equal-modulo-65536"
    /// A target has 16 bits for its number, but the VNI needs more.
    case vniExceedsTarget = "vni-exceeds-target"
    /// A cloud's AS changes, but bgpd on one of its gateways runs the old one.
    case bgpdRunsOtherAS = "bgpd-runs-other-as"
    /// A cloud's AS changes, and its sessions reset.
    case asChange = "as-change"
    case poolLow = "pool-low"
    /// The VNI of a VPN changes while it carries traffic.
    case vniChange = "vni-change"

    // Facts from agents.

    case attachmentNotFound = "attachment-not-found"
    case attachmentAmbiguous = "attachment-ambiguous"
    /// There are more prefixes to advertise than the maximum.
    case maximumPrefixesExceeded = "maximum-prefixes-exceeded"
    /// A shared prefix is behind none of the VPN's attachments.
    case sharedPrefixNotAttached = "shared-prefix-not-attached"
    /// A hub's transit prefix hides a part of its own subnets.
    case transitHidesSubnet = "transit-hides-subnet"

    // Shape.

    /// The change removes much at once.
    case massWithdrawal = "mass-withdrawal"
    /// Tenants must use an MTU below Ethernet's.
    case tenantMTU = "tenant-mtu"
    /// A VPN asks for larger packets than the underlay of a gateway carries.
    case mtuExceedsUnderlay = "mtu-exceeds-underlay"
    /// A VPN carries smaller packets than before.
    case mtuShrinks = "mtu-shrinks"
    /// A VPN has only one cloud.
    case oneCloudVPN = "one-cloud-vpn"
    /// A cloud in a VPN reaches no other cloud in it.
    case cloudReachesNobody = "cloud-reaches-nobody"
    /// One end of a partial mesh's edge matches no cloud of the VPN.
    case edgePicksNobody = "edge-picks-nobody"

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
