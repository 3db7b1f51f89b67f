/// An IPv4 address (RFC 791), in host byte order.
package struct IPv4Address: TextualValue, Comparable {
    package let bits: UInt32

    package init(bits: UInt32) { self.bits = bits }

    /// Dotted quad without leading zeros: `010` is refused, because some programs read it as octal and others as decimal.
    package init(parsing text: some StringProtocol) throws(ParseError) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        var bits: UInt32 = 0
        if let slash = text.firstIndex(of: "/"), let address = Self(String(text[..<slash])) {
            throw ParseError(
                expected: "IPv4 address", value: String(text), reason: "an address has no prefix length",
                remedy: "write \(address)")
        }
        guard parts.count == 4 else { throw Self.refusal(text, "must have four parts") }
        for part in parts {
            guard let octet = decimal(part, as: UInt8.self) else {
                throw Self.refusal(
                    text, "\(cited(part)) \(notationFault(of: part) == nil ? "is over 255" : "is not a decimal number 0–255")")
            }
            bits = bits << 8 | UInt32(octet)
        }
        self.bits = bits
    }

    private static func refusal(_ text: some StringProtocol, _ reason: String) -> ParseError {
        ParseError(expected: "IPv4 address", value: String(text), reason: reason, remedy: "write it like 192.0.2.1")
    }

    package var description: String { "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)" }
    package static func < (a: Self, b: Self) -> Bool { a.bits < b.bits }
}

/// An IPv6 address (RFC 4291) in host byte order, printed in the form of RFC 5952.
package struct IPv6Address: TextualValue, Comparable {
    package let bits: UInt128

    package init(bits: UInt128) { self.bits = bits }

    package init(parsing text: some StringProtocol) throws(ParseError) {
        guard let bits = Self.read(String(text)) else {
            if let slash = text.firstIndex(of: "/"), let address = Self(String(text[..<slash])) {
                throw ParseError(
                    expected: "IPv6 address", value: String(text), reason: "an address has no prefix length",
                    remedy: "write \(address)")
            }
            throw ParseError(
                expected: "IPv6 address", value: String(text), reason: "must follow RFC 4291",
                remedy: "write it like 2001:db8::1, without zone and without prefix length")
        }
        self.bits = bits
    }

    /// Eight groups, at most one `::`, optionally ending in a dotted quad (RFC 4291, section 2.2).
    private static func read(_ text: String) -> UInt128? {
        let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        guard halves.count <= 2, let head = groups(halves[0], quadAllowed: halves.count == 1) else { return nil }
        guard halves.count == 2 else { return head.count == 8 ? join(head) : nil }
        guard let tail = groups(halves[1], quadAllowed: true), head.count + tail.count <= 7 else { return nil }
        return join(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    private static func groups(_ text: Substring, quadAllowed: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        var result: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if quadAllowed, index == parts.count - 1, part.contains(".") {
                guard let quad = IPv4Address(String(part)) else { return nil }
                result += [UInt16(quad.bits >> 16), UInt16(truncatingIfNeeded: quad.bits)]
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexDigit),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                result.append(group)
            }
        }
        return result
    }

    private static func join(_ groups: [UInt16]) -> UInt128 { groups.reduce(0) { $0 << 16 | UInt128($1) } }

    package var description: String {
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0)) }
        if bits >> 32 == 0xffff { return "::ffff:\(IPv4Address(bits: UInt32(truncatingIfNeeded: bits)))" }
        // RFC 5952, section 4.2: the longest run of zeros, the first one if equal, never a single group.
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > best.count, end - start > 1 { best = start..<end }
            start = max(end, start + 1)
        }
        func hex(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        return best.isEmpty ? hex(0..<8) : hex(0..<best.lowerBound) + "::" + hex(best.upperBound..<8)
    }

    package static func < (a: Self, b: Self) -> Bool { a.bits < b.bits }
}

/// The address families of tenants' addresses.
package enum AddressFamily: String, Hashable, Sendable, Codable, CaseIterable {
    case ipv4, ipv6

    /// The length of an address in bits: 32 or 128.
    package var width: Int { self == .ipv4 ? 32 : 128 }
}

/// An address of either family. IPv4 sorts before IPv6.
package enum IPAddress: TextualValue, Comparable {
    case v4(IPv4Address)
    case v6(IPv6Address)

    package init(parsing text: some StringProtocol) throws(ParseError) {
        do {
            self = text.contains(":") ? .v6(try IPv6Address(parsing: text)) : .v4(try IPv4Address(parsing: text))
        } catch {
            // The error names the family that the text looks like.
            guard text.contains(":") || text.contains(".") else {
                throw ParseError(
                    expected: "IP address", value: error.value, reason: "must be an IPv4 or IPv6 address",
                    remedy: "write it like 192.0.2.1 or 2001:db8::1")
            }
            throw error
        }
    }

    /// One word for IPv4: what is looked up most are dictionaries by address and by prefix.
    package func hash(into hasher: inout Hasher) {
        switch self {
        case .v4(let address): hasher.combine(UInt64(address.bits))
        case .v6(let address):
            hasher.combine(UInt64(truncatingIfNeeded: address.bits >> 64))
            hasher.combine(UInt64(truncatingIfNeeded: address.bits))
        }
    }

    package var family: AddressFamily {
        switch self {
        case .v4: .ipv4
        case .v6: .ipv6
        }
    }

    /// The address as a number; an IPv4 address uses the low 32 bits.
    package var bits: UInt128 {
        switch self {
        case .v4(let address): UInt128(address.bits)
        case .v6(let address): address.bits
        }
    }

    package init(family: AddressFamily, bits: UInt128) {
        self =
            family == .ipv4
            ? .v4(IPv4Address(bits: UInt32(truncatingIfNeeded: bits))) : .v6(IPv6Address(bits: bits))
    }

    /// From 4 or 16 octets in network byte order; nil for any other number of them.
    package init?(octets: some Collection<UInt8>) {
        guard octets.count == 4 || octets.count == 16 else { return nil }
        self.init(family: octets.count == 4 ? .ipv4 : .ipv6, bits: octets.reduce(0) { $0 << 8 | UInt128($1) })
    }

    /// 4 or 16 of them, in network byte order.
    package var octets: [UInt8] {
        stride(from: family.width - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> UInt128($0)) }
    }

    package var description: String {
        switch self {
        case .v4(let address): address.description
        case .v6(let address): address.description
        }
    }
}

func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
    default: false
    }
}

extension IPAddress {
    /// `::ffff:10.255.0.2` as 10.255.0.2, any other address as it is: the next hop of an IPv6 route over an IPv4 tunnel is shown as an
    /// IPv4-mapped address (RFC 4291, section 2.5.5.2).
    package var withoutMapping: IPAddress {
        guard case .v6(let address) = self, address.bits >> 32 == 0xffff else { return self }
        return .v4(IPv4Address(bits: UInt32(truncatingIfNeeded: address.bits)))
    }
}
