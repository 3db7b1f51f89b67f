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
    /// The token in hand when the last chunk ended, if one was.
    private enum Lexeme { case none, text, escape, unicode(unit: UInt16, digits: Int), number, word(Word, matched: Int) }

    private let limits: OVSDBDecodingLimits
    private var expectation = Expectation.message
    private var lexeme = Lexeme.none
    private var scratch: [UInt8] = []
    private var highSurrogate: UInt16?
    private var isKey = false
    private var pool = StringPool()
    /// One bit for each open container, the innermost lowest: 1 is an object.
    private var containers: UInt64 = 0
    private var chunkOffset = 0
    private var messageOffset = 0
    private var failure: OVSDBDecodingError?

    /// How many containers are open.
    package private(set) var depth = 0
    /// Where the last token (or the one in hand) began, in bytes from the start of the stream.
    package private(set) var tokenOffset = 0

    package init(limits: OVSDBDecodingLimits = OVSDBDecodingLimits()) { self.limits = limits }

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
        case .text, .escape, .unicode: try continueText(bytes, &position)
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
            scratch.removeAll(keepingCapacity: true)
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
        let start = position
        position = Self.endOfPlainText(bytes, from: start)
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
            let text = bytes.extracting(start..<position)
            position += 1
            return try endText(text)
        }
        scratch.removeAll(keepingCapacity: true)
        append(bytes, start..<position)
        guard scratch.count <= limits.tokenBytes else { throw tokenError(.tokenTooLong) }
        lexeme = .text
        return nil
    }

    private mutating func continueText(_ bytes: Span<UInt8>, _ position: inout Int) throws(OVSDBDecodingError) -> JSONToken? {
        while position < bytes.count {
            let byte = bytes[position]
            switch lexeme {
            case .escape:
                try escaped(byte, position)
            case .unicode(let unit, let digits):
                guard let digit = Self.hexadecimal(byte) else { throw error(.invalidEscape, position) }
                lexeme = .unicode(unit: unit << 4 | digit, digits: digits + 1)
                if digits == 3 { try append(unit << 4 | digit, position) }
            default:
                if byte == UInt8(ascii: "\\") {
                    lexeme = .escape
                } else if highSurrogate != nil {
                    throw error(.loneSurrogate, position)
                } else if byte == UInt8(ascii: "\"") {
                    position += 1
                    lexeme = .none
                    return try endScratch()
                } else if byte < 0x20 {
                    throw error(.controlCharacter, position)
                } else {
                    let end = Self.endOfPlainText(bytes, from: position)
                    append(bytes, position..<end)
                    guard scratch.count <= limits.tokenBytes else { throw tokenError(.tokenTooLong) }
                    position = end
                    continue
                }
            }
            position += 1
        }
        return nil
    }

    private mutating func escaped(_ byte: UInt8, _ position: Int) throws(OVSDBDecodingError) {
        if byte == UInt8(ascii: "u") {
            lexeme = .unicode(unit: 0, digits: 0)
            return
        }
        guard highSurrogate == nil else { throw error(.loneSurrogate, position) }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scratch.append(byte)
        case UInt8(ascii: "b"): scratch.append(0x08)
        case UInt8(ascii: "f"): scratch.append(0x0c)
        case UInt8(ascii: "n"): scratch.append(0x0a)
        case UInt8(ascii: "r"): scratch.append(0x0d)
        case UInt8(ascii: "t"): scratch.append(0x09)
        default: throw error(.invalidEscape, position)
        }
        lexeme = .text
    }

    /// Takes one UTF-16 code unit of a `\u` escape; two of them make a character beyond the basic plane.
    private mutating func append(_ unit: UInt16, _ position: Int) throws(OVSDBDecodingError) {
        lexeme = .text
        let scalar: Unicode.Scalar?
        switch (highSurrogate, unit) {
        case (nil, 0): throw error(.controlCharacter, position)
        case (nil, 0xd800...0xdbff):
            highSurrogate = unit
            return
        case (nil, _): scalar = Unicode.Scalar(unit)
        case (let high?, 0xdc00...0xdfff):
            scalar = Unicode.Scalar(0x10000 + (UInt32(high) - 0xd800) << 10 + (UInt32(unit) - 0xdc00))
            highSurrogate = nil
        default: scalar = nil
        }
        guard let scalar else { throw error(.loneSurrogate, position) }
        scratch.append(contentsOf: scalar.utf8)
    }

    private mutating func endScratch() throws(OVSDBDecodingError) -> JSONToken {
        let text = scratch
        return try endText(text.span)
    }

    private mutating func endText(_ text: Span<UInt8>) throws(OVSDBDecodingError) -> JSONToken {
        guard text.count <= limits.tokenBytes else { throw tokenError(.tokenTooLong) }
        guard let string = pool.string(text) else { throw tokenError(.invalidUTF8) }
        expectation = isKey ? .colon : .separator
        return isKey ? .key(string) : .string(string)
    }

    /// The first byte that ends a run of text that stands for itself: a quotation mark, a backslash, a control character.
    private static func endOfPlainText(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var position = start
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            position += 1
        }
        return position
    }

    private mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        bytes.extracting(range).withUnsafeBufferPointer { scratch.append(contentsOf: $0) }
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt16? {
        switch byte {
        case 0x30...0x39: UInt16(byte) - 0x30
        case 0x41...0x46: UInt16(byte) - 0x37
        case 0x61...0x66: UInt16(byte) - 0x57
        default: nil
        }
    }

    // MARK: Numbers and words

    private mutating func continueNumber(_ bytes: Span<UInt8>, _ position: inout Int) throws(OVSDBDecodingError) -> JSONToken? {
        let start = position
        while position < bytes.count, JSONNumber.isPart(bytes[position]) { position += 1 }
        guard scratch.count + position - start <= min(limits.tokenBytes, JSONNumber.maximumLength) else {
            throw tokenError(.tokenTooLong)
        }
        // A number has no end of its own: only the byte behind it says that it is over.
        guard position < bytes.count, scratch.isEmpty else {
            append(bytes, start..<position)
            guard position < bytes.count else { return nil }
            let digits = scratch
            return try endNumber(digits.span)
        }
        return try endNumber(bytes.extracting(start..<position))
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
