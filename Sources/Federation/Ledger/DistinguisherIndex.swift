import NetworkTypes

/// The second half of a VPN's route distinguishers, after each gateway's VTEP address: 1…65535 (RFC 4364, type 1).
package struct DistinguisherIndex: TextualValue, Comparable {
    package let value: UInt16

    package init(value: UInt16) { self.value = value }

    package init(parsing text: some StringProtocol) throws(ParseError) {
        guard let value = UInt16(text), value > 0, value.description == text else {
            throw ParseError(
                expected: "RD index", value: String(text), reason: "must be 1–65535", remedy: "write it like 7")
        }
        self.value = value
    }

    package var description: String { String(value) }
    package static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}
