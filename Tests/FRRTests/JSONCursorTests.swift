import Testing

@testable import FRR

@Suite("The JSON cursor")
struct JSONCursorTests {
    /// Walks a whole value and spells it again, so that every kind and nesting is taken by its own door.
    private func spell(_ cursor: inout JSONCursor) throws(FRRDecodingError) -> String {
        switch try cursor.kind() {
        case .object:
            var parts: [String] = []
            try cursor.enterObject()
            while let key = try cursor.nextKey() { parts.append("\(key):" + (try spell(&cursor))) }
            return "{\(parts.joined(separator: ","))}"
        case .array:
            var parts: [String] = []
            try cursor.enterArray()
            while try cursor.nextElement() { parts.append(try spell(&cursor)) }
            return "[\(parts.joined(separator: ","))]"
        case .null:
            try cursor.skip()
            return "null"
        default: return try cursor.string() ?? ""
        }
    }

    private func spell(_ text: String) throws -> String {
        var cursor = JSONCursor(text)
        let result = try spell(&cursor)
        try cursor.finish()
        return result
    }

    @Test("walks what the RFC allows")
    func walk() throws {
        #expect(
            try spell(" { \"a\" : [ 1 , -2.5e3 , true,null,\"x\" ] , \"b\":{}, \"c\":[[],[{}]] } \n")
                == "{a:[1,-2.5e3,true,null,x],b:{},c:[[],[{}]]}")
        #expect(try spell(#""\u0041\n\/\"\\\ud83d\ude00é\ud800""#) == "A\n/\"\\😀é\u{fffd}")
    }

    @Test(
        "refuses what is no JSON, with the place",
        arguments: [
            "", "{", "[1", "[1,]", "{\"a\":1,}", "{\"a\"}", "{\"a\" 1}", "{a:1}", "[1 2]", "\"abc", "\"\\u12", "{\"a\":1}}", "]",
            "% Unknown",
            "{\"a\":[1}", "[{]}", "\"\\",
        ])
    func refusal(text: String) {
        #expect(throws: FRRDecodingError.self) { _ = try spell(text) }
        #expect(throws: FRRDecodingError.self) {
            var cursor = JSONCursor(text)
            try cursor.skip()
            try cursor.finish()
        }
    }

    @Test("refuses an escape that the RFC does not know")
    func escape() {
        #expect(throws: FRRDecodingError.self) { _ = try spell(#""a\x""#) }
        #expect(throws: FRRDecodingError.self) { _ = try spell(#""\u12g4""#) }
    }

    @Test("refuses bottomless nesting instead of exhausting the stack")
    func depth() {
        let deep = String(repeating: "[", count: 1_000_000)
        #expect(throws: FRRDecodingError.self) {
            var cursor = JSONCursor(deep)
            try cursor.skip()
        }
        let deepObjects = String(repeating: "{\"a\":", count: 100_000)
        #expect(throws: FRRDecodingError.self) { _ = try spell(deepObjects) }
    }

    @Test("reads a scalar in any of FRR's spellings, and the wrong kind as nothing")
    func lenient() throws {
        var cursor = JSONCursor(#"["1001",1001,"True",false,[1,[2]],{"a":{}},"x",null,7]"#)
        try cursor.enterArray()
        var values: [Int64?] = []
        var index = 0
        while try cursor.nextElement() {
            if index == 2 || index == 3 {
                let value = try cursor.boolean()
                #expect(value == (index == 2))
            } else {
                values.append(try cursor.integer())
            }
            index += 1
        }
        #expect(values == [1001, 1001, nil, nil, nil, nil, 7])
    }
}
