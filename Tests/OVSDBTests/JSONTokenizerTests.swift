import Testing

@testable import OVSDB

@Suite("JSON tokens")
struct JSONTokenizerTests {
    /// The token that stands alone in an array in an object, because messages are objects.
    private func value(_ text: String, chunk: Int = .max) throws -> JSONToken {
        let all = try tokens(Array("{\"k\":[\(text)]}".utf8), chunk: chunk)
        try #require(all.count == 6, "\(all)")
        return all[3]
    }

    private func reason(_ text: String) -> OVSDBDecodingError.Reason? { decode(text).error?.reason }

    @Test("every kind of token, with white space everywhere")
    func kinds() throws {
        let text = " { \"a\" : [ 1 , -2.5e1 , \"s\" , true , false , null , { } , [ ] ] , \"b\" : { \"c\" : 0 } }\r\n\t"
        let expected: [JSONToken] = [
            .beginObject, .key("a"), .beginArray, .integer(1), .real(-25), .string("s"), .boolean(true), .boolean(false), .null,
            .beginObject, .endObject, .beginArray, .endArray, .endArray, .key("b"), .beginObject, .key("c"), .integer(0), .endObject,
            .endObject,
        ]
        for chunk in [Int.max, 1, 2, 3, 7] { #expect(try tokens(Array(text.utf8), chunk: chunk) == expected) }
    }

    @Test(
        "escapes, whole and cut anywhere",
        arguments: [
            (#""plain""#, "plain"), (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
            (#""\ud83d\ude00!""#, "😀!"), (#""x\uD834\uDD1Ey""#, "x𝄞y"), (#""é€😀""#, "é€😀"), (#""\uffff""#, "\u{ffff}"),
            (#""a rather long string that the pool keeps""#, "a rather long string that the pool keeps"),
        ])
    func escapes(written: String, meant: String) throws {
        for chunk in [Int.max, 1, 2, 3, 5] { #expect(try value(written, chunk: chunk) == .string(meant)) }
    }

    @Test(
        "numbers",
        arguments: [
            ("0", JSONToken.integer(0)), ("-0", .integer(0)), ("42", .integer(42)), ("-7", .integer(-7)),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .real(9_223_372_036_854_775_808)), ("0.5", .real(0.5)), ("-0.25e-3", .real(-0.00025)),
            ("1e3", .real(1000)), ("1E+2", .real(100)), ("1e-400", .real(0)), ("4.9406564584124654e-324", .real(.leastNonzeroMagnitude)),
            ("1.7976931348623157e308", .real(.greatestFiniteMagnitude)),
        ])
    func numbers(written: String, meant: JSONToken) throws {
        for chunk in [Int.max, 1, 2, 3] { #expect(try value(written, chunk: chunk) == meant) }
    }

    @Test("a number is refused that is none", arguments: ["01", "-", "1.", "1.e3", ".5", "1e", "1e+", "--1", "1-2", "+1", "1e5.5", "0x10"])
    func malformedNumbers(written: String) {
        let reason = reason("{\"k\":\(written)}")
        switch reason {
        case .invalidNumber, .unexpectedByte: break
        default: Issue.record("\(String(describing: reason))")
        }
    }

    @Test("a number beyond a double is refused")
    func hugeNumbers() {
        #expect(reason(#"{"k":1e999}"#) == .numberOutOfRange)
        #expect(reason("{\"k\":\(String(repeating: "9", count: 2000))}") == .tokenTooLong)
    }

    @Test("malformed strings are refused, each for its reason")
    func malformedStrings() {
        #expect(reason(#"{"\ud83d":1}"#) == .loneSurrogate)
        #expect(reason(#"{"\ud83dx":1}"#) == .loneSurrogate)
        #expect(reason(#"{"\ud83d\n":1}"#) == .loneSurrogate)
        #expect(reason(#"{"\ud83d\u0041":1}"#) == .loneSurrogate)
        #expect(reason(#"{"\ude00":1}"#) == .loneSurrogate)
        #expect(reason(#"{"\u00g0":1}"#) == .invalidEscape)
        #expect(reason(#"{"\x":1}"#) == .invalidEscape)
        #expect(reason(#"{"\u0000":1}"#) == .controlCharacter)
        #expect(reason("{\"a\u{1}b\":1}") == .controlCharacter)
        for bytes: [UInt8] in [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xf5, 0x80, 0x80, 0x80], [0x80]] {
            let text = Array("{\"k\":\"ok ".utf8) + bytes + Array("\"}".utf8)
            #expect(decode(text) { .max }.error == OVSDBDecodingError(.invalidUTF8, offset: 5))
            #expect(decode(text) { 1 }.error == OVSDBDecodingError(.invalidUTF8, offset: 5))
        }
    }

    @Test(
        "malformed grammar is refused at its byte",
        arguments: [
            ("{,}", 1), ("{\"a\"}", 4), ("{\"a\":}", 5), ("{\"a\":1,}", 7), ("{\"a\":[1,]}", 8), ("{\"a\":[}", 6), ("{\"a\":{]", 6),
            ("{\"a\":1]", 6), ("{\"a\" 1}", 5), ("{a:1}", 1), ("{\"a\":tru}", 8), ("{\"a\":nulL}", 8), ("{\"a\":[1 2]}", 8),
            ("{\"id\":1,\"error\":\"x\"}]", 20),
        ])
    func grammar(text: String, offset: Int) {
        for chunk in [Int.max, 1] {
            #expect(decode(Array(text.utf8)) { chunk }.error?.offset == offset, "\(text)")
        }
    }

    @Test("a message that is no object is refused", arguments: ["[1]", "1", "\"a\"", "null", "}"])
    func noObject(text: String) { #expect(decode(text).error == OVSDBDecodingError(.notAnObject, offset: 0)) }

    @Test("depth, message, token and values are limited")
    func limits() {
        let deep = "{\"k\":" + String(repeating: "[", count: 100)
        #expect(decode(deep).error == OVSDBDecodingError(.tooDeep, offset: 5 + 47))
        let text = #"{"id":1,"result":"0123456789","error":null}"#
        #expect(decode(text, limits: OVSDBDecodingLimits(messageBytes: 20)).error?.reason == .messageTooLong)
        #expect(decode(text, limits: OVSDBDecodingLimits(tokenBytes: 9)).error == OVSDBDecodingError(.tokenTooLong, offset: 17))
        #expect(decode(text, limits: OVSDBDecodingLimits(values: 3)).error?.reason == .tooManyValues)
        #expect(decode(text + text, limits: OVSDBDecodingLimits(messageBytes: 43, tokenBytes: 10, values: 4)).messages.count == 2)
    }

    @Test("after an error nothing but that error")
    func sticky() throws {
        var decoder = OVSDBMessageDecoder()
        var messages: [OVSDBMessage] = []
        let bad = Array("{\"id\":1,\"error\":\"x\"}]".utf8)
        let good = Array("{\"id\":2,\"error\":\"x\"}".utf8)
        #expect(throws: OVSDBDecodingError(.notAnObject, offset: 20)) { try decoder.decode(bad.span, into: &messages) }
        #expect(throws: OVSDBDecodingError(.notAnObject, offset: 20)) { try decoder.decode(good.span, into: &messages) }
        #expect(messages.count == 1)
    }
}
