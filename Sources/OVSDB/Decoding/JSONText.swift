/// The inside of a JSON string that has escapes in it, or that does not end in the chunk in which it began.
struct JSONText: Sendable {
    private enum Place { case plain, escape, unicode(unit: UInt16, digits: Int) }

    private let limit: Int
    private var place = Place.plain
    /// The first half of a surrogate pair, whose second must follow.
    private var highSurrogate: UInt16?
    /// The decoded string so far; UTF-8 if the input was.
    private(set) var contents: [UInt8] = []

    /// - Parameter limit: in bytes of what the string means.
    init(limit: Int) { self.limit = limit }

    /// Begins another string.
    mutating func begin() {
        contents.removeAll(keepingCapacity: true)
        place = .plain
        highSurrogate = nil
    }

    /// The first byte from here that does not stand for itself: a quotation mark, a backslash, a control character.
    static func endOfPlainText(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var position = start
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            position += 1
        }
        return position
    }

    /// Takes bytes up to behind the closing quotation mark.
    ///
    /// - Returns: Whether it was found; otherwise all bytes are consumed.
    /// - Throws: with the position at the byte that is wrong.
    mutating func take(_ bytes: Span<UInt8>, at position: inout Int) throws(OVSDBDecodingError.Reason) -> Bool {
        while position < bytes.count {
            let byte = bytes[position]
            switch place {
            case .escape:
                try escaped(byte)
            case .unicode(let unit, let digits):
                guard let digit = Self.hexadecimal(byte) else { throw .invalidEscape }
                place = .unicode(unit: unit << 4 | digit, digits: digits + 1)
                if digits == 3 { try append(unit << 4 | digit) }
            case .plain where byte == UInt8(ascii: "\\"):
                place = .escape
            case .plain:
                guard highSurrogate == nil else { throw .loneSurrogate }
                guard byte != UInt8(ascii: "\"") else {
                    position += 1
                    return true
                }
                guard byte >= 0x20 else { throw .controlCharacter }
                let end = Self.endOfPlainText(bytes, from: position)
                bytes.extracting(position..<end).withUnsafeBufferPointer { contents.append(contentsOf: $0) }
                guard contents.count <= limit else { throw .tokenTooLong }
                position = end
                continue
            }
            position += 1
        }
        return false
    }

    private mutating func escaped(_ byte: UInt8) throws(OVSDBDecodingError.Reason) {
        if byte == UInt8(ascii: "u") {
            place = .unicode(unit: 0, digits: 0)
            return
        }
        guard highSurrogate == nil else { throw .loneSurrogate }
        let meant: UInt8 =
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
            case UInt8(ascii: "b"): 0x08
            case UInt8(ascii: "f"): 0x0c
            case UInt8(ascii: "n"): 0x0a
            case UInt8(ascii: "r"): 0x0d
            case UInt8(ascii: "t"): 0x09
            default: throw .invalidEscape
            }
        contents.append(meant)
        guard contents.count <= limit else { throw .tokenTooLong }
        place = .plain
    }

    /// Takes one UTF-16 code unit of a `\u` escape; two of them make a character beyond the basic plane.
    private mutating func append(_ unit: UInt16) throws(OVSDBDecodingError.Reason) {
        place = .plain
        let scalar: Unicode.Scalar?
        switch (highSurrogate, unit) {
        case (nil, 0): throw .controlCharacter
        case (nil, 0xd800...0xdbff):
            highSurrogate = unit
            return
        case (nil, _): scalar = Unicode.Scalar(unit)
        case (let high?, 0xdc00...0xdfff):
            scalar = Unicode.Scalar(0x10000 + (UInt32(high) - 0xd800) << 10 + (UInt32(unit) - 0xdc00))
            highSurrogate = nil
        default: scalar = nil
        }
        guard let scalar else { throw .loneSurrogate }
        contents.append(contentsOf: scalar.utf8)
        guard contents.count <= limit else { throw .tokenTooLong }
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt16? {
        switch byte {
        case 0x30...0x39: UInt16(byte) - 0x30
        case 0x41...0x46: UInt16(byte) - 0x37
        case 0x61...0x66: UInt16(byte) - 0x57
        default: nil
        }
    }
}
