import NetworkTypes

/// What decides where packets of VPNs go, and is not ours: others' routes and rules, and the way to other gateways.
package struct ForwardingPaths: Hashable, Sendable, Codable {
    /// By table of ours: others' routes in it, whatever they lead to, and rules that take its packets.
    package var overrides: [UInt32: [RouteOverride]]
    /// To other gateways, by VTEP; only those that something learned leads to, and that the kernel has a route to.
    package var underlay: [IPAddress: UnderlayPath]

    package init(overrides: [UInt32: [RouteOverride]] = [:], underlay: [IPAddress: UnderlayPath] = [:]) {
        self.overrides = overrides
        self.underlay = underlay
    }
}

/// A route or a rule that somebody else made, and that may take traffic before a route of a VPN's does.
package struct RouteOverride: Hashable, Sendable, Codable {
    /// `route blackhole 10.1.0.11/32 metric 1 in table 10001`, `rule 500: to 10.1.0.0/24 blackhole`.
    package var what: String
    /// The destinations whose traffic it takes.
    package var prefix: IPPrefix
    /// The line that takes it away.
    package var removal: String
    /// Of a route in the VRF's own table; nil: it is asked before all of that.
    package var metric: UInt32?

    package init(what: String, prefix: IPPrefix, removal: String, metric: UInt32? = nil) {
        self.what = what
        self.prefix = prefix
        self.removal = removal
        self.metric = metric
    }

    /// Whether it wins over a route to there: by a longer prefix, or over an equal one by its metric.
    func wins(over destination: IPPrefix, metric own: UInt32) -> Bool {
        guard let metric else { return true }
        guard destination.family == prefix.family, destination.contains(prefix) else { return false }
        return destination.length < prefix.length ? destination.length > 0 : metric <= own
    }
}

extension ObservedKernel {
    /// Those of a table that take traffic of its VPN.
    /// - Parameter destinations: that the VPN forwards to in other clouds, whether the kernel has routes there or not: zebra takes its own
    ///   away where somebody makes one with the same prefix.
    package func overrides(of table: UInt32, to destinations: Set<IPPrefix>) -> [RouteOverride] {
        guard let overrides = paths?.overrides[table], !overrides.isEmpty else { return [] }
        let learned = destinations.union((tunnels[table] ?? [:]).keys).map { ($0, TunnelRoute.metric) }
        let all = learned + routes.lazy.filter { $0.table == table }.map { ($0.prefix, $0.metric) }
        return overrides.filter { override in all.contains { override.wins(over: $0.0, metric: $0.1) } }
    }
}

extension TunnelRoute {
    /// zebra's for all that it learns from daemons.
    static let metric: UInt32 = 20
}

/// The way to another gateway's VTEP.
package struct UnderlayPath: Hashable, Sendable, Codable {
    package var device: String
    /// The largest packet that it carries, as far as the kernel knows, in bytes: the device's, the route's, and what routers on the way said.
    package var mtu: Int

    package init(device: String, mtu: Int) {
        self.device = device
        self.mtu = mtu
    }
}
