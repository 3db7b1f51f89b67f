extension JSONValue {
    /// One JSON object (RFC 8259) that a column holds as text; nil: it is none, something follows it, or it is nested too deeply.
    ///
    /// - Parameter depth: how many containers may be open at once.
    package init?(object text: String, depth: Int = 8) {
        let bytes = Array(text.utf8)
        var reader = TextReader(bytes: bytes, depth: depth)
        guard let value = try? reader.whole() else { return nil }
        self = value
    }
}

private struct TextReader {
    let bytes: [UInt8]
    private var tokenizer: JSONTokenizer
    private var position = 0

    private enum Failure: Error { case ends, follows, misplaced }

    init(bytes: [UInt8], depth: Int) {
        self.bytes = bytes
        tokenizer = JSONTokenizer(limits: OVSDBDecodingLimits(depth: depth, messageBytes: bytes.count, tokenBytes: bytes.count))
    }

    mutating func whole() throws -> JSONValue {
        let value = try value(from: try next())
        guard try token() == nil, tokenizer.depth == 0 else { throw Failure.follows }
        return value
    }

    private mutating func next() throws -> JSONToken {
        guard let token = try token() else { throw Failure.ends }
        return token
    }

    private mutating func token() throws -> JSONToken? {
        // A span borrows what it is of.
        let bytes = self.bytes
        return try tokenizer.next(in: bytes.span, at: &position)
    }

    private mutating func value(from token: JSONToken) throws -> JSONValue {
        switch token {
        case .string(let text): return .string(text)
        case .integer(let number): return .integer(number)
        case .real(let number): return .real(number)
        case .boolean(let flag): return .boolean(flag)
        case .null: return .null
        case .beginArray:
            var elements: [JSONValue] = []
            while true {
                let token = try next()
                if token == .endArray { return .array(elements) }
                elements.append(try value(from: token))
            }
        case .beginObject:
            var members: [String: JSONValue] = [:]
            while true {
                switch try next() {
                case .endObject: return .object(members)
                case .key(let name): members[name] = try value(from: try next())
                default: throw Failure.misplaced
                }
            }
        case .endObject, .endArray, .key: throw Failure.misplaced
        }
    }
}
