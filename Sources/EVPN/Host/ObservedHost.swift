import NetworkTypes

/// What a gateway node holds now, as far as it concerns us. Nil: not read yet, and then nothing is planned on it.
package struct ObservedHost: Hashable, Sendable, Codable {
    package var kernel: ObservedKernel?
    package var switching: ObservedSwitch?
    /// The flows of ours, by bridge.
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

    /// All of it was read.
    package var isSeen: Bool { kernel != nil && switching != nil && flows != nil && routing != nil }
}

package struct ObservedKernel: Hashable, Sendable, Codable {
    /// Every device of the node, by name: a foreign device may sit on a name that we need.
    package var links: [String: ObservedLink]
    /// On our devices.
    package var addresses: Set<InterfaceHost>
    /// Under our protocol number.
    package var routes: Set<VRFRoute>
    /// Permanent ones, on our devices.
    package var neighbours: Set<StaticNeighbour>
    /// What zebra installed in our tables.
    package var tunnels: [UInt32: [IPPrefix: TunnelRoute]]
    /// Devices of ours on which forwarding is off.
    package var notForwarding: Set<String>

    package init(
        links: [String: ObservedLink] = [:], addresses: Set<InterfaceHost> = [], routes: Set<VRFRoute> = [],
        neighbours: Set<StaticNeighbour> = [], tunnels: [UInt32: [IPPrefix: TunnelRoute]] = [:],
        notForwarding: Set<String> = []
    ) {
        self.links = links
        self.addresses = addresses
        self.routes = routes
        self.neighbours = neighbours
        self.tunnels = tunnels
        self.notForwarding = notForwarding
    }
}

package struct ObservedSwitch: Hashable, Sendable, Codable {
    /// The ports that carry our mark.
    package var ports: [String: ObservedSwitchPort]
    /// OpenFlow port numbers of the patch ports between provider bridges and br-int.
    package var patchPorts: [String: UInt32]
    /// The bridges there are.
    package var bridges: Set<String>

    package init(ports: [String: ObservedSwitchPort] = [:], patchPorts: [String: UInt32] = [:], bridges: Set<String> = []) {
        self.ports = ports
        self.patchPorts = patchPorts
        self.bridges = bridges
    }
}

package struct ObservedRouting: Hashable, Sendable, Codable {
    /// That of bgpd's default instance, whoever configured it; nil: it has none.
    package var asn: ASN?
    /// What was wanted of the base when this was read, if it is in force.
    package var base: BaseRouting?
    /// Peers of the intent that the operator has configured by hand: they are left to him.
    package var takenPeers: Set<IPAddress> = []
    /// BGP instances of ours, by VRF.
    package var vrfs: [String: VRFRouting]
    /// zebra's `vrf NAME / vni N`, by VRF.
    package var vniBindings: [String: VNI]
    /// The L3VNIs that bgpd has, by VNI, with the route targets that are in force.
    package var vnis: [VNI: EffectiveTargets]
    /// Devices that zebra knows as up, and the VRF that it has them in.
    package var devices: [String: String]

    package init(
        asn: ASN? = nil, base: BaseRouting? = nil, vrfs: [String: VRFRouting] = [:],
        vniBindings: [String: VNI] = [:], vnis: [VNI: EffectiveTargets] = [:], devices: [String: String] = [:]
    ) {
        self.asn = asn
        self.base = base
        self.vrfs = vrfs
        self.vniBindings = vniBindings
        self.vnis = vnis
        self.devices = devices
    }
}

/// What `show bgp l2vpn evpn vni` says is in force: FRR can lose an explicit import target and keep the wildcard (FRR #17342).
package struct EffectiveTargets: Hashable, Sendable, Codable {
    package var routeDistinguisher: RouteDistinguisher?
    package var importTargets: Set<RouteTarget>
    package var exportTargets: Set<RouteTarget>
    package var routerMAC: MACAddress?

    package init(
        routeDistinguisher: RouteDistinguisher?, importTargets: Set<RouteTarget>, exportTargets: Set<RouteTarget>,
        routerMAC: MACAddress?
    ) {
        self.routeDistinguisher = routeDistinguisher
        self.importTargets = importTargets
        self.exportTargets = exportTargets
        self.routerMAC = routerMAC
    }
}
