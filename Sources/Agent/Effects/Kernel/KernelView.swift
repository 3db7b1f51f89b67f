import EVPN
import Netlink
import NetworkTypes

/// The kernel's protocol numbers that matter here (rtnetlink(7), /etc/iproute2/rt_protos).
enum RouteProtocol {
    /// Ours; it marks what we may remove. Not one of 186…198: zebra takes those for its own daemons' and adopts or sweeps
    /// such routes when it starts (`is_selfroute`).
    static let federation: UInt8 = 250
    /// zebra's, for routes that bgpd learned.
    static let bgp: UInt8 = 186
    /// The kernel's own, for addresses of devices (RTPROT_KERNEL).
    static let kernel: UInt8 = 2
}

extension ObservedKernel {
    /// The part of a snapshot that concerns us.
    init(_ snapshot: KernelSnapshot, notForwarding: Set<String>) {
        self.init(notForwarding: notForwarding, localAddresses: Self.localAddresses(snapshot))
        for link in snapshot.links { links[link.name] = ObservedLink(link) }
        for address in snapshot.addresses where LocalNames.isOurs(address.interface) && address.scope != .link {
            addresses.insert(InterfaceHost(link: address.interface, address: address.address.address))
        }
        for neighbour in snapshot.neighbours
        where neighbour.state == .permanent && LocalNames.index(in: neighbour.interface, stem: "fedin") != nil {
            guard let mac = neighbour.mac, !mac.isMulticast else { continue }
            neighbours.insert(StaticNeighbour(link: neighbour.interface, address: neighbour.address, mac: mac))
        }
        let resolved = TunnelEntries(snapshot)
        for route in snapshot.routes {
            if route.protocolNumber == RouteProtocol.federation, let ours = VRFRoute(route) {
                routes.insert(ours)
            } else if route.protocolNumber == RouteProtocol.bgp, let hop = route.nextHops.first, let gateway = hop.gateway,
                LocalNames.index(in: hop.interface, stem: "fedbr") != nil
            {
                tunnels[route.table, default: [:]][route.prefix] = TunnelRoute(
                    prefix: route.prefix, nextHop: gateway.withoutMapping,
                    further: route.nextHops.dropFirst().compactMap { $0.gateway?.withoutMapping },
                    isReady: route.nextHops.allSatisfy { hop in
                        hop.gateway.map { resolved.lead(to: $0, on: hop.interface) } ?? false
                    })
            }
        }
    }
}

extension ObservedKernel {
    /// Those of devices that are in no VRF, and that others can reach.
    private static func localAddresses(_ snapshot: KernelSnapshot) -> Set<IPAddress> {
        let links = Dictionary(snapshot.links.map { ($0.name, $0) }) { first, _ in first }
        func isInVRF(_ name: String) -> Bool {
            var name = name
            for _ in 0..<8 {
                if case .vrf? = links[name]?.kind { return true }
                guard let master = links[name]?.master else { return false }
                name = master
            }
            return false
        }
        let reached = snapshot.addresses.filter { ($0.scope == .global || $0.scope == .site) && !isInVRF($0.interface) }
        return Set(reached.map(\.address.address))
    }
}

/// Whether packets to a next hop find their tunnel: its router MAC is known, and the VTEP behind that MAC too, on the VXLAN device of the
/// same bridge. A gateway has one router MAC for all its VPNs, so that the entries of another device say nothing.
private struct TunnelEntries {
    private var macs: [String: [IPAddress: MACAddress]] = [:]
    /// By bridge.
    private var forwarded: [String: Set<MACAddress>] = [:]

    init(_ snapshot: KernelSnapshot) {
        for neighbour in snapshot.neighbours {
            guard let mac = neighbour.mac else { continue }
            macs[neighbour.interface, default: [:]][neighbour.address] = mac
        }
        let masters = Dictionary(snapshot.links.map { ($0.name, $0.master) }) { first, _ in first }
        for entry in snapshot.forwarding where entry.destination != nil {
            if let bridge = masters[entry.interface] ?? nil { forwarded[bridge, default: []].insert(entry.mac) }
        }
    }

    func lead(to gateway: IPAddress, on bridge: String) -> Bool {
        macs[bridge]?[gateway].map { forwarded[bridge]?.contains($0) ?? false } ?? false
    }
}

extension ObservedLink {
    fileprivate init(_ link: KernelLink) {
        let kind: EVPN.Link.Kind? =
            switch link.kind {
            case .vrf(let table): .vrf(table: table)
            case .bridge: .bridge
            case .vxlan(let vxlan):
                if case .v4(let local)? = vxlan.local, let vni = vxlan.vni, vxlan.port == 4789 {
                    .vxlan(vni: vni, local: local)
                } else {
                    nil
                }
            case .veth(let peer): .veth(peer: peer ?? "")
            case .dummy, .other: nil
            }
        var learns = link.bridgePort?.learning ?? false
        if case .vxlan(let vxlan) = link.kind { learns = learns || vxlan.learning }
        self.init(
            kind: kind, master: link.master, mac: link.mac, mtu: Int(link.mtu), isUp: link.isUp, learns: learns,
            suppressesNeighbours: link.bridgePort?.neighbourSuppression ?? true)
    }
}

extension VRFRoute {
    /// Nil for a route under our number that is of no kind of ours.
    fileprivate init?(_ route: KernelRoute) {
        let target: Target
        switch (route.kind, route.nextHops.first) {
        case (.unreachable, _): target = .unreachable
        case (.unicast, let hop?): target = hop.gateway.map { .via($0, link: hop.interface) } ?? .link(hop.interface)
        default: return nil
        }
        self.init(table: route.table, prefix: route.prefix, target: target, metric: route.metric)
    }
}
