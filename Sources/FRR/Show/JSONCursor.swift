/// Walks a JSON text (RFC 8259) once, forwards, without building a tree: the caller takes the values it knows and skips the rest.
///
/// FRR prints megabytes where a federation is large, and most of it is not asked for. Foundation's parsers take 5 to 20 times as
/// long and several times the memory on such texts. Lenient where FRR's releases differ: a scalar can be read as any other
/// scalar that it spells (`"1001"` as a number, `"True"` as a boolean), a value of the wrong kind reads as nil, and an object may
/// begin with a comma.
///
///     try cursor.enterObject()
///     while let key = try cursor.nextKey() {
///         switch key {
///         case "rd": rd = try cursor.string()
///         default: try cursor.skip()
///         }
///     }
///
/// After each key or element exactly one value must be taken.
struct JSONCursor: ~Copyable {
    let bytes: [UInt8]
    var offset = 0
    private var depth = 0
    /// A value of the innermost container has been read: what follows is a comma or the end.
    var afterValue = false

    /// No FRR answer nests deeper than ten; a hostile one must not exhaust the stack of a caller that recurses.
    static let deepest = 64

    enum Kind { case object, array, string, number, boolean, null }

    init(_ text: some StringProtocol) { bytes = Array(text.utf8) }
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func failure(_ reason: String) -> FRRDecodingError { .malformed(offset: offset, reason: reason) }

    mutating func skipWhitespace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0a, 0x0d, 0x09: offset += 1
            default: return
            }
        }
    }

    mutating func peek() throws(FRRDecodingError) -> UInt8 {
        skipWhitespace()
        guard offset < bytes.count else { throw failure("unexpected end of text") }
        return bytes[offset]
    }

    mutating func expect(_ byte: UInt8) throws(FRRDecodingError) {
        guard try peek() == byte else { throw failure("“\(Character(UnicodeScalar(byte)))” expected") }
        offset += 1
    }

    /// What the next value is.
    mutating func kind() throws(FRRDecodingError) -> Kind {
        switch try peek() {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), 0x30...0x39: return .number
        default: throw failure("unexpected character")
        }
    }

    // MARK: Containers

    mutating func enterObject() throws(FRRDecodingError) { try enter(UInt8(ascii: "{")) }
    mutating func enterArray() throws(FRRDecodingError) { try enter(UInt8(ascii: "[")) }

    private mutating func enter(_ byte: UInt8) throws(FRRDecodingError) {
        try expect(byte)
        depth += 1
        guard depth <= Self.deepest else { throw failure("nested deeper than \(Self.deepest)") }
        afterValue = false
    }

    /// The next key of the object that was entered; nil at its end, which leaves it.
    mutating func nextKey() throws(FRRDecodingError) -> String? {
        guard try next(closing: UInt8(ascii: "}")) else { return nil }
        guard try peek() == UInt8(ascii: "\"") else { throw failure("expected a key") }
        let key = try quoted()
        try expect(UInt8(ascii: ":"))
        return key
    }

    /// Whether the array that was entered has one more element; false at its end, which leaves it.
    mutating func nextElement() throws(FRRDecodingError) -> Bool { try next(closing: UInt8(ascii: "]")) }

    mutating func next(closing: UInt8) throws(FRRDecodingError) -> Bool {
        var byte = try peek()
        if byte == closing {
            offset += 1
            depth -= 1
            afterValue = true
            return false
        }
        if afterValue {
            guard byte == UInt8(ascii: ",") else { throw failure("“,” expected") }
            offset += 1
            byte = try peek()
            guard byte != closing else { throw failure("expected a value after “,”") }
        } else if byte == UInt8(ascii: ","), closing == UInt8(ascii: "}") {
            // FRR 10.3 of an EVPN table without routes: `{\n,"numPrefix":0,"numPaths":0}`.
            offset += 1
            byte = try peek()
            guard byte != closing else { throw failure("expected a value after “,”") }
        }
        afterValue = false
        return true
    }

    // MARK: Scalars

    /// A string, number or boolean as text; nil for null and for containers, which are skipped.
    mutating func string() throws(FRRDecodingError) -> String? {
        switch try kind() {
        case .string:
            let text = try quoted()
            afterValue = true
            return text
        case .number, .boolean: return String(decoding: try bare(), as: UTF8.self)
        case .null, .object, .array:
            try skip()
            return nil
        }
    }

    /// A whole number, or a string that spells one; nil for anything else.
    mutating func integer() throws(FRRDecodingError) -> Int64? { try string().flatMap { Int64($0) } }

    /// A boolean, in any spelling of FRR (`true`, `"True"`, `"true"`); nil for anything else.
    mutating func boolean() throws(FRRDecodingError) -> Bool? {
        switch try string() {
        case "true", "True": true
        case "false", "False": false
        default: nil
        }
    }

    /// Text between quotes, with its escapes resolved; what is no UTF-8 becomes U+FFFD.
    private mutating func quoted() throws(FRRDecodingError) -> String {
        offset += 1
        let start = offset
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\""), bytes[offset] != UInt8(ascii: "\\") { offset += 1 }
        guard offset < bytes.count else { throw failure("unterminated string") }
        if bytes[offset] == UInt8(ascii: "\"") {
            defer { offset += 1 }
            return String(decoding: bytes[start..<offset], as: UTF8.self)
        }
        var units = Array(bytes[start..<offset])
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &units)
            default: units.append(byte)
            }
        }
        throw failure("unterminated string")
    }

    private mutating func escape(into units: inout [UInt8]) throws(FRRDecodingError) {
        guard offset < bytes.count else { throw failure("unterminated string") }
        let byte = bytes[offset]
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(byte)
        case UInt8(ascii: "b"): units.append(8)
        case UInt8(ascii: "f"): units.append(12)
        case UInt8(ascii: "n"): units.append(10)
        case UInt8(ascii: "r"): units.append(13)
        case UInt8(ascii: "t"): units.append(9)
        case UInt8(ascii: "u"):
            var scalar = UInt32(try hexadecimal())
            if (0xd800...0xdbff).contains(scalar), offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
                bytes[offset + 1] == UInt8(ascii: "u")
            {
                offset += 2
                let low = UInt32(try hexadecimal())
                scalar = (0xdc00...0xdfff).contains(low) ? 0x10000 + (scalar - 0xd800) << 10 + (low - 0xdc00) : 0xfffd
            }
            units.append(contentsOf: String(Character(UnicodeScalar(scalar) ?? "\u{fffd}")).utf8)
        default: throw failure("unknown escape in a string")
        }
    }

    private mutating func hexadecimal() throws(FRRDecodingError) -> UInt16 {
        guard offset + 4 <= bytes.count else { throw failure("unterminated string") }
        var value: UInt16 = 0
        for byte in bytes[offset..<offset + 4] {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt16(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt16(byte - 0x37)
            case 0x61...0x66: value = value << 4 | UInt16(byte - 0x57)
            default: throw failure("expected four hexadecimal digits")
            }
        }
        offset += 4
        return value
    }

    /// A number or a word: everything up to what ends a value.
    mutating func bare() throws(FRRDecodingError) -> ArraySlice<UInt8> {
        let start = offset
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): offset += 1
            default:
                afterValue = true
                return bytes[start..<offset]
            }
        }
        afterValue = true
        return bytes[start..<offset]
    }
}
