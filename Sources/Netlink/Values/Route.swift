import NetworkTypes

/// A route of one of the kernel's tables.
///
/// A route that is read equals the requested one, so a plan is the difference of two sets.
package struct Route: Hashable, Sendable, Codable {
    package var table: UInt32
    package var prefix: IPPrefix
    package var kind: Kind
    /// Who put it there: RTPROT_KERNEL is 2, zebra's BGP is 186; 0 matches any when deleting.
    package var protocolNumber: UInt8
    /// RTA_PRIORITY; the lowest wins. The kernel stores an IPv6 route without metric under 1024, so no IPv6 route has 0.
    package var metric: UInt32
    /// Empty unless the kind is unicast or local. More than one is multipath.
    package var nextHops: [NextHop]
    /// The next hop object (`ip nexthop`) that the next hops come from, as zebra makes them.
    package var nextHopObject: UInt32?

    package enum Kind: Hashable, Sendable, Codable {
        case unicast, local, blackhole, unreachable, prohibit
        /// RTN_… of linux/rtnetlink.h: broadcast, anycast, multicast, throw.
        case other(UInt8)
    }

    /// Gives way to everything that routing daemons install (their distance in the top octet is lower), yet comes before
    /// leaving the VRF for the main table: the metric that the kernel's VRF documentation recommends.
    package static let unreachableDefaultMetric: UInt32 = 4_278_198_272

    package init(
        table: UInt32, prefix: IPPrefix, kind: Kind = .unicast, protocolNumber: UInt8 = 0, metric: UInt32? = nil,
        nextHops: [NextHop] = [], nextHopObject: UInt32? = nil
    ) {
        self.table = table
        self.prefix = prefix
        self.kind = kind
        self.protocolNumber = protocolNumber
        self.metric = prefix.family == .ipv6 && (metric ?? 0) == 0 ? 1024 : metric ?? 0
        self.nextHops = nextHops
        self.nextHopObject = nextHopObject
    }
}

/// Where a route leads.
package struct NextHop: Hashable, Sendable, Codable {
    /// Nil: the destinations are on the link. May be IPv6 for an IPv4 route (RTA_VIA).
    package var gateway: IPAddress?
    package var interface: String
    /// The gateway counts as on-link, regardless of the interface's addresses (RTNH_F_ONLINK).
    package var isOnLink: Bool
    /// Share of a multipath route, 1…256.
    package var weight: UInt16

    package init(gateway: IPAddress? = nil, interface: String, isOnLink: Bool = false, weight: UInt16 = 1) {
        self.gateway = gateway
        self.interface = interface
        self.isOnLink = isOnLink
        self.weight = weight
    }
}

extension Route.Kind {
    /// RTN_… of linux/rtnetlink.h.
    var number: UInt8 {
        switch self {
        case .unicast: 1
        case .local: 2
        case .blackhole: 6
        case .unreachable: 7
        case .prohibit: 8
        case .other(let number): number
        }
    }

    init(number: UInt8) {
        switch number {
        case 1: self = .unicast
        case 2: self = .local
        case 6: self = .blackhole
        case 7: self = .unreachable
        case 8: self = .prohibit
        default: self = .other(number)
        }
    }

    /// Whether packets are refused here. The kernel shows IPv6 ones with the loopback interface as next hop; we do not.
    var refuses: Bool { [.blackhole, .unreachable, .prohibit].contains(self) }

    /// As `ip route` writes it.
    package var word: String {
        switch self {
        case .unicast: "unicast"
        case .local: "local"
        case .blackhole: "blackhole"
        case .unreachable: "unreachable"
        case .prohibit: "prohibit"
        case .other(3): "broadcast"
        case .other(4): "anycast"
        case .other(5): "multicast"
        case .other(9): "throw"
        case .other(let number): String(number)
        }
    }
}
