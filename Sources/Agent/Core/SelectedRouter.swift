import FederationModel
import NetworkTypes
import OVN

/// What one attachment, or several, select of one router.
struct SelectedRouter: Hashable, Sendable {
    /// A router and what of it a selector means.
    struct Part: Hashable, Sendable {
        var router: RouterView
        var interfaces: [RouterInterface]
        /// Only the addresses of these; nil: of all.
        var ports: Set<String>?
    }

    var router: RouterView
    /// What takes part in forwarding.
    var subnets: Set<IPPrefix>
    var advertised: Set<IPPrefix>
    /// Another VPN owns it and shares these parts.
    var isShared: Bool
    /// What further VPNs share.
    var refused: Set<IPPrefix>

    init(_ part: Part, _ attachment: AttachmentIntent, _ vpn: VPNIntent) {
        router = part.router
        isShared = !attachment.only.isEmpty
        refused = Set(attachment.refused)
        let hosts = part.interfaces.flatMap(\.hosts).filter { part.ports?.contains($0.logicalPort) ?? true }
        let addresses = Set(hosts.flatMap(\.addresses).map(IPPrefix.init(host:)).filter { !$0.isLinkLocal })
        let networks = part.ports == nil ? Set(part.interfaces.flatMap(\.subnets)).filter { !$0.isLinkLocal } : addresses
        let extra = attachment.advertise.contains(.extraRoutes) && part.ports == nil ? Self.extraRoutes(of: part) : []

        subnets = Self.common(networks.union(extra), attachment.only)
        var candidates: Set<IPPrefix> = []
        if attachment.advertise.contains(.hosts) { candidates.formUnion(Self.common(addresses, attachment.only)) }
        if attachment.advertise.contains(.subnets) { candidates.formUnion(Self.common(networks, attachment.only)) }
        if attachment.advertise.contains(.extraRoutes) { candidates.formUnion(Self.common(extra, attachment.only)) }
        // What nobody may import is not advertised: a tap.
        advertised = vpn.exportTargets.isEmpty ? [] : candidates.filter { attachment.export.permits($0) && vpn.exportFilter.permits($0) }
    }

    func joined(with other: SelectedRouter) -> SelectedRouter {
        var result = self
        result.subnets.formUnion(other.subnets)
        result.advertised.formUnion(other.advertised)
        result.isShared = isShared && other.isShared
        result.refused.formUnion(other.refused)
        return result
    }

    /// The router's static routes to networks behind its own ones; default routes, and those that lead out again, are none.
    private static func extraRoutes(of part: Part) -> Set<IPPrefix> {
        let subnets = part.interfaces.flatMap(\.subnets)
        let routes = part.router.staticRoutes.filter { route in
            guard let nextHop = route.nextHop, route.prefix.length > 0, !route.prefix.isLinkLocal else { return false }
            return subnets.contains { $0.contains(nextHop) }
        }
        return Set(routes.map(\.prefix))
    }

    /// What lies in both, the smaller of two that overlap; `only` empty: all.
    private static func common(_ prefixes: Set<IPPrefix>, _ only: [IPPrefix]) -> Set<IPPrefix> {
        guard !only.isEmpty else { return prefixes }
        var result: Set<IPPrefix> = []
        for prefix in prefixes {
            for limit in only {
                if limit.contains(prefix) { result.insert(prefix) } else if prefix.contains(limit) { result.insert(limit) }
            }
        }
        return result
    }
}

extension IPPrefix {
    /// fe80::/10 (RFC 4291) and 169.254.0.0/16 (RFC 3927): never leave their link.
    var isLinkLocal: Bool {
        switch address {
        case .v4(let address): address.bits >> 16 == 0xa9fe
        case .v6(let address): address.bits >> 118 == 0x3fa
        }
    }
}
