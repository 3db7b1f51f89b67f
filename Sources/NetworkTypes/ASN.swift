/// An autonomous system number (RFC 6793): 1…4294967294. Read as asplain or asdot (RFC 5396), printed as asplain.
package struct ASN: NumericValue {
    package let value: UInt32

    /// Nil for the reserved 0 (RFC 7607), 23456 (AS_TRANS, RFC 6793), 65535 and 4294967295 (RFC 7300).
    package init?(value: UInt32) {
        guard ![0, 23456, 65535, .max].contains(value) else { return nil }
        self.value = value
    }

    package init(parsing text: some StringProtocol) throws(ParseError) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let number: UInt32?
        if parts.count == 2, let high = decimal(parts[0], as: UInt16.self), let low = decimal(parts[1], as: UInt16.self) {
            number = UInt32(high) << 16 | UInt32(low)
        } else {
            number = decimal(text, as: UInt32.self)
        }
        guard let number, let asn = ASN(value: number) else {
            throw ParseError(
                expected: "AS number", value: String(text),
                reason: number == nil
                    ? numberFault(text, in: 1...4_294_967_294) : "0, 23456, 65535 and 4294967295 are reserved",
                remedy: "write it like 65001 or 4200000001 (64086.59905 in asdot), or omit it to have one allocated")
        }
        self = asn
    }

    /// Fits two bytes (RFC 4271).
    package var isTwoByte: Bool { value <= 0xffff }

    /// Private use (RFC 6996): 64512…65534 and 4200000000…4294967294.
    package var isPrivate: Bool { (64512...65534).contains(value) || value >= 4_200_000_000 }
}
