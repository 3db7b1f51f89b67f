/// The closed catalogue of what is looked at before a plan is applied.
package enum FindingCode: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    // No plan can be made.

    /// The file is of another federation than the coordinator.
    case wrongFederation = "wrong-federation"
    /// A pool has nothing left.
    case poolExhausted = "pool-exhausted"
    /// Something else has the value that the file asks for.
    case valueTaken = "value-taken"
    /// The value was something else's and is kept free for a while.
    case valueQuarantined = "value-quarantined"
    /// Something outside of the federation has the value.
    case valueReserved = "value-reserved"
    /// The graph asks for what cannot be compiled.
    case notCompilable = "not-compilable"

    // Tenants.

    /// A VPN would import another one's routes.
    case leak
    /// Clouds that reach each other in a VPN have overlapping prefixes.
    case overlappingPrefixes = "overlapping-prefixes"
    /// A router is in two VPNs, and what is behind them has the same addresses.
    case routerSharesAddresses = "router-shares-addresses"
    /// A router is attached to two VPNs or more; its agent lets it into the first by name.
    case routerInTwoVPNs = "router-in-two-vpns"
    /// VPNs that share into the same one would reach each other through it.
    case sharersMeet = "sharers-meet"
    /// A spoke serves what another VPN shares, and all spokes reach it.
    case spokeServes = "spoke-serves"
    /// A VPN shares an attachment that another one has too.
    case shareOfOther = "share-of-other"

    // Numbers.

    case vniUsedTwice = "vni-used-twice"
    case asUsedTwice = "as-used-twice"
    case rdUsedTwice = "rd-used-twice"
    case routerMACUsedTwice = "router-mac-used-twice"
    case vtepUsedTwice = "vtep-used-twice"
    case probeAddressUsedTwice = "probe-address-used-twice"
    /// A cloud's AS is a route server's, and is in the path of what it gets from there.
    case asLoop = "as-loop"
    /// A route server is a gateway of the federation, and its cloud has another AS.
    case routeServerASMismatch = "route-server-as-mismatch"
    /// FRR's automatic route targets of two clouds would be the same.
    case asEqualModulo65536 = "as-equal-modulo-65536"
    /// A target with 16 bits for its number is on a VPN whose VNI needs more.
    case vniExceedsTarget = "vni-exceeds-target"
    /// A cloud gets another AS while bgpd on one of its gateways runs the former one.
    case bgpdRunsOtherAS = "bgpd-runs-other-as"
    /// A cloud gets another AS, and its sessions reset.
    case asChange = "as-change"
    case poolLow = "pool-low"
    /// The VNI of a VPN changes under its traffic.
    case vniChange = "vni-change"

    // What agents know.

    case attachmentNotFound = "attachment-not-found"
    case attachmentAmbiguous = "attachment-ambiguous"
    /// More is to be advertised than the maximum lets through.
    case maximumPrefixesExceeded = "maximum-prefixes-exceeded"
    /// What a VPN shares is behind none of its attachments.
    case sharedPrefixNotAttached = "shared-prefix-not-attached"
    /// What a hub originates for its spokes hides a part of its own subnets.
    case transitHidesSubnet = "transit-hides-subnet"

    // Shape.

    /// The change takes away much at once.
    case massWithdrawal = "mass-withdrawal"
    /// Tenants must use a smaller MTU than Ethernet's.
    case tenantMTU = "tenant-mtu"
    /// A VPN has one cloud, and nobody to reach.
    case oneCloudVPN = "one-cloud-vpn"
    /// A cloud takes part in a VPN and reaches nobody in it.
    case cloudReachesNobody = "cloud-reaches-nobody"
    /// An edge of a partial mesh picks no cloud of the VPN at one end.
    case edgePicksNobody = "edge-picks-nobody"

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
