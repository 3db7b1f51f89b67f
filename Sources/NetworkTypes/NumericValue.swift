/// A textual value that is a number in JSON and YAML, as it is in the federation file; text is read too.
package protocol NumericValue: TextualValue, Comparable {
    var value: UInt32 { get }
}

extension NumericValue {
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

    package var description: String { String(value) }
    package static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}
