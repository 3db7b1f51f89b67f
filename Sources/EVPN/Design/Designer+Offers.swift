import NetworkTypes

extension Designer {
    /// What a router offers, by subnet, each with the way in.
    /// - Parameters:
    ///   - inside: the hand-off's end in the VRF.
    ///   - outside: its end on the provider bridge.
    static func offers(
        of router: HostedRouter, by inside: String, _ outside: String, _ switching: ObservedSwitch?, _ design: VPNDesign
    ) -> [Offer] {
        let ports = switching.flatMap { switching in
            switching.patchPorts[router.provider.patchPort].flatMap { patch in
                switching.ports[outside]?.ofport.map { (patch: patch, outside: $0) }
            }
        }
        let cover = PrefixCover(router.subnets)
        let prefixes = Dictionary(grouping: router.advertised) { prefix in
            // Of a port that is attached by itself, the address is the subnet.
            router.subnets.contains(prefix) ? prefix : cover.widest(containing: prefix) ?? prefix
        }
        return prefixes.keys.sorted().map { subnet in
            let nextHop = router.nextHop(subnet.family)
            let routes = nextHop.map { nextHop -> Set<VRFRoute> in
                [
                    VRFRoute(table: design.names.table, prefix: IPPrefix(host: nextHop), target: .link(inside)),
                    VRFRoute(table: design.names.table, prefix: subnet, target: .via(nextHop, link: inside)),
                ]
            }
            return Offer(
                router: router.id, subnet: subnet, prefixes: Set(prefixes[subnet] ?? []),
                way: WayIn(
                    bridge: router.provider.bridge, links: [inside, outside], routes: routes,
                    neighbour: nextHop.map { StaticNeighbour(link: inside, address: $0, mac: router.gatewayMAC) },
                    flow: ports.map { injection(into: subnet, of: router, from: $0.outside, to: $0.patch, index: design.index) },
                    isGatewayUp: router.isGatewayUp, isFlapping: router.isFlapping))
        }
    }

    /// The flow that hands packets from a VRF to a router's gateway port.
    static func injection(into subnet: IPPrefix, of router: HostedRouter, from port: UInt32, to patch: UInt32, index: Int) -> Flow {
        Flow(
            index: index, priority: steerPriority, inPort: port, destinationMAC: router.gatewayMAC, destination: subnet,
            action: .inject(vlan: router.provider.vlan, port: patch))
    }
}
