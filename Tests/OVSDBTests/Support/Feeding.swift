import Foundation

@testable import OVSDB

/// A generator whose seed a failing test prints, so that the failure can be had again (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// What a decoder made of bytes: the messages, and the error that ended them if one did.
struct Decoded: Equatable {
    var messages: [OVSDBMessage] = []
    var error: OVSDBDecodingError?
    var isInMessage = false
}

/// Feeds the bytes in chunks of the sizes that `next` says.
func decode(
    _ bytes: [UInt8], limits: OVSDBDecodingLimits = OVSDBDecodingLimits(), chunk next: () -> Int
) -> Decoded {
    var decoder = OVSDBMessageDecoder(limits: limits)
    var result = Decoded()
    var rest = bytes[...]
    do throws(OVSDBDecodingError) {
        while !rest.isEmpty {
            let chunk = Array(rest.prefix(max(1, next())))
            rest = rest.dropFirst(chunk.count)
            try decoder.decode(chunk.span, into: &result.messages)
        }
    } catch {
        result.error = error
    }
    result.isInMessage = decoder.isInMessage
    return result
}

func decode(_ text: String, limits: OVSDBDecodingLimits = OVSDBDecodingLimits()) -> Decoded {
    decode(Array(text.utf8), limits: limits) { .max }
}

/// The one message of a text.
func message(_ text: String) throws -> OVSDBMessage {
    let decoded = decode(text)
    if let error = decoded.error { throw error }
    return try requireFirst(decoded.messages)
}

struct Missing: Error {}

func requireFirst<T>(_ list: [T]) throws -> T {
    guard let first = list.first else { throw Missing() }
    return first
}

/// The tokens of a text, fed in chunks of a size.
func tokens(_ bytes: [UInt8], chunk: Int = .max) throws(OVSDBDecodingError) -> [JSONToken] {
    var tokenizer = JSONTokenizer()
    var result: [JSONToken] = []
    var rest = bytes[...]
    while !rest.isEmpty {
        let part = Array(rest.prefix(chunk))
        rest = rest.dropFirst(chunk)
        var position = 0
        while let token = try tokenizer.next(in: part.span, at: &position) { result.append(token) }
    }
    return result
}

func fixture(_ name: String) throws -> URL {
    guard let url = Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures") else { throw Missing() }
    return url
}
