import NetworkTypes

/// An address on a device of ours.
package struct InterfaceHost: Hashable, Sendable, Codable {
    package var link: String
    /// Always a host route's length.
    package var address: IPAddress

    package init(link: String, address: IPAddress) {
        self.link = link
        self.address = address
    }
}

/// A route of ours in a VRF's table, under our protocol number.
package struct VRFRoute: Hashable, Sendable, Codable {
    package enum Target: Hashable, Sendable, Codable {
        /// On the device itself, `scope link`.
        case link(String)
        /// Through a router that is reached on that device (`onlink`).
        case via(IPAddress, link: String)
        /// A packet that no route matches must not fall through to the main table.
        case unreachable
    }

    package var table: UInt32
    package var prefix: IPPrefix
    package var target: Target
    /// The lower one wins. For IPv6, the kernel makes 1024 of 0.
    package var metric: UInt32

    /// - Parameter metric: nil: what the kernel gives a route without one, and for `unreachable` the one that all others win over.
    package init(table: UInt32, prefix: IPPrefix, target: Target, metric: UInt32? = nil) {
        self.table = table
        self.prefix = prefix
        self.target = target
        self.metric = metric ?? (target == .unreachable ? Self.unreachableMetric : prefix.family == .ipv6 ? 1024 : 0)
    }

    /// Metric of the unreachable defaults: below any that a routing daemon uses (vrf documentation of the Linux kernel).
    package static let unreachableMetric: UInt32 = 4_278_198_272
    /// Metric of the ways of probes in both families: no route that is learned, with 20, is a better way to the same address.
    package static let probeMetric: UInt32 = 1
}

/// A permanent neighbour entry: OVN tells the router's MAC, so no ARP is needed.
package struct StaticNeighbour: Hashable, Sendable, Codable {
    package var link: String
    package var address: IPAddress
    package var mac: MACAddress

    package init(link: String, address: IPAddress, mac: MACAddress) {
        self.link = link
        self.address = address
        self.mac = mac
    }
}

/// A route that zebra installed and that leads to another gateway.
package struct TunnelRoute: Hashable, Sendable, Codable {
    package var prefix: IPPrefix
    /// The other gateway's VTEP.
    package var nextHop: IPAddress
    /// Further next hops of a multipath route.
    package var further: [IPAddress]
    /// The neighbour and forwarding entries of all next hops exist.
    package var isReady: Bool

    package init(prefix: IPPrefix, nextHop: IPAddress, further: [IPAddress] = [], isReady: Bool) {
        self.prefix = prefix
        self.nextHop = nextHop
        self.further = further
        self.isReady = isReady
    }
}
