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
