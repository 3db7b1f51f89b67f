/// A special-purpose block that networks cannot use and routers do not forward (RFC 6890, RFC 4291).
package enum SpecialPurpose: String, Hashable, Sendable, CaseIterable {
    case thisNetwork = "0.0.0.0/8"
    case loopback = "127.0.0.0/8"
    case linkLocal = "169.254.0.0/16"
    case multicast = "224.0.0.0/4"
    case reserved = "240.0.0.0/4"
    case unspecified6 = "::/128"
    case loopback6 = "::1/128"
    case mapped6 = "::ffff:0.0.0.0/96"
    case linkLocal6 = "fe80::/10"
    case multicast6 = "ff00::/8"

    /// Its name, for messages.
    package var words: String {
        switch self {
        case .thisNetwork: "“this network” (0.0.0.0/8)"
        case .loopback, .loopback6: "loopback"
        case .linkLocal, .linkLocal6: "link-local"
        case .multicast, .multicast6: "multicast"
        case .reserved: "reserved (240.0.0.0/4)"
        case .unspecified6: "the unspecified address"
        case .mapped6: "IPv4-mapped"
        }
    }

    private static let blocks: [(prefix: IPPrefix, purpose: Self)] = allCases.compactMap { purpose in
        IPPrefix(purpose.rawValue).map { ($0, purpose) }
    }

    /// The block that contains the whole prefix; nil if part of the prefix is usable, as with a default route.
    package init?(holding prefix: IPPrefix) {
        guard let found = Self.blocks.first(where: { $0.prefix.contains(prefix) }) else { return nil }
        self = found.purpose
    }

    /// Whether some addresses of a prefix are in this block.
    package func overlaps(_ prefix: IPPrefix) -> Bool {
        Self.blocks.contains { $0.purpose == self && $0.prefix.overlaps(prefix) }
    }

    /// The block of an address; nil if the address is usable and routable.
    package init?(of address: IPAddress) { self.init(holding: IPPrefix(host: address)) }
}

extension IPPrefix {
    /// Whether it is, or contains, a whole block for private use (RFC 1918, RFC 6598, RFC 4193). Such a prefix means
    /// “everything private”, not a particular network.
    package var isAggregate: Bool { Self.privateBlocks.contains(where: contains) }

    private static let privateBlocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fd00::/8"]
        .compactMap { IPPrefix($0) }
}
