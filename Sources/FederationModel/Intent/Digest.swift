/// The named fields of a resource, as bytes. Field and value go in with their lengths, so that no two lists of fields are the same bytes.
package struct FieldBytes {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func combine(_ field: StaticString, _ value: some CustomStringConvertible) {
        append(field)
        append(value.description)
    }

    package mutating func combine(_ field: StaticString, each values: some Collection<some CustomStringConvertible>) {
        combine(field, values.count)
        for value in values { append(value.description) }
    }

    package mutating func combine(_ field: StaticString, numbers: [UInt32]) {
        append(field)
        appendLength(numbers.count)
        for number in numbers {
            for shift in stride(from: 24, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(shift))) }
        }
    }

    private mutating func append(_ field: StaticString) {
        appendLength(field.utf8CodeUnitCount)
        field.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ text: String) {
        appendLength(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func appendLength(_ length: Int) {
        if length >= 10 { bytes.append(contentsOf: String(length / 10).utf8) }
        bytes.append(0x30 + UInt8(length % 10))
        bytes.append(0x3a)
    }
}

/// 64-bit FNV-1a. It distinguishes contents of one federation; it does not protect against forgery.
///
/// A value: what many resources begin with is fed once, and each goes on with a copy.
package struct Digest {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    package init() {}

    package mutating func feed(_ fields: FieldBytes) {
        for byte in fields.bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    /// Sixteen hexadecimal digits.
    package var text: String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            for index in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: state >> UInt64(60 - 4 * index)) & 15
                buffer[index] = digit < 10 ? 0x30 + digit : 0x57 + digit
            }
            return 16
        }
    }
}
