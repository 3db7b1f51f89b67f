/// A 48-bit MAC address (IEEE 802); printed in lower case with colons, as Linux, OVN and FRR do.
package struct MACAddress: TextualValue, Comparable {
    /// The low 48 bits; the first octet is the most significant.
    package let bits: UInt64

    package init(bits: UInt64) { self.bits = bits & 0xffff_ffff_ffff }

    package init(parsing text: some StringProtocol) throws(ParseError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6 else { throw Self.refusal(text, "must have six parts separated by colons") }
        var bits: UInt64 = 0
        for part in parts {
            guard part.utf8.count == 2, part.utf8.allSatisfy(isHexDigit), let octet = UInt8(part, radix: 16) else {
                throw Self.refusal(text, "\(cited(part)) is not a pair of hexadecimal digits")
            }
            bits = bits << 8 | UInt64(octet)
        }
        self.bits = bits
    }

    private static func refusal(_ text: some StringProtocol, _ reason: String) -> ParseError {
        ParseError(expected: "MAC address", value: String(text), reason: reason, remedy: "write it like 02:00:00:00:00:01")
    }

    package var octets: [UInt8] { (0..<6).map { UInt8(truncatingIfNeeded: bits >> UInt64(40 - 8 * $0)) } }
    /// Group or broadcast address (IEEE 802, I/G bit).
    package var isMulticast: Bool { bits >> 40 & 1 == 1 }

    package var description: String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }

    package static func < (a: Self, b: Self) -> Bool { a.bits < b.bits }
}
