/// Bytes that are not valid JSON, JSON-RPC 1.0 or OVSDB: what is wrong, and where.
///
/// The offset does not depend on how the bytes were cut into chunks.
package struct OVSDBDecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Error, Hashable, Sendable {
        /// A byte that the grammar of RFC 8259 has no place for here.
        case unexpectedByte(UInt8)
        /// A string that is not UTF-8 (the offset is that of its opening quotation mark).
        case invalidUTF8
        /// A backslash not followed by `"\/bfnrtu`, or `\u` without four hexadecimal digits.
        case invalidEscape
        /// Half a surrogate pair.
        case loneSurrogate
        /// U+0000 in a string, which RFC 7047, section 3.1, disallows, or a bare control character.
        case controlCharacter
        case invalidNumber
        /// A number beyond the range of an IEEE double.
        case numberOutOfRange
        /// Containers nested deeper than the limit.
        case tooDeep
        /// A message of more bytes than the limit.
        case messageTooLong
        /// A string or number of more bytes than the limit.
        case tokenTooLong
        /// A message with more values outside table updates than the limit.
        case tooManyValues
        /// A message that does not begin with an object.
        case notAnObject
        /// Well-formed JSON that violates RFC 7047; the text says how.
        case unexpectedShape(String)
    }

    package let reason: Reason
    /// In bytes from the start of the stream.
    package let offset: Int

    package init(_ reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    package var description: String {
        let text =
            switch reason {
            case .unexpectedByte(let byte): "unexpected byte 0x" + String(byte, radix: 16)
            case .invalidUTF8: "string is not UTF-8"
            case .invalidEscape: "invalid escape"
            case .loneSurrogate: "half a surrogate pair"
            case .controlCharacter: "control character in a string"
            case .invalidNumber: "invalid number"
            case .numberOutOfRange: "number out of range"
            case .tooDeep: "nested too deeply"
            case .messageTooLong: "message too long"
            case .tokenTooLong: "string or number too long"
            case .tooManyValues: "too many values in one message"
            case .notAnObject: "message is not an object"
            case .unexpectedShape(let text): text
            }
        return "\(text), at byte \(offset)"
    }
}

/// Limits of a decoder: a peer must not exhaust the machine's memory.
package struct OVSDBDecodingLimits: Hashable, Sendable {
    /// Open containers; at most 64. Table updates need 9, a schema 12.
    package var depth: Int
    /// Bytes in a message. A southbound database of 100,000 ports is dumped in one message of 70 MiB.
    package var messageBytes: Int
    /// Bytes in a string as meant, or in a number as written.
    package var tokenBytes: Int
    /// Values in a message that are not part of table updates: select results, schemas, errors.
    package var values: Int

    package init(depth: Int = 48, messageBytes: Int = 1 << 31, tokenBytes: Int = 16 << 20, values: Int = 8 << 20) {
        self.depth = min(depth, 64)
        self.messageBytes = messageBytes
        self.tokenBytes = tokenBytes
        self.values = values
    }
}
