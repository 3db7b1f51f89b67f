import EVPN
import Netlink
import NetworkTypes

/// The kernel of this node: looks at what concerns us and carries out the steps that change it.
struct KernelHost {
    private let netlink: Netlink

    init() throws(NetlinkError) { netlink = try Netlink() }

    /// - Parameter indexes: of the VPNs whose tables are read.
    func look(indexes: some Sequence<Int>) async throws(NetlinkError) -> ObservedKernel {
        // Names first: which devices are ours decides whose neighbours are read.
        let names = Set(try await netlink.snapshot().links.map(\.name).filter(LocalNames.isOurs))
        let snapshot = try await netlink.snapshot(
            SnapshotScope(tables: Set(indexes.map { LocalNames(index: $0).table }), interfaces: names))
        let forwarders = names.filter { LocalNames.index(in: $0, stem: "fedvx") == nil && LocalNames.index(in: $0, stem: "fedov") == nil }
        let filter = Self.sourceFilter
        var kernel = ObservedKernel(snapshot, notForwarding: forwarders.filter { !Self.forwards($0, filter) })
        kernel.paths = ForwardingPaths(overrides: try await overrides(snapshot), underlay: try await underlay(of: kernel, snapshot))
        return kernel
    }

    private func overrides(_ snapshot: KernelSnapshot) async throws(NetlinkError) -> [UInt32: [RouteOverride]] {
        var rules: [Rule] = []
        for family in AddressFamily.allCases { rules += try await netlink.rules(family) }
        let overrides = RouteOverrides(snapshot.routes, rules, links: snapshot.links)
        var others: [KernelRoute] = []
        for table in overrides.tablesAskedBefore.sorted() {
            for family in AddressFamily.allCases { others += try await netlink.routes(table: table, family: family) }
        }
        return overrides.all(with: others)
    }

    /// The ways to the gateways that learned routes lead to, from the VTEP where that is an address of this node.
    private func underlay(of kernel: ObservedKernel, _ snapshot: KernelSnapshot) async throws(NetlinkError) -> [IPAddress: UnderlayPath] {
        let vteps = Set(kernel.tunnels.values.lazy.flatMap(\.values).flatMap { [$0.nextHop] + $0.further })
        guard !vteps.isEmpty else { return [:] }
        let own = kernel.links.values.lazy.compactMap { link in
            if case .vxlan(_, let local)? = link.kind { IPAddress.v4(local) } else { nil }
        }
        let source = own.first { vtep in snapshot.addresses.contains { $0.address.address == vtep } }
        var paths: [IPAddress: UnderlayPath] = [:]
        for vtep in vteps {
            guard let path = try await netlink.path(to: vtep, from: vtep.family == .ipv4 ? source : nil),
                let device = snapshot.link(path.interface)
            else { continue }
            paths[vtep] = UnderlayPath(device: path.interface, mtu: Int(min(device.mtu, path.mtu ?? .max)))
        }
        return paths
    }

    /// How many writes a step takes.
    static func writes(for step: Step) -> Int {
        if case .enableForwarding = step { AddressFamily.allCases.count + 1 } else { changes(for: step).count }
    }

    func carryOut(_ step: Step) async throws {
        if case .enableForwarding(let link) = step {
            for family in AddressFamily.allCases { try Sysctl.forwarding(family, link).set(1) }
            try Sysctl.reversePathFilter(link).set(Self.sourceFilter)
        }
        for change in Self.changes(for: step) { try await netlink.apply(change) }
    }

    /// What devices of ours have for `rp_filter`. The larger one of theirs and that of `all` is in force, and 2 is milder than 1: where the
    /// node filters, packets need a route back, but not by the device that they came by.
    private static var sourceFilter: Int {
        guard let all = try? Sysctl.reversePathFilter("all").read() else { return 0 }
        return all == "0" ? 0 : 2
    }

    private static func forwards(_ link: String, _ filter: Int) -> Bool {
        func reads(_ sysctl: Sysctl, _ wanted: Int) -> Bool {
            // A device that went meanwhile is no news; the next look tells.
            guard let value = try? sysctl.read() else { return true }
            return value == String(wanted)
        }
        return AddressFamily.allCases.allSatisfy { reads(.forwarding($0, link), 1) } && reads(.reversePathFilter(link), filter)
    }

    static func changes(for step: Step) -> [KernelChange] {
        switch step {
        case .createLink(let link):
            var kind = LinkKind.bridge
            switch link.kind {
            case .vrf(let table): kind = .vrf(table: table)
            case .bridge: kind = .bridge
            case .vxlan(let vni, let local): kind = .vxlan(VXLAN(vni: vni, local: .v4(local)))
            case .veth(let peer): kind = .veth(peer: peer)
            }
            return [.createLink(name: link.name, kind: kind, mac: link.mac, mtu: link.mtu.map(UInt32.init))] + settings(of: link)
        case .adjustLink(let link): return settings(of: link)
        case .deleteLink(let name): return [.deleteLink(name: name)]
        case .addAddress(let address): return [.putAddress(KernelAddress(address))]
        case .removeAddress(let address): return [.deleteAddress(KernelAddress(address))]
        case .addRoute(let route): return [.putRoute(KernelRoute(route))]
        case .removeRoute(let route): return [.deleteRoute(KernelRoute(route))]
        case .setNeighbour(let neighbour): return [.putNeighbour(KernelNeighbour(neighbour))]
        case .removeNeighbour(let neighbour): return [.deleteNeighbour(KernelNeighbour(neighbour))]
        default: return []
        }
    }

    private static func settings(of link: EVPN.Link) -> [KernelChange] {
        func set(_ setting: LinkSetting) -> KernelChange { .setLink(name: link.name, setting) }
        var changes = [set(.addressGeneration(.none)), set(.master(link.master))]
        if let mac = link.mac { changes.append(set(.mac(mac))) }
        if let mtu = link.mtu { changes.append(set(.mtu(UInt32(mtu)))) }
        if case .vxlan = link.kind { changes.append(set(.bridgePort(BridgePort(learning: false, neighbourSuppression: true)))) }
        changes.append(set(.up))
        if case .veth(let peer) = link.kind {
            if let mtu = link.mtu { changes.append(.setLink(name: peer, .mtu(UInt32(mtu)))) }
            changes.append(.setLink(name: peer, .up))
        }
        return changes
    }
}

extension KernelAddress {
    fileprivate init(_ host: InterfaceHost) {
        self.init(
            interface: host.link, address: InterfaceAddress(address: host.address, length: host.address.family.width),
            skipsDuplicateDetection: true)
    }
}

extension KernelRoute {
    fileprivate init(_ route: VRFRoute) {
        var kind = Kind.unicast
        var hops: [NextHop] = []
        switch route.target {
        case .link(let link): hops = [NextHop(interface: link)]
        case .via(let gateway, let link): hops = [NextHop(gateway: gateway, interface: link, isOnLink: true)]
        case .unreachable: kind = .unreachable
        }
        self.init(
            table: route.table, prefix: route.prefix, kind: kind, protocolNumber: RouteProtocol.federation, metric: route.metric,
            nextHops: hops)
    }
}

extension KernelNeighbour {
    fileprivate init(_ neighbour: StaticNeighbour) {
        self.init(interface: neighbour.link, address: neighbour.address, mac: neighbour.mac)
    }
}
