/// What a revocation list says of itself.
package struct RevocationListSummary: Hashable, Sendable {
    package let number: RevocationListNumber
    /// Seconds since 1970.
    package let from: Int64
    /// Seconds since 1970; after that nobody is let in by it.
    package let until: Int64
    /// Certificates that it revokes.
    package let revoked: Int

    /// Seconds.
    var lifetime: Double { Double(until - from) }
}

/// The number of a revocation list (RFC 5280, section 5.2.3): up to 20 bytes, and higher with each list of an authority.
package struct RevocationListNumber: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Big endian, without leading zeros; empty for 0.
    private let bytes: [UInt8]

    package init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes.drop { $0 == 0 }) }

    package static func < (one: Self, other: Self) -> Bool {
        one.bytes.count == other.bytes.count
            ? one.bytes.lexicographicallyPrecedes(other.bytes) : one.bytes.count < other.bytes.count
    }

    /// In words, one more.
    var next: String { bytes.count < 8 ? "\(bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } + 1)" : "N, above \(self)" }

    /// Decimal as far as 8 bytes, else hexadecimal.
    package var description: String {
        bytes.count <= 8 ? "\(bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })" : "0x\(hexadecimal(bytes))"
    }
}
