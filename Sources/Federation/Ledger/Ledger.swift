import FederationModel
import NetworkTypes

/// The one book in which everything stands that must be unique across clouds: who has which AS, VNI, route target,
/// RD index, VTEP, router MAC and probe address.
///
/// An allocation is kept as long as its owner is in the graph. What is released stays in quarantine before anything else
/// gets it, and goes back to an owner of the same name that comes back meanwhile. Pure: the time is handed in,
/// and the same ledger, graph and time always give the same allocations.
package struct Ledger: Hashable, Sendable {
    /// Where the graph says nothing of its own (`PoolSettings`). Changing them moves nothing that is allocated.
    package var pools: Pools
    var asns = Register<CloudName, ASN>()
    /// Of clouds that the file gives the same AS as others: a fabric of one AS. None of them is in `asns`.
    var sharedASNs: [CloudName: ASN] = [:]
    var vnis = Register<VPNName, VNI>()
    var routeTargets = Register<TargetOwner, RouteTarget>()
    var distinguishers = Register<VPNName, DistinguisherIndex>()
    var vteps = Register<GatewayID, IPv4Address>()
    var routerMACs = Register<GatewayID, MACAddress>()
    var probeAddresses = Register<GatewayID, IPv4Address>()
    /// Gateways whose VTEP address came out of a pool, even if the file has come to give it since then.
    var pooledVTEPs: Set<GatewayID> = []
    /// Those that were made by command, beside those of the graph.
    package internal(set) var reservations: [KeptReservation] = []
    /// VPNs whose gateways do not all have the VNI yet that is held here.
    package internal(set) var vniChanges: [VPNName: VNIChange] = [:]
    /// States that VNI changes have had, of all VPNs, ever.
    var vniSteps: UInt64 = 0

    package init(pools: Pools = .init()) { self.pools = pools }

    /// As the file gives it, or as it was allocated; nil for a cloud that the ledger has not allocated for.
    package func asn(of cloud: CloudName) -> ASN? { asns.held[cloud] ?? sharedASNs[cloud] }
    /// As the file gives it, or as it was allocated; while it changes, the new one.
    package func vni(of vpn: VPNName) -> VNI? { vnis.held[vpn] }
    /// That of a full mesh, or of the hubs of a hub and spoke.
    package func routeTarget(of vpn: VPNName) -> RouteTarget? { routeTargets.held[.vpn(vpn)] }
    /// As the file gives it, or as it was allocated.
    package func routeTarget(of owner: TargetOwner) -> RouteTarget? { routeTargets.held[owner] }
    /// Always allocated: no file gives one.
    package func distinguisherIndex(of vpn: VPNName) -> DistinguisherIndex? { distinguishers.held[vpn] }
    /// The one that the file gives, or the one that was allocated; nil for IPv6.
    package func vtep(of gateway: GatewayID) -> IPv4Address? { vteps.held[gateway] }
    /// As the file gives it, or as it was allocated.
    package func routerMAC(of gateway: GatewayID) -> MACAddress? { routerMACs.held[gateway] }
    /// As the file gives it, or as it was allocated.
    package func probeAddress(of gateway: GatewayID) -> IPv4Address? { probeAddresses.held[gateway] }

    /// Gives everything in the graph its values: what the file gives, what it had before, or the first free one, in the
    /// order of names. Releases the values of what is no longer in the graph.
    ///
    /// - Parameters:
    ///   - now: Milliseconds since 1970.
    ///   - older: What it gave is taken again where it is free; for a way back to an older graph.
    /// - Throws: All problems at once; the ledger is then unchanged.
    package mutating func allocate(
        for graph: FederationGraph, at now: Int64, preferring older: Ledger? = nil
    ) throws(AllocationError) {
        var next = self
        let allocation = Allocation(
            graph: graph, now: now, pools: pools.with(graph.pools), older: older, before: self,
            resting: RestingNumbers(self), reserved: reserved(with: graph))
        let problems = next.assignClouds(allocation) + next.assignVPNs(allocation) + next.assignGateways(allocation)
        guard problems.isEmpty else { throw AllocationError(problems: problems.sorted()) }
        self = next
    }
}

extension FederationGraph {
    /// The VTEP address that the file gives, or the one that the ledger allocated.
    package func vtep(of gateway: GatewayID, with ledger: Ledger) -> IPAddress? {
        self[gateway]?.vtep ?? ledger.vtep(of: gateway).map(IPAddress.v4)
    }
}

extension Ledger: Codable {
    private enum CodingKeys: CodingKey {
        case pools, asns, vnis, routeTargets, distinguishers, vteps, routerMACs, probeAddresses, pooledVTEPs, reservations, vniChanges,
            vniSteps, sharedASNs
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        pools = try container.decode(Pools.self, forKey: .pools)
        asns = try container.decode(Register.self, forKey: .asns)
        vnis = try container.decode(Register.self, forKey: .vnis)
        routeTargets = try container.decode(Register.self, forKey: .routeTargets)
        distinguishers = try container.decode(Register.self, forKey: .distinguishers)
        routerMACs = try container.decode(Register.self, forKey: .routerMACs)
        probeAddresses = try container.decode(Register.self, forKey: .probeAddresses)
        // Ledgers of the first release had none of these.
        vteps = try container.decodeIfPresent(Register.self, forKey: .vteps) ?? Register()
        pooledVTEPs = Set(try container.decodeIfPresent([GatewayID].self, forKey: .pooledVTEPs) ?? [])
        reservations = try container.decodeIfPresent([KeptReservation].self, forKey: .reservations) ?? []
        vniChanges = try container.decodeIfPresent([VPNName: VNIChange].self, forKey: .vniChanges) ?? [:]
        vniSteps = try container.decodeIfPresent(UInt64.self, forKey: .vniSteps) ?? 0
        sharedASNs = try container.decodeIfPresent([CloudName: ASN].self, forKey: .sharedASNs) ?? [:]
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(pools, forKey: .pools)
        try container.encode(asns, forKey: .asns)
        try container.encode(vnis, forKey: .vnis)
        try container.encode(routeTargets, forKey: .routeTargets)
        try container.encode(distinguishers, forKey: .distinguishers)
        try container.encode(vteps, forKey: .vteps)
        try container.encode(routerMACs, forKey: .routerMACs)
        try container.encode(probeAddresses, forKey: .probeAddresses)
        try container.encode(pooledVTEPs.sorted(), forKey: .pooledVTEPs)
        try container.encode(reservations, forKey: .reservations)
        if !vniChanges.isEmpty { try container.encode(vniChanges, forKey: .vniChanges) }
        if vniSteps > 0 { try container.encode(vniSteps, forKey: .vniSteps) }
        if !sharedASNs.isEmpty { try container.encode(sharedASNs, forKey: .sharedASNs) }
    }
}
