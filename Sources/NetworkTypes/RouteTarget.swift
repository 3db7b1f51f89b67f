/// Administrator and number, the common form of route targets and route distinguishers (RFC 4364, 4360, 5668).
package enum AdministeredNumber: Hashable, Sendable {
    /// A two-byte AS leaves 32 bits for the number.
    case as2(UInt16, UInt32)
    /// An IPv4 address leaves 16 bits.
    case ipv4(IPv4Address, UInt16)
    /// A four-byte AS leaves 16 bits. If it fits two bytes, it is printed in asdot (`0.100:5`, RFC 5396), because `100:5`
    /// is the two-byte form, which is a different value on the wire.
    case as4(UInt32, UInt16)

    /// As on the wire (RFC 4364, 4.2): two bytes of type, six of value.
    package func hash(into hasher: inout Hasher) {
        switch self {
        case .as2(let asn, let number): hasher.combine(UInt64(asn) << 32 | UInt64(number))
        case .ipv4(let address, let number): hasher.combine(1 << 48 | UInt64(address.bits) << 16 | UInt64(number))
        case .as4(let asn, let number): hasher.combine(2 << 48 | UInt64(asn) << 16 | UInt64(number))
        }
    }

    fileprivate init(parsing text: some StringProtocol, expected: String) throws(ParseError) {
        func refusal(_ reason: String) -> ParseError {
            ParseError(
                expected: expected, value: String(text), reason: reason,
                remedy: "write it like 64900:10001 (two-byte AS, 32-bit number), 192.0.2.1:100 or 4200000001:100 (16-bit number)")
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw refusal("must have two parts separated by one colon") }
        if parts[0] == "*" || parts[1] == "*" {
            throw refusal("a wildcard matches every target with the same number and would leak routes between tenants")
        }
        let dotted = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        if dotted.count == 2 {
            guard let high = decimal(dotted[0], as: UInt16.self), let low = decimal(dotted[1], as: UInt16.self) else {
                throw refusal("\(cited(parts[0])) is not a four-byte AS in asdot")
            }
            guard let number = decimal(parts[1], as: UInt16.self) else {
                throw refusal("with a four-byte AS, the number must be 0–65535")
            }
            self = .as4(UInt32(high) << 16 | UInt32(low), number)
        } else if dotted.count > 1 {
            guard let address = IPv4Address(String(parts[0])) else { throw refusal("\(cited(parts[0])) is not an IPv4 address") }
            guard let number = decimal(parts[1], as: UInt16.self) else {
                throw refusal("with an IPv4 address, the number must be 0–65535")
            }
            self = .ipv4(address, number)
        } else if let asn = decimal(parts[0], as: UInt16.self) {
            // FRR and RFC 4360 read N:M with N ≤ 65535 as the two-byte form, always.
            guard let number = decimal(parts[1], as: UInt32.self) else {
                throw refusal("with a two-byte AS, the number must be 0–4294967295")
            }
            self = .as2(asn, number)
        } else if let asn = decimal(parts[0], as: UInt32.self) {
            guard let number = decimal(parts[1], as: UInt16.self) else {
                throw refusal("with a four-byte AS, the number must be 0–65535")
            }
            self = .as4(asn, number)
        } else {
            throw refusal("must begin with an AS number or an IPv4 address")
        }
    }

    fileprivate var text: String {
        switch self {
        case .as2(let asn, let number): "\(asn):\(number)"
        case .ipv4(let address, let number): "\(address):\(number)"
        case .as4(let asn, let number):
            asn > 0xffff ? "\(asn):\(number)" : "0.\(asn):\(number)"
        }
    }

    /// Orders by form, administrator and number, to keep lists stable.
    fileprivate var order: (Int, UInt32, UInt32) {
        switch self {
        case .as2(let asn, let number): (0, UInt32(asn), number)
        case .ipv4(let address, let number): (1, address.bits, UInt32(number))
        case .as4(let asn, let number): (2, asn, UInt32(number))
        }
    }
}

/// A route target (RFC 4360, section 4): selects the VRFs that import a route. Wildcards are refused.
package struct RouteTarget: TextualValue, Comparable {
    package let number: AdministeredNumber

    package init(_ number: AdministeredNumber) { self.number = number }

    package init(parsing text: some StringProtocol) throws(ParseError) {
        number = try AdministeredNumber(parsing: text, expected: "route target")
    }

    package var description: String { number.text }
    package static func < (a: Self, b: Self) -> Bool { a.number.order < b.number.order }
}

/// A route distinguisher (RFC 4364, section 4.2): makes equal prefixes of two VRFs different routes. It does not select VRFs.
package struct RouteDistinguisher: TextualValue, Comparable {
    package let number: AdministeredNumber

    package init(_ number: AdministeredNumber) { self.number = number }

    package init(parsing text: some StringProtocol) throws(ParseError) {
        number = try AdministeredNumber(parsing: text, expected: "route distinguisher")
    }

    package var description: String { number.text }
    package static func < (a: Self, b: Self) -> Bool { a.number.order < b.number.order }
}
