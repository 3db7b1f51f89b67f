import NetworkTypes

/// The one book in which everything stands that must be unique across clouds: who has which AS, VNI, route target,
/// RD index, router MAC and probe address.
///
/// An allocation is kept as long as its owner is in the graph. What is released stays in quarantine before anything else
/// gets it, and goes back to an owner of the same name that comes back meanwhile. Pure: the time is handed in,
/// and the same ledger, graph and time always give the same allocations.
package struct Ledger: Hashable, Sendable, Codable {
    /// Changing them moves nothing that is allocated.
    package var pools: Pools
    private var asns = Register<CloudName, ASN>()
    private var vnis = Register<VPNName, VNI>()
    private var routeTargets = Register<VPNName, RouteTarget>()
    private var distinguishers = Register<VPNName, DistinguisherIndex>()
    private var routerMACs = Register<GatewayID, MACAddress>()
    private var probeAddresses = Register<GatewayID, IPv4Address>()

    package init(pools: Pools = .init()) { self.pools = pools }

    package func asn(of cloud: CloudName) -> ASN? { asns.held[cloud] }
    package func vni(of vpn: VPNName) -> VNI? { vnis.held[vpn] }
    package func routeTarget(of vpn: VPNName) -> RouteTarget? { routeTargets.held[vpn] }
    package func distinguisherIndex(of vpn: VPNName) -> DistinguisherIndex? { distinguishers.held[vpn] }
    package func routerMAC(of gateway: GatewayID) -> MACAddress? { routerMACs.held[gateway] }
    package func probeAddress(of gateway: GatewayID) -> IPv4Address? { probeAddresses.held[gateway] }

    /// Gives everything in the graph its values: what the file gives, what it had before, or the first free one, in the
    /// order of names. Releases the values of what is no longer in the graph.
    ///
    /// - Parameter now: Milliseconds since 1970.
    /// - Throws: All problems at once; the ledger is then unchanged.
    package mutating func allocate(for graph: FederationGraph, at now: Int64) throws(AllocationError) {
        var next = self
        let problems = next.assignClouds(graph, now) + next.assignVPNs(graph, now) + next.assignGateways(graph, now)
        guard problems.isEmpty else { throw AllocationError(problems: problems.sorted()) }
        self = next
    }

    private mutating func assignClouds(_ graph: FederationGraph, _ now: Int64) -> [AllocationProblem] {
        let servers = Set(graph.clouds.values.flatMap(\.bgp.routeServers).map(\.asn))
        var problems = asns.assign(
            graph.clouds.mapValues(\.asn), at: now, quarantine: pools.quarantine, reserved: servers,
            words: .init(value: "AS", path: { "clouds.\($0).as" }, exhausted: "give the cloud an AS with “as:”"),
            pool: pools.asns.lazy.compactMap { ASN(value: $0) })
        for (cloud, asn) in asns.held where graph.clouds[cloud]?.asn == nil && servers.contains(asn) {
            problems.append(
                AllocationProblem(
                    cause: .taken, path: "clouds.\(cloud).as", value: asn.description,
                    reason: "AS \(asn) was allocated to \(cloud), and a route server has it now",
                    remedy: "give the cloud another AS with “as:”, or the route server"))
        }
        return problems
    }

    private mutating func assignVPNs(_ graph: FederationGraph, _ now: Int64) -> [AllocationProblem] {
        let quarantine = pools.quarantine
        var problems = vnis.assign(
            graph.vpns.mapValues(\.vni), at: now, quarantine: quarantine,
            words: .init(value: "VNI", path: { "vpns.\($0).vni" }, exhausted: "give the VPN a VNI with “vni:”, or widen the pool"),
            pool: pools.vnis.lazy.compactMap { VNI(value: $0) })
        let vnis = vnis.held
        let administrator = pools.routeTargetAdministrator
        problems += routeTargets.assign(
            graph.vpns.mapValues(\.routeTarget), at: now, quarantine: quarantine,
            words: .init(
                value: "route target", path: { "vpns.\($0).rt" }, exhausted: "give the VPN a route target with “rt:”, or widen the pool"),
            preference: { vpn in vnis[vpn].map { RouteTarget(.as2(administrator, $0.value)) } },
            pool: pools.routeTargetNumbers.lazy.map { RouteTarget(.as2(administrator, $0)) })
        problems += distinguishers.assign(
            graph.vpns.mapValues { _ in nil }, at: now, quarantine: quarantine,
            words: .init(
                value: "RD index", path: { "vpns.\($0)" }, exhausted: "remove VPNs, or wait until the quarantine of removed ones is over"),
            pool: pools.distinguishers.lazy.map { DistinguisherIndex(value: $0) })
        return problems
    }

    private mutating func assignGateways(_ graph: FederationGraph, _ now: Int64) -> [AllocationProblem] {
        var macs: [GatewayID: MACAddress?] = [:]
        var probes: [GatewayID: IPv4Address?] = [:]
        var taken: [IPv4Address: GatewayID] = [:]
        for id in graph.gateways {
            guard let gateway = graph[id] else { continue }
            macs[id] = .some(gateway.routerMAC)
            probes[id] = .some(gateway.probeAddress)
            if case .v4(let vtep) = gateway.vtep { taken[vtep] = id }
        }
        var problems = routerMACs.assign(
            macs, at: now, quarantine: pools.quarantine,
            words: .init(
                value: "router MAC", path: { "clouds.\($0.cloud).gateways.\($0.node).routerMAC" },
                exhausted: "give the gateway one with “routerMAC:”, or widen the pool"),
            pool: pools.routerMACs.lazy.map { MACAddress(bits: $0) })
        problems += probeAddresses.assign(
            probes, at: now, quarantine: pools.quarantine, reserved: Set(taken.keys),
            words: .init(
                value: "probe address", path: { "clouds.\($0.cloud).gateways.\($0.node).probeAddress" },
                exhausted: "give the gateway one with “probeAddress:”, or widen the pool"),
            pool: pools.probeAddresses.lazy.map { IPv4Address(bits: $0) })
        for (holder, address) in probeAddresses.held {
            guard let gateway = taken[address] else { continue }
            problems.append(
                AllocationProblem(
                    cause: .taken, path: "clouds.\(gateway.cloud).gateways.\(gateway.node).vtep", value: address.description,
                    reason: "\(address) is the probe address of \(holder)",
                    remedy: "give \(holder) another one with “probeAddress:”, or take another VTEP address"))
        }
        return problems
    }
}
