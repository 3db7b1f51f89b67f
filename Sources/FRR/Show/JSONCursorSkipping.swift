extension JSONCursor {
    /// Passes over one value of any kind, without recursion.
    mutating func skip() throws(FRRDecodingError) {
        var closers: [UInt8] = []
        repeat {
            if let closer = closers.last {
                guard try next(closing: closer) else {
                    closers.removeLast()
                    continue
                }
                if closer == UInt8(ascii: "}") {
                    guard try peek() == UInt8(ascii: "\"") else { throw failure("expected a key") }
                    try skipQuoted()
                    try expect(UInt8(ascii: ":"))
                }
            }
            switch try kind() {
            case .object:
                try enterObject()
                closers.append(UInt8(ascii: "}"))
            case .array:
                try enterArray()
                closers.append(UInt8(ascii: "]"))
            case .string:
                try skipQuoted()
                afterValue = true
            case .number, .boolean, .null: _ = try bare()
            }
        } while !closers.isEmpty
    }

    private mutating func skipQuoted() throws(FRRDecodingError) {
        offset += 1
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                offset += 1
                return
            case UInt8(ascii: "\\"): offset += 2
            default: offset += 1
            }
        }
        throw failure("unterminated string")
    }

    /// Nothing but white space may be left.
    mutating func finish() throws(FRRDecodingError) {
        skipWhitespace()
        guard offset >= bytes.count else { throw failure("unexpected text after the value") }
    }
}
