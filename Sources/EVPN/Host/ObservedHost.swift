import NetworkTypes

/// What a gateway node holds now, as far as it concerns us. Nil: not read yet; nothing is planned then.
package struct ObservedHost: Hashable, Sendable, Codable {
    package var kernel: ObservedKernel?
    package var switching: ObservedSwitch?
    /// Our flows, by bridge.
    package var flows: [String: Set<Flow>]?
    package var routing: ObservedRouting?

    package init(
        kernel: ObservedKernel? = nil, switching: ObservedSwitch? = nil, flows: [String: Set<Flow>]? = nil,
        routing: ObservedRouting? = nil
    ) {
        self.kernel = kernel
        self.switching = switching
        self.flows = flows
        self.routing = routing
    }

    /// Everything has been read.
    package var isSeen: Bool { kernel != nil && switching != nil && flows != nil && routing != nil }
}

package struct ObservedKernel: Hashable, Sendable, Codable {
    /// Every device of the node, by name: a foreign device may have a name that we need.
    package var links: [String: ObservedLink]
    /// On our devices.
    package var addresses: Set<InterfaceHost>
    /// Under our protocol number.
    package var routes: Set<VRFRoute>
    /// Permanent ones, on our devices.
    package var neighbours: Set<StaticNeighbour>
    /// What zebra installed in our tables.
    package var tunnels: [UInt32: [IPPrefix: TunnelRoute]]
    /// Devices of ours on which forwarding is off, or that drop packets by their source (`rp_filter`).
    package var notForwarding: Set<String>
    /// The node's own addresses outside of VRFs, which the kernel looks for before it looks into any VRF. Nil: not looked for.
    package var localAddresses: Set<IPAddress>?
    /// Nil: not looked at.
    package var paths: ForwardingPaths?

    package init(
        links: [String: ObservedLink] = [:], addresses: Set<InterfaceHost> = [], routes: Set<VRFRoute> = [],
        neighbours: Set<StaticNeighbour> = [], tunnels: [UInt32: [IPPrefix: TunnelRoute]] = [:],
        notForwarding: Set<String> = [], localAddresses: Set<IPAddress>? = nil, paths: ForwardingPaths? = nil
    ) {
        self.links = links
        self.addresses = addresses
        self.routes = routes
        self.neighbours = neighbours
        self.tunnels = tunnels
        self.notForwarding = notForwarding
        self.localAddresses = localAddresses
        self.paths = paths
    }
}

package struct ObservedSwitch: Hashable, Sendable, Codable {
    /// The ports marked as ours.
    package var ports: [String: ObservedSwitchPort]
    /// OpenFlow port numbers of the patch ports between provider bridges and br-int.
    package var patchPorts: [String: UInt32]
    /// All bridges.
    package var bridges: Set<String>

    package init(ports: [String: ObservedSwitchPort] = [:], patchPorts: [String: UInt32] = [:], bridges: Set<String> = []) {
        self.ports = ports
        self.patchPorts = patchPorts
        self.bridges = bridges
    }
}
