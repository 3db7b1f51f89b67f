/// A network prefix: an address without host bits, and a length (RFC 4632, RFC 4291).
package struct IPPrefix: TextualValue, Comparable {
    package let address: IPAddress
    /// 0…32 or 0…128.
    package let length: Int

    /// The network of `address`: host bits are cleared.
    package init(containing address: IPAddress, length: Int) {
        precondition((0...address.family.width).contains(length), "prefix length out of range")
        self.address = IPAddress(family: address.family, bits: address.bits & Self.mask(address.family, length))
        self.length = length
    }

    /// A single address as /32 or /128.
    package init(host address: IPAddress) { self.init(containing: address, length: address.family.width) }

    /// 0.0.0.0/0 or ::/0.
    package static func everything(_ family: AddressFamily) -> IPPrefix {
        IPPrefix(containing: IPAddress(family: family, bits: 0), length: 0)
    }

    /// `ADDRESS/LENGTH`; an address alone is a host route. Host bits are refused, not cleared:
    /// 10.0.0.5/24 is usually a mistake.
    package init(parsing text: some StringProtocol) throws(ParseError) {
        let interface = try InterfaceAddress(parsing: text, expected: "IP prefix")
        guard interface.prefix.address == interface.address else {
            throw ParseError(
                expected: "IP prefix", value: String(text), reason: "host bits are set",
                remedy: "write \(interface.prefix) for the network or \(interface.address) for the host")
        }
        self = interface.prefix
    }

    /// As of `IPAddress`, with the length.
    package func hash(into hasher: inout Hasher) {
        switch address {
        case .v4(let address): hasher.combine(UInt64(address.bits) << 8 | UInt64(length))
        case .v6:
            address.hash(into: &hasher)
            hasher.combine(UInt8(length))
        }
    }

    package var family: AddressFamily { address.family }
    package var isHost: Bool { length == family.width }
    package var description: String { "\(address)/\(length)" }

    package func contains(_ other: IPAddress) -> Bool {
        other.family == family && other.bits & Self.mask(family, length) == address.bits
    }

    package func contains(_ other: IPPrefix) -> Bool { other.length >= length && contains(other.address) }
    package func overlaps(_ other: IPPrefix) -> Bool { contains(other) || other.contains(self) }

    package static func < (a: Self, b: Self) -> Bool { (a.address, a.length) < (b.address, b.length) }

    private static func mask(_ family: AddressFamily, _ length: Int) -> UInt128 {
        let all: UInt128 = family == .ipv4 ? UInt128(UInt32.max) : .max
        return length == 0 ? 0 : all & ~(all >> UInt128(length))
    }
}

/// An address with the prefix length of its network, as on an interface or router port (`10.1.0.1/24`).
package struct InterfaceAddress: TextualValue, Comparable {
    package let address: IPAddress
    /// 0…32 or 0…128.
    package let length: Int

    package init(address: IPAddress, length: Int) {
        precondition((0...address.family.width).contains(length), "prefix length out of range")
        self.address = address
        self.length = length
    }

    package init(parsing text: some StringProtocol) throws(ParseError) {
        try self.init(parsing: text, expected: "interface address")
    }

    fileprivate init(parsing text: some StringProtocol, expected: String) throws(ParseError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(String(first)) else {
            throw ParseError(
                expected: expected, value: String(text), reason: "must begin with an IP address",
                remedy: "write it like 10.1.0.0/24 or fd10:1::/64")
        }
        guard parts.count == 2 else {
            self.init(address: address, length: address.family.width)
            return
        }
        guard let length = decimal(parts[1], as: UInt8.self), Int(length) <= address.family.width else {
            throw ParseError(
                expected: expected, value: String(text),
                reason: "length must be 0–\(address.family.width)",
                remedy: "write it like 10.1.0.0/24 or fd10:1::/64")
        }
        self.init(address: address, length: Int(length))
    }

    package var prefix: IPPrefix { IPPrefix(containing: address, length: length) }
    package var description: String { "\(address)/\(length)" }
    package static func < (a: Self, b: Self) -> Bool { (a.address, a.length) < (b.address, b.length) }
}
