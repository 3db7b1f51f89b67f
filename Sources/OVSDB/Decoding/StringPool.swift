/// Recently decoded strings, so that the same key in a hundred thousand rows is one object in memory.
///
/// Strings of up to 15 bytes lie inside their `String` anyway; long ones are rarely the same twice.
struct StringPool: Sendable {
    private static let slots = 1024
    private static let pooled = 16...48
    private var strings: [String] = Array(repeating: "", count: slots)

    /// The bytes as a string; nil if they are not UTF-8.
    mutating func string(_ bytes: Span<UInt8>) -> String? {
        guard Self.pooled.contains(bytes.count) else { return Self.make(bytes) }
        let slot = Self.hash(bytes) & (Self.slots - 1)
        if Self.same(strings[slot], bytes) { return strings[slot] }
        guard let string = Self.make(bytes) else { return nil }
        strings[slot] = string
        return string
    }

    private static func make(_ bytes: Span<UInt8>) -> String? {
        guard let text = try? UTF8Span(validating: bytes) else { return nil }
        return String(copying: text)
    }

    /// FNV-1a, folded. A collision only costs one entry of the pool.
    private static func hash(_ bytes: Span<UInt8>) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 32)
    }

    private static func same(_ string: String, _ bytes: Span<UInt8>) -> Bool {
        let text = string.utf8.span
        guard text.count == bytes.count else { return false }
        for index in bytes.indices where text[index] != bytes[index] { return false }
        return true
    }
}
