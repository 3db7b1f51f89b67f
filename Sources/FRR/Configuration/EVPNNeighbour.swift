import NetworkTypes

/// An EVPN neighbour: another gateway, or a route server.
package struct EVPNNeighbour: Hashable, Sendable, Codable {
    package var address: IPAddress
    package var asn: ASN
    /// For people who read the configuration, such as `tokyo/gw1`. Spaces and control characters become `_`; at most 80 bytes.
    package var description: String?
    /// Nil: none.
    package var authentication: SessionAuthentication?

    package init(address: IPAddress, asn: ASN, description: String? = nil, authentication: SessionAuthentication? = nil) {
        self.address = address
        self.asn = asn
        self.description = description.flatMap(Self.printable)
        self.authentication = authentication
    }

    /// What a configuration line preserves: FRR joins words with one space and drops unprintable characters.
    private static func printable(_ text: String) -> String? {
        if !text.isEmpty, text.utf8.count <= 80, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) { return text }
        let scalars = text.unicodeScalars.map { (0x21...0x7e).contains($0.value) ? Character($0) : "_" }
        return scalars.isEmpty ? nil : String(scalars.prefix(80))
    }
}

/// How fast a lost peer is noticed (RFC 4271, section 10), in seconds.
package struct BGPTimers: Hashable, Sendable, Codable {
    package let keepalive: UInt16
    package let hold: UInt16
    package let connectRetry: UInt16

    /// - Parameters:
    ///   - keepalive: at most a third of `hold`; longer values are reduced to that, as FRR does.
    ///   - hold: 3…65535.
    ///   - connectRetry: the wait between attempts to connect, 1…65535.
    package init(keepalive: UInt16 = 3, hold: UInt16 = 9, connectRetry: UInt16 = 5) {
        self.hold = max(3, hold)
        self.keepalive = min(keepalive, self.hold / 3)
        self.connectRetry = max(1, connectRetry)
    }
}

/// Why our lines cannot be configured next to the operator's.
package enum BGPConflict: Error, Hashable, Sendable, CustomStringConvertible {
    /// bgpd has one default instance, and it belongs to another AS.
    case otherASN(running: ASN, wanted: ASN)

    package var description: String {
        switch self {
        case .otherASN(let running, let wanted):
            "bgpd runs AS \(running), the federation has AS \(wanted) for this cloud: set the cloud’s AS to \(running), "
                + "or remove `router bgp \(running)`"
        }
    }
}
