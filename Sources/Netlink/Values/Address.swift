import NetworkTypes

/// An IP address of an interface.
package struct Address: Hashable, Sendable, Codable {
    package var interface: String
    package var address: InterfaceAddress
    package var scope: Scope
    /// The kernel makes no route for the address's network.
    package var suppressesPrefixRoute: Bool
    /// IPv6: duplicate address detection (RFC 4862) is skipped, so that the address can be used at once. Always false for IPv4.
    package var skipsDuplicateDetection: Bool

    package enum Scope: Hashable, Sendable, Codable {
        case global, site, link, host
        case other(UInt8)
    }

    package init(
        interface: String, address: InterfaceAddress, scope: Scope = .global, suppressesPrefixRoute: Bool = false,
        skipsDuplicateDetection: Bool = false
    ) {
        self.interface = interface
        self.address = address
        self.scope = scope
        self.suppressesPrefixRoute = suppressesPrefixRoute
        self.skipsDuplicateDetection = skipsDuplicateDetection && address.address.family == .ipv6
    }
}

extension Address.Scope {
    /// RT_SCOPE_… of linux/rtnetlink.h.
    var number: UInt8 {
        switch self {
        case .global: 0
        case .site: 200
        case .link: 253
        case .host: 254
        case .other(let number): number
        }
    }

    init(number: UInt8) {
        switch number {
        case 0: self = .global
        case 200: self = .site
        case 253: self = .link
        case 254: self = .host
        default: self = .other(number)
        }
    }
}
