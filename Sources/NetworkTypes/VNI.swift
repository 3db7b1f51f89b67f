/// A VXLAN network identifier (RFC 7348): 1…16777215. Zero is excluded, because FRR and the kernel read it as "none".
package struct VNI: NumericValue {
    package let value: UInt32

    package static let range: ClosedRange<UInt32> = 1...16_777_215

    package init?(value: UInt32) {
        guard Self.range.contains(value) else { return nil }
        self.value = value
    }

    package init(parsing text: some StringProtocol) throws(ParseError) {
        guard let number = decimal(text, as: UInt32.self), let vni = VNI(value: number) else {
            throw ParseError(
                expected: "VNI", value: String(text), reason: numberFault(text, in: Self.range),
                remedy: "choose a free one, or omit it to have one allocated")
        }
        self = vni
    }
}
