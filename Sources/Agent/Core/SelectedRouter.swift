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
        /// Of these ports, those whose own addresses are not to be advertised.
        var silent: Set<String> = []
        /// Which of the router's static routes may be advertised, where the attachment lets them.
        var extraRoutes = ExtraRoutes.all
    }

    enum ExtraRoutes: Hashable, Sendable {
        /// All of a router; of single ports none.
        case all
        case none
        /// Those by a port, by its name.
        case only([String: Set<IPPrefix>])
    }

    var router: RouterView
    /// What takes part in forwarding.
    var subnets: Set<IPPrefix>
    var advertised: Set<IPPrefix>
    /// What is advertised for a moment longer, because its port is bound no more, or went down.
    var lapsed: Set<IPPrefix>
    /// Of these, the ones whose port is bound and down.
    var down: Set<IPPrefix>
    /// Addresses of machines with a floating IP that is translated on their own chassis.
    var distributed: Set<IPPrefix>
    /// Another VPN owns it and shares these parts.
    var isShared: Bool
    /// What further VPNs share.
    var refused: Set<IPPrefix>

    init(_ part: Part, _ attachment: AttachmentIntent, _ vpn: VPNIntent) {
        router = part.router
        isShared = !attachment.only.isEmpty
        refused = Set(attachment.refused)
        let ports = Ports(part)
        let networks =
            part.ports == nil
            ? Set(part.interfaces.flatMap(\.subnets)).filter { !$0.isLinkLocal } : ports.up.union(ports.down).union(ports.unbound)
        let extra = attachment.advertise.contains(.extraRoutes) ? Self.extraRoutes(of: part) : []
        // What is no port at all may be a machine that OVN does not know.
        let dead = Set(extra.filter { route in route.nextHops.isSubset(of: ports.down.union(ports.unbound)) }.map(\.prefix))

        subnets = Self.common(networks.union(extra.map(\.prefix)), attachment.only)
        distributed = ports.distributed
        var candidates: Set<IPPrefix> = []
        if attachment.advertise.contains(.subnets) {
            candidates.formUnion(Self.common(part.ports == nil ? networks : ports.up.subtracting(ports.silent), attachment.only))
        }
        candidates.formUnion(Self.common(Set(extra.map(\.prefix)).subtracting(dead), attachment.only))
        // What nobody may import is not advertised: a tap.
        func permitted(_ prefixes: Set<IPPrefix>) -> Set<IPPrefix> {
            vpn.exportTargets.isEmpty ? [] : prefixes.filter { attachment.export.permits($0) && vpn.exportFilter.permits($0) }
        }
        func hosts(_ prefixes: Set<IPPrefix>) -> Set<IPPrefix> {
            let isWanted = attachment.advertise.contains(.hosts) || part.ports != nil && attachment.advertise.contains(.subnets)
            return isWanted ? permitted(Self.common(prefixes.subtracting(ports.silent), attachment.only)) : []
        }
        advertised = permitted(candidates)
        if attachment.advertise.contains(.hosts) { advertised.formUnion(hosts(ports.up)) }
        advertised.subtract(distributed)
        lapsed = hosts(ports.down.union(ports.unbound)).union(permitted(Self.common(dead, attachment.only))).subtracting(advertised)
            .subtracting(distributed)
        down = hosts(ports.down).subtracting(advertised).subtracting(distributed)
    }

    /// The addresses of a part's ports, by whether anything behind them can be reached.
    struct Ports {
        var up: Set<IPPrefix> = []
        var down: Set<IPPrefix> = []
        var unbound: Set<IPPrefix> = []
        /// Those of any with a floating IP that is translated on the machine's own chassis.
        var distributed: Set<IPPrefix> = []
        /// Those that are not to be advertised.
        var silent: Set<IPPrefix> = []

        init(_ part: Part) {
            func isMeant(_ host: Host) -> Bool { part.ports?.contains(host.logicalPort) ?? true }
            for interface in part.interfaces {
                for host in interface.hosts + interface.unbound where part.silent.contains(host.logicalPort) {
                    silent.formUnion(host.prefixes)
                }
                for host in interface.hosts where isMeant(host) {
                    for prefix in host.prefixes { if host.isUp { up.insert(prefix) } else { down.insert(prefix) } }
                }
                for host in interface.unbound where isMeant(host) { unbound.formUnion(host.prefixes) }
            }
            // What a balancer answers on has a port that is bound nowhere.
            if part.ports == nil {
                let subnets = part.interfaces.flatMap(\.subnets)
                up.formUnion(part.router.balanced.filter { address in subnets.contains { $0.contains(address) } }.map(IPPrefix.init(host:)))
            }
            down.subtract(up)
            unbound.subtract(up)
            let rules = part.router.natRules.filter(\.isDistributed).map(\.logical)
            distributed = Set(rules).intersection(up.union(down).union(unbound))
        }
    }

    func joined(with other: SelectedRouter) -> SelectedRouter {
        var result = self
        result.subnets.formUnion(other.subnets)
        result.advertised.formUnion(other.advertised)
        result.lapsed = lapsed.union(other.lapsed).subtracting(result.advertised)
        result.down = down.union(other.down).subtracting(result.advertised)
        result.distributed.formUnion(other.distributed)
        result.isShared = isShared && other.isShared
        result.refused.formUnion(other.refused)
        return result
    }

    /// A network that is reached by machines of the tenant.
    private struct ExtraRoute {
        var prefix: IPPrefix
        var nextHops: Set<IPPrefix>
    }

    /// The router's static routes to networks behind its own ones; default routes, and those that lead out again, are none.
    private static func extraRoutes(of part: Part) -> [ExtraRoute] {
        let subnets = part.interfaces.flatMap(\.subnets)
        var nextHops: [IPPrefix: Set<IPPrefix>] = [:]
        for route in part.router.staticRoutes {
            guard let nextHop = route.nextHop, route.prefix.length > 0, !route.prefix.isLinkLocal,
                subnets.contains(where: { $0.contains(nextHop) })
            else { continue }
            guard part.allows(route.prefix, by: nextHop) else { continue }
            nextHops[route.prefix, default: []].insert(IPPrefix(host: nextHop))
        }
        return nextHops.map { ExtraRoute(prefix: $0, nextHops: $1) }
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

extension SelectedRouter.Part {
    /// Whether its associations let a static route of the router be advertised.
    fileprivate func allows(_ prefix: IPPrefix, by nextHop: IPAddress) -> Bool {
        switch extraRoutes {
        case .all: ports == nil
        case .none: false
        case .only(let routes):
            interfaces.contains { interface in
                (interface.hosts + interface.unbound).contains { host in
                    routes[host.logicalPort]?.contains(prefix) ?? false && (host.addresses + host.allowed).contains(nextHop)
                }
            }
        }
    }
}

extension Host {
    /// Its addresses as host routes; those that never leave their link are none.
    fileprivate var prefixes: [IPPrefix] { (addresses + allowed).map(IPPrefix.init(host:)).filter { !$0.isLinkLocal } }
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
