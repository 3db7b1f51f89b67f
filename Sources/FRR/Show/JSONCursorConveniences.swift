import NetworkTypes

extension JSONCursor {
    /// The strings of an array, or the one string; empty for anything else.
    mutating func strings() throws(FRRDecodingError) -> [String] {
        guard try kind() == .array else { return try string().map { [$0] } ?? [] }
        var result: [String] = []
        try enterArray()
        while try nextElement() {
            if let text = try string() { result.append(text) }
        }
        return result
    }

    /// Enters the next value if it is an object; skips it if it is anything else.
    mutating func entersObject() throws(FRRDecodingError) -> Bool {
        guard try kind() == .object else {
            try skip()
            return false
        }
        try enterObject()
        return true
    }

    /// Enters the next value if it is an array; skips it if it is anything else.
    mutating func entersArray() throws(FRRDecodingError) -> Bool {
        guard try kind() == .array else {
            try skip()
            return false
        }
        try enterArray()
        return true
    }
}

extension JSONCursor {
    /// An address; nil for anything else. Tables hold two per route, nearly all IPv4, which are read here without going
    /// through substrings: that was more than half of the time.
    mutating func address() throws(FRRDecodingError) -> IPAddress? {
        guard let text = try string() else { return nil }
        return Self.dottedQuad(text.utf8).map(IPAddress.v4) ?? IPAddress(text)
    }

    /// The common form only; what it does not take is left to `IPAddress`.
    private static func dottedQuad(_ text: String.UTF8View) -> IPv4Address? {
        var bits: UInt32 = 0
        var octet: UInt32 = 0
        var digits = 0
        var dots = 0
        for byte in text {
            switch byte {
            case 0x30...0x39 where digits < 3 && (digits == 0 || octet > 0):
                octet = octet * 10 + UInt32(byte - 0x30)
                digits += 1
            case UInt8(ascii: ".") where dots < 3 && digits > 0 && octet < 256:
                bits = bits << 8 | octet
                (octet, digits) = (0, 0)
                dots += 1
            default: return nil
            }
        }
        return dots == 3 && digits > 0 && octet < 256 ? IPv4Address(bits: bits << 8 | octet) : nil
    }
}
