import NetworkTypes

/// Prefixes of one subnet that a router offers to other clouds, and the way in to them: what must be there before anybody is told.
package struct Offer: Hashable, Sendable, Codable {
    /// The OpenStack id of the router.
    package var router: String
    package var subnet: IPPrefix
    /// In the subnet.
    package var prefixes: Set<IPPrefix>
    package var way: WayIn

    package init(router: String, subnet: IPPrefix, prefixes: Set<IPPrefix>, way: WayIn) {
        self.router = router
        self.subnet = subnet
        self.prefixes = prefixes
        self.way = way
    }
}

/// The way of packets from a VRF into a subnet of the cloud: hand-off, route, neighbour, flow, and the router's gateway port behind them.
package struct WayIn: Hashable, Sendable, Codable {
    package var bridge: String
    /// Both ends of the hand-off.
    package var links: [String]
    /// To the gateway port and to the subnet. Nil: the gateway port has no address of the subnet's family.
    package var routes: Set<VRFRoute>?
    package var neighbour: StaticNeighbour?
    /// On the bridge, from the hand-off to OVN. Nil: the bridge has no patch port to br-int, or Open vSwitch has not numbered a port.
    package var flow: Flow?
    /// ovn-controller has installed the flows of the gateway port.
    package var isGatewayUp: Bool
    /// The gateway port came here too often of late.
    package var isFlapping: Bool

    package init(
        bridge: String, links: [String], routes: Set<VRFRoute>?, neighbour: StaticNeighbour?, flow: Flow?, isGatewayUp: Bool,
        isFlapping: Bool
    ) {
        self.bridge = bridge
        self.links = links
        self.routes = routes
        self.neighbour = neighbour
        self.flow = flow
        self.isGatewayUp = isGatewayUp
        self.isFlapping = isFlapping
    }

    /// What of a way is not there.
    package enum Gap: Hashable, Sendable, Codable {
        case nextHop
        case gatewayDown
        case flapping
        case link(String)
        case route(IPPrefix)
        case neighbour(IPAddress)
        case port
        case flow(bridge: String)
    }

    /// The first thing that is missing on a node; nil: packets find the way.
    package func gap(on host: ObservedHost) -> Gap? {
        guard let routes else { return .nextHop }
        guard isGatewayUp else { return .gatewayDown }
        guard !isFlapping else { return .flapping }
        for link in links where host.kernel?.links[link]?.isUp != true { return .link(link) }
        if let route = routes.subtracting(host.kernel?.routes ?? []).min(by: { $0.order < $1.order }) { return .route(route.prefix) }
        if let neighbour, host.kernel?.neighbours.contains(neighbour) != true { return .neighbour(neighbour.address) }
        guard let flow else { return .port }
        return host.flows?[bridge]?.contains(flow) == true ? nil : .flow(bridge: bridge)
    }
}

extension WayIn.Gap: CustomStringConvertible {
    package var description: String {
        switch self {
        case .nextHop: "its gateway port has no address of that family"
        case .gatewayDown: "its gateway port is bound to this node, but not up"
        case .flapping: "its gateway port moves between chassis all the time, and has not stayed here for long enough"
        case .link(let name): "device \(name) is missing or down"
        case .route(let prefix): "the VRF has no route to \(prefix)"
        case .neighbour(let address): "the VRF has no neighbour entry for \(address)"
        case .port: "Open vSwitch has no port to hand packets over by"
        case .flow(let bridge): "\(bridge) has no flow that hands packets over"
        }
    }
}
