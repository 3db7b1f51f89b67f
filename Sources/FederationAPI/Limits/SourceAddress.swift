import NIOCore

/// Where a connection comes from, as limits count it: an IPv4 address, or the /64 of an IPv6 address, in which one host has any number.
package struct SourceAddress: Hashable, Sendable {
    private let bytes: [UInt8]

    package init(_ address: SocketAddress?) {
        bytes =
            switch address {
            case .v4(let ipv4)?: withUnsafeBytes(of: ipv4.address.sin_addr) { Array($0) }
            case .v6(let ipv6)?: Self.network(withUnsafeBytes(of: ipv6.address.sin6_addr) { Array($0) })
            case .unixDomainSocket?, nil: []
            }
    }

    /// ::ffff:a.b.c.d is IPv4 as a socket of both families shows it.
    private static func network(_ ipv6: [UInt8]) -> [UInt8] {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        return ipv6.starts(with: mapped) ? Array(ipv6.suffix(4)) : Array(ipv6.prefix(8))
    }
}
