/// A VXLAN network identifier (RFC 7348): 1…16777215. Zero is excluded, because FRR and the kernel read it as "none".
package struct VNI: TextualValue, Comparable {
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

    package var description: String { String(value) }
    package static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}

/// A number in JSON and YAML, as in the federation file; text is also read.
extension VNI {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = (try? container.decode(UInt32.self)).map(String.init)
        do {
            self = try Self(parsing: try text ?? container.decode(String.self))
        } catch let error as ParseError {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}
