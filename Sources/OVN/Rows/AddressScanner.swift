import NetworkTypes

/// Reads the addresses of a port's entry straight from its bytes.
///
/// Deriving a cloud parses some three words per port, and most of the time went there: 5 µs a word through strings, a tenth of
/// that here. It knows the common forms only and answers nil to everything else, right or wrong: then the types' own parsers
/// of `NetworkTypes` have the word, so that this one decides nothing.
struct AddressScanner {
    let bytes: UnsafeBufferPointer<UInt8>

    /// `02:00:00:00:00:01`.
    func mac(_ range: Range<Int>) -> MACAddress? {
        guard range.count == 17 else { return nil }
        var bits: UInt64 = 0
        for offset in 0..<17 {
            let byte = bytes[range.lowerBound + offset]
            if offset % 3 == 2 {
                guard byte == 0x3a else { return nil }
            } else {
                guard let digit = Self.hexDigit(byte) else { return nil }
                bits = bits << 4 | UInt64(digit)
            }
        }
        return MACAddress(bits: bits)
    }

    /// An address with or without `/LENGTH`; without, it has that of a host.
    func interface(_ range: Range<Int>) -> InterfaceAddress? {
        var end = range.upperBound
        var length: Int?
        // At most `/128`.
        for position in stride(from: range.upperBound - 1, through: max(range.lowerBound, range.upperBound - 4), by: -1)
        where bytes[position] == 0x2f {
            guard let number = decimal(position + 1..<range.upperBound) else { return nil }
            length = number
            end = position
            break
        }
        let address: IPAddress
        if let bits = ipv4(range.lowerBound..<end) {
            address = .v4(IPv4Address(bits: bits))
        } else if let bits = ipv6(range.lowerBound..<end) {
            address = .v6(IPv6Address(bits: bits))
        } else {
            return nil
        }
        let width = address.family.width
        guard length ?? width <= width else { return nil }
        return InterfaceAddress(address: address, length: length ?? width)
    }

    private func ipv4(_ range: Range<Int>) -> UInt32? {
        guard (7...15).contains(range.count) else { return nil }
        var bits: UInt32 = 0
        var parts = 0
        var start = range.lowerBound
        for position in range.lowerBound...range.upperBound where position == range.upperBound || bytes[position] == 0x2e {
            guard let octet = decimal(start..<position), octet <= 255 else { return nil }
            bits = bits << 8 | UInt32(octet)
            parts += 1
            start = position + 1
        }
        return parts == 4 ? bits : nil
    }

    /// Groups of hexadecimal digits with at most one `::`; an address that ends in a dotted quad is left to others.
    private func ipv6(_ range: Range<Int>) -> UInt128? {
        guard (2...39).contains(range.count) else { return nil }
        var bits: UInt128 = 0
        var groups = 0
        // How many groups stand before the `::`.
        var gap: Int?
        var position = range.lowerBound
        if bytes[position] == 0x3a {
            guard bytes[position + 1] == 0x3a else { return nil }
            gap = 0
            position += 2
        }
        while position < range.upperBound {
            var group: UInt128 = 0
            var digits = 0
            while position < range.upperBound, digits < 5, let digit = Self.hexDigit(bytes[position]) {
                group = group << 4 | UInt128(digit)
                digits += 1
                position += 1
            }
            guard (1...4).contains(digits), groups < 8 else { return nil }
            bits = bits << 16 | group
            groups += 1
            guard position < range.upperBound else { break }
            guard bytes[position] == 0x3a, position + 1 < range.upperBound else { return nil }
            position += 1
            if bytes[position] == 0x3a {
                guard gap == nil else { return nil }
                gap = groups
                position += 1
            }
        }
        guard let gap else { return groups == 8 ? bits : nil }
        guard groups < 8 else { return nil }
        let tail = UInt128(16 * (groups - gap))
        let low = bits & ((UInt128(1) << tail) - 1)
        return gap == 0 ? low : (bits >> tail) << UInt128(128 - 16 * gap) | low
    }

    /// One to three digits without leading zeros.
    private func decimal(_ range: Range<Int>) -> Int? {
        guard (1...3).contains(range.count), range.count == 1 || bytes[range.lowerBound] != 0x30 else { return nil }
        var number = 0
        for position in range {
            let byte = bytes[position]
            guard (0x30...0x39).contains(byte) else { return nil }
            number = number * 10 + Int(byte - 0x30)
        }
        return number
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
