import FederationModel
import NetworkTypes

/// The record of all values that must be unique across clouds: AS, VNI, route target,
/// RD index, VTEP, router MAC and probe address.
///
/// An allocation is kept as long as its owner is in the graph. A released value stays in quarantine before another owner
/// gets it, and returns to an owner of the same name that reappears. Pure: the time is a parameter,
/// and the same ledger, graph and time always give the same allocations.
package struct Ledger: Hashable, Sendable {
    /// Defaults for omitted `PoolSettings`. Changing them does not change existing allocations.
    package var pools: Pools
    var asns = Register<CloudName, ASN>()
    /// Clouds that share an AS by the file: a fabric with one AS. None of them is in `asns`.
    var sharedASNs: [CloudName: ASN] = [:]
    var vnis = Register<VPNName, VNI>()
    var routeTargets = Register<TargetOwner, RouteTarget>()
    var distinguishers = Register<VPNName, DistinguisherIndex>()
    var vteps = Register<GatewayID, IPv4Address>()
    var routerMACs = Register<GatewayID, MACAddress>()
    var probeAddresses = Register<GatewayID, IPv4Address>()
    /// Gateways whose VTEP address came from a pool, even if the file sets it now.
    var pooledVTEPs: Set<GatewayID> = []
    /// Reservations made by command, in addition to those of the graph.
    package internal(set) var reservations: [KeptReservation] = []
    /// VPNs whose gateways do not all have the VNI that is held here.
    package internal(set) var vniChanges: [VPNName: VNIChange] = [:]
    /// The number of states of all VNI changes so far.
    var vniSteps: UInt64 = 0

    package init(pools: Pools = .init()) { self.pools = pools }

    /// From the file or allocated; nil if the ledger has not allocated for the cloud.
    package func asn(of cloud: CloudName) -> ASN? { asns.held[cloud] ?? sharedASNs[cloud] }
    /// From the file or allocated; during a change the new one.
    package func vni(of vpn: VPNName) -> VNI? { vnis.held[vpn] }
    /// The target of a full mesh, or of the hubs of a hub and spoke.
    package func routeTarget(of vpn: VPNName) -> RouteTarget? { routeTargets.held[.vpn(vpn)] }
    /// From the file or allocated.
    package func routeTarget(of owner: TargetOwner) -> RouteTarget? { routeTargets.held[owner] }
    /// Always allocated.
    package func distinguisherIndex(of vpn: VPNName) -> DistinguisherIndex? { distinguishers.held[vpn] }
    /// From the file or allocated; nil for IPv6.
    package func vtep(of gateway: GatewayID) -> IPv4Address? { vteps.held[gateway] }
    /// From the file or allocated.
    package func routerMAC(of gateway: GatewayID) -> MACAddress? { routerMACs.held[gateway] }
    /// From the file or allocated.
    package func probeAddress(of gateway: GatewayID) -> IPv4Address? { probeAddresses.held[gateway] }

    /// Assigns all values of the graph: from the file, the previous value, or the first free one, in the
    /// order of names. Releases the values of objects that are no longer in the graph.
    ///
    /// - Parameters:
    ///   - now: Milliseconds since 1970.
    ///   - older: An older ledger whose values are reused if free; for rollbacks.
    /// - Throws: All problems at once; the ledger stays unchanged.
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
    /// The VTEP address from the file, or the allocated one.
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
        // Missing in ledgers of the first release.
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
