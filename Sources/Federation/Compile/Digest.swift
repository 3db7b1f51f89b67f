/// FNV-1a of 64 bits over named fields. It tells contents apart that a federation makes; it is no defence against forgery.
struct Digest {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    /// Field and value go in with their lengths, so that no two lists of fields are the same bytes.
    mutating func combine(_ field: StaticString, _ value: some CustomStringConvertible) {
        feed(field.description)
        feed(value.description)
    }

    mutating func combine(_ field: StaticString, each values: some Collection<some CustomStringConvertible>) {
        combine(field, values.count)
        for value in values { feed(value.description) }
    }

    private mutating func feed(_ text: String) {
        for byte in "\(text.utf8.count):".utf8 { feed(byte) }
        for byte in text.utf8 { feed(byte) }
    }

    private mutating func feed(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }

    /// Sixteen hexadecimal digits.
    var text: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
