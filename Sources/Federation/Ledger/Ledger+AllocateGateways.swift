import FederationModel
import NetworkTypes

extension Ledger {
    /// VTEP addresses, router MACs and probe addresses. No address is both a VTEP and a probe address.
    mutating func assignGateways(_ allocation: Allocation) -> [AllocationProblem] {
        let graph = allocation.graph
        var addresses: [GatewayID: IPv4Address?] = [:]
        var macs: [GatewayID: MACAddress?] = [:]
        var probes: [GatewayID: IPv4Address?] = [:]
        for (name, cloud) in graph.clouds {
            for (node, gateway) in cloud.gateways {
                let id = GatewayID(cloud: name, node: node)
                macs[id] = .some(gateway.routerMAC)
                probes[id] = .some(gateway.probeAddress)
                switch gateway.vtep {
                case .v4(let vtep): addresses[id] = .some(vtep)
                case .v6: break
                case nil: addresses[id] = .some(nil)
                }
            }
        }
        var servers: Set<IPv4Address> = []
        for server in graph.clouds.values.flatMap(\.bgp.routeServers) {
            if case .v4(let address) = server.address { servers.insert(address) }
        }
        return assignVTEPs(addresses, avoiding: servers.union(probes.values.compactMap(\.self)), allocation)
            + assignRouterMACs(macs, allocation) + assignProbeAddresses(probes, avoiding: servers, allocation)
    }

    private mutating func assignVTEPs(
        _ wanted: [GatewayID: IPv4Address?], avoiding avoided: Set<IPv4Address>, _ allocation: Allocation
    ) -> [AllocationProblem] {
        let clouds = allocation.graph.clouds
        var candidates: [CloudName: ClosedRange<UInt32>.Iterator] = [:]
        for (name, cloud) in clouds { candidates[name] = cloud.vtepPool?.gatewayAddresses?.makeIterator() }
        let pooled = pooledVTEPs
        let before = vteps
        var rules = Register<GatewayID, IPv4Address>.Rules(
            words: .init(
                value: "VTEP address", path: { $0.path("vtep") },
                exhausted: "give the gateway one with “vtep:”, or the cloud a wider pool with “vtepPool:”"),
            quarantine: allocation.pools.quarantine,
            // An address from the file may move to another gateway immediately: the admin moves it.
            isQuarantined: { pooled.contains($0) },
            next: { candidates[$0.cloud]?.next().map { IPv4Address(bits: $0) } })
        rules.avoided = avoided.union(probeAddresses.holders.keys).union(probeAddresses.quarantined.keys)
        rules.reservation = Reserved.lookup(allocation.reserved.addresses)
        rules.older = allocation.older.map { older in { older.vtep(of: $0) } }
        let problems = vteps.assign(wanted, at: allocation.now, by: rules)
        pooledVTEPs = Set(
            vteps.held.filter { id, vtep in
                wanted[id] == .some(nil) || pooled.contains(id) && before.held[id] == vtep || before.quarantined[vtep]?.owner == id
            }.keys)
        return problems
    }

    private mutating func assignRouterMACs(_ wanted: [GatewayID: MACAddress?], _ allocation: Allocation) -> [AllocationProblem] {
        var candidates = allocation.pools.routerMACs.makeIterator()
        var rules = Register<GatewayID, MACAddress>.Rules(
            words: .init(
                value: "router MAC", path: { $0.path("routerMAC") },
                exhausted: "give the gateway one with “routerMAC:”, or widen the pool"),
            quarantine: allocation.pools.quarantine, next: { _ in candidates.next().map { MACAddress(bits: $0) } })
        rules.reservation = Reserved.lookup(allocation.reserved.routerMACs)
        rules.older = allocation.older.map { older in { older.routerMAC(of: $0) } }
        return routerMACs.assign(wanted, at: allocation.now, by: rules)
    }

    private mutating func assignProbeAddresses(
        _ wanted: [GatewayID: IPv4Address?], avoiding avoided: Set<IPv4Address>, _ allocation: Allocation
    ) -> [AllocationProblem] {
        var candidates = allocation.pools.probeAddresses.makeIterator()
        var rules = Register<GatewayID, IPv4Address>.Rules(
            words: .init(
                value: "probe address", path: { $0.path("probeAddress") },
                exhausted: "give the gateway one with “probeAddress:”, or widen the pool"),
            quarantine: allocation.pools.quarantine, next: { _ in candidates.next().map { IPv4Address(bits: $0) } })
        rules.avoided = avoided.union(vteps.holders.keys).union(vteps.quarantined.keys)
        rules.reservation = Reserved.lookup(allocation.reserved.addresses)
        rules.older = allocation.older.map { older in { older.probeAddress(of: $0) } }
        var problems = probeAddresses.assign(wanted, at: allocation.now, by: rules)
        for (holder, address) in probeAddresses.held {
            guard let gateway = vteps.holders[address] else { continue }
            problems.append(
                AllocationProblem(
                    cause: .taken, path: gateway.path("vtep"), value: address.description,
                    reason: "\(address) is the probe address of \(holder)",
                    remedy: "give \(holder) another one with “probeAddress:”, or choose another VTEP address"))
        }
        return problems
    }
}
