import NetworkTypes
import OVSDB

/// Which addresses a router's load balancers answer on. A balancer of a switch alone is not reached through the router.
struct BalancerIndex {
    private let balancers: [OVSDBUUID: [IPAddress]]
    private let groups: [OVSDBUUID: [OVSDBUUID]]

    init(_ northbound: NorthboundRows) {
        balancers = Dictionary(northbound.balancers.map { ($0.uuid, $0.addresses) }, uniquingKeysWith: { first, _ in first })
        groups = Dictionary(northbound.balancerGroups.map { ($0.uuid, $0.balancers) }, uniquingKeysWith: { first, _ in first })
    }

    /// Those in the networks of these addresses, but for the addresses themselves; sorted.
    func addresses(of router: LogicalRouter, within interfaces: [InterfaceAddress]) -> [IPAddress] {
        guard !router.balancers.isEmpty || !router.balancerGroups.isEmpty else { return [] }
        let rows = Set(router.balancers + router.balancerGroups.flatMap { groups[$0] ?? [] })
        let found = Set(rows.flatMap { balancers[$0] ?? [] })
        return found.filter { address in
            interfaces.contains { $0.prefix.contains(address) } && !interfaces.contains { $0.address == address }
        }.sorted()
    }
}
