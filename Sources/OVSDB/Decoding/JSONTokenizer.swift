/// The smallest parts of JSON that mean something to the reader. Colons and commas are checked and swallowed.
package enum JSONToken: Hashable, Sendable {
    case beginObject, endObject, beginArray, endArray
    case key(String)
    case string(String)
    case integer(Int64)
    case real(Double)
    case boolean(Bool)
    case null
}

/// A stream of JSON objects (RFC 8259), cut anywhere, as tokens.
///
/// RFC 7047 has no framing: messages stand one after the other, and a chunk from the socket may end inside a string,
/// inside an escape, inside a character. So everything that a token needs is kept here between chunks, and nothing else is:
/// a string that lies whole in its chunk is never copied before it becomes a `String`.
package struct JSONTokenizer: Sendable {
    private enum Expectation { case message, firstKey, key, colon, firstElement, value, separator }
    private enum Word { case `true`, `false`, null }
    /// The unfinished token at the end of the last chunk, if any.
    private enum Lexeme { case none, text, number, word(Word, matched: Int) }

    private let limits: OVSDBDecodingLimits
    private var expectation = Expectation.message
    private var lexeme = Lexeme.none
    private var text: JSONText
    private var isKey = false
    private var pool = StringPool()
    /// The part of a number that earlier chunks held.
    private var digits: [UInt8] = []
    /// One bit for each open container, the innermost lowest: 1 is an object.
    private var containers: UInt64 = 0
    private var chunkOffset = 0
    private var messageOffset = 0
    private var failure: OVSDBDecodingError?

    /// How many containers are open.
    package private(set) var depth = 0
    /// The start of the last or current token, in bytes from the start of the stream.
    package private(set) var tokenOffset = 0

    package init(limits: OVSDBDecodingLimits = OVSDBDecodingLimits()) {
        self.limits = limits
        self.text = JSONText(limit: limits.tokenBytes)
    }

    /// The next token that ends in this chunk; nil when the chunk is used up, and then the next call brings a new one.
    ///
    /// After an error every call throws that error again.
    package mutating func next(in bytes: Span<UInt8>, at position: inout Int) throws(OVSDBDecodingError) -> JSONToken? {
        if let failure { throw failure }
        do {
            while position < bytes.count {
                if let token = try step(bytes, &position) { return token }
            }
        } catch {
            failure = error
            throw error
        }
        chunkOffset += bytes.count
        return nil
    }

    private mutating func step(_ bytes: Span<UInt8>, _ position: inout Int) throws(OVSDBDecodingError) -> JSONToken? {
        switch lexeme {
        case .none: try begin(bytes, &position)
        case .text: try continueText(bytes, &position)
        case .number: try continueNumber(bytes, &position)
        case .word(let word, let matched): try continueWord(word, matched, bytes, &position)
        }
    }

    private func error(_ reason: OVSDBDecodingError.Reason, _ position: Int) -> OVSDBDecodingError {
        OVSDBDecodingError(reason, offset: chunkOffset + position)
    }

    private func tokenError(_ reason: OVSDBDecodingError.Reason) -> OVSDBDecodingError { OVSDBDecodingError(reason, offset: tokenOffset) }

    // MARK: The grammar

    private mutating func begin(_ bytes: Span<UInt8>, _ position: inout Int) throws(OVSDBDecodingError) -> JSONToken? {
        let byte = bytes[position]
        if byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
            position += 1
            return nil
        }
        tokenOffset = chunkOffset + position
        if expectation == .message {
            messageOffset = tokenOffset
        } else if tokenOffset - messageOffset >= limits.messageBytes {
            throw tokenError(.messageTooLong)
        }
        switch (expectation, byte) {
        case (.message, UInt8(ascii: "{")), (.value, UInt8(ascii: "{")), (.firstElement, UInt8(ascii: "{")):
            position += 1
            return try open(.beginObject)
        case (.value, UInt8(ascii: "[")), (.firstElement, UInt8(ascii: "[")):
            position += 1
            return try open(.beginArray)
        case (.message, _):
            throw tokenError(.notAnObject)
        case (.separator, UInt8(ascii: "}")), (.firstKey, UInt8(ascii: "}")):
            guard containers & 1 == 1 else { throw tokenError(.unexpectedByte(byte)) }
            position += 1
            return close(.endObject)
        case (.separator, UInt8(ascii: "]")), (.firstElement, UInt8(ascii: "]")):
            guard containers & 1 == 0 else { throw tokenError(.unexpectedByte(byte)) }
            position += 1
            return close(.endArray)
        case (.separator, UInt8(ascii: ",")):
            position += 1
            expectation = containers & 1 == 1 ? .key : .value
            return nil
        case (.colon, UInt8(ascii: ":")):
            position += 1
            expectation = .value
            return nil
        case (.firstKey, UInt8(ascii: "\"")), (.key, UInt8(ascii: "\"")):
            isKey = true
            return try beginText(bytes, &position)
        case (.value, UInt8(ascii: "\"")), (.firstElement, UInt8(ascii: "\"")):
            isKey = false
            return try beginText(bytes, &position)
        case (.value, _), (.firstElement, _):
            return try beginScalar(byte, bytes, &position)
        default:
            throw tokenError(.unexpectedByte(byte))
        }
    }

    private mutating func beginScalar(
        _ byte: UInt8, _ bytes: Span<UInt8>, _ position: inout Int
    ) throws(OVSDBDecodingError) -> JSONToken? {
        switch byte {
        case UInt8(ascii: "-"), 0x30...0x39:
            lexeme = .number
            digits.removeAll(keepingCapacity: true)
            return try continueNumber(bytes, &position)
        case UInt8(ascii: "t"): lexeme = .word(.true, matched: 0)
        case UInt8(ascii: "f"): lexeme = .word(.false, matched: 0)
        case UInt8(ascii: "n"): lexeme = .word(.null, matched: 0)
        default: throw tokenError(.unexpectedByte(byte))
        }
        return nil
    }

    private mutating func open(_ token: JSONToken) throws(OVSDBDecodingError) -> JSONToken {
        guard depth < limits.depth else { throw tokenError(.tooDeep) }
        depth += 1
        containers = containers << 1 | (token == .beginObject ? 1 : 0)
        expectation = token == .beginObject ? .firstKey : .firstElement
        return token
    }

    private mutating func close(_ token: JSONToken) -> JSONToken {
        depth -= 1
        containers >>= 1
        expectation = depth == 0 ? .message : .separator
        return token
    }

    // MARK: Strings

    private mutating func beginText(_ bytes: Span<UInt8>, _ position: inout Int) throws(OVSDBDecodingError) -> JSONToken? {
        position += 1
        let end = JSONText.endOfPlainText(bytes, from: position)
        if end < bytes.count, bytes[end] == UInt8(ascii: "\"") {
            let start = position
            position = end + 1
            guard end - start <= limits.tokenBytes else { throw tokenError(.tokenTooLong) }
            return try endText(bytes.extracting(start..<end))
        }
        lexeme = .text
        text.begin()
        return nil
    }

    private mutating func continueText(_ bytes: Span<UInt8>, _ position: inout Int) throws(OVSDBDecodingError) -> JSONToken? {
        do {
            guard try text.take(bytes, at: &position) else { return nil }
        } catch {
            throw error == .tokenTooLong ? tokenError(error) : self.error(error, position)
        }
        lexeme = .none
        let contents = text.contents
        return try endText(contents.span)
    }

    private mutating func endText(_ contents: Span<UInt8>) throws(OVSDBDecodingError) -> JSONToken {
        guard let string = pool.string(contents) else { throw tokenError(.invalidUTF8) }
        expectation = isKey ? .colon : .separator
        return isKey ? .key(string) : .string(string)
    }

    // MARK: Numbers and words

    private mutating func continueNumber(_ bytes: Span<UInt8>, _ position: inout Int) throws(OVSDBDecodingError) -> JSONToken? {
        let start = position
        while position < bytes.count, JSONNumber.isPart(bytes[position]) { position += 1 }
        guard digits.count + position - start <= min(limits.tokenBytes, JSONNumber.maximumLength) else {
            throw tokenError(.tokenTooLong)
        }
        // A number has no end of its own: only the byte behind it says that it is over.
        if position < bytes.count, digits.isEmpty { return try endNumber(bytes.extracting(start..<position)) }
        bytes.extracting(start..<position).withUnsafeBufferPointer { digits.append(contentsOf: $0) }
        guard position < bytes.count else { return nil }
        let whole = digits
        return try endNumber(whole.span)
    }

    private mutating func endNumber(_ digits: Span<UInt8>) throws(OVSDBDecodingError) -> JSONToken {
        lexeme = .none
        expectation = .separator
        switch JSONNumber(digits) {
        case .integer(let value): return .integer(value)
        case .real(let value): return .real(value)
        case .malformed: throw tokenError(.invalidNumber)
        case .outOfRange: throw tokenError(.numberOutOfRange)
        }
    }

    private mutating func continueWord(
        _ word: Word, _ matched: Int, _ bytes: Span<UInt8>, _ position: inout Int
    ) throws(OVSDBDecodingError) -> JSONToken? {
        let (letters, token): (StaticString, JSONToken) =
            switch word {
            case .true: ("true", .boolean(true))
            case .false: ("false", .boolean(false))
            case .null: ("null", .null)
            }
        guard bytes[position] == letters.utf8Start[matched] else { throw error(.unexpectedByte(bytes[position]), position) }
        position += 1
        guard matched + 1 == letters.utf8CodeUnitCount else {
            lexeme = .word(word, matched: matched + 1)
            return nil
        }
        lexeme = .none
        expectation = .separator
        return token
    }
}
