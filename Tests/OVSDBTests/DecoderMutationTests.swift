import Foundation
import Testing

@testable import OVSDB

@Suite("Damaged bytes")
struct DecoderMutationTests {
    /// One damage: a byte changed, removed, doubled, a stretch moved, the end cut off, something clever put in.
    private func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let clever: [[UInt8]] = [
            Array("\\ud83d".utf8), Array("[[[[".utf8), Array("}}".utf8), Array("\"".utf8), Array("1e999".utf8), Array("null".utf8),
            Array("[\"uuid\",".utf8), [0xff], [0xf0, 0x9f], [0x00], Array("5dbd8616-1959-4c8b-b5cb-428913d3f5bb".utf8), Array(",".utf8),
        ]
        guard !bytes.isEmpty else { return }
        let at = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[at] = UInt8.random(in: .min ... .max, using: &generator)
        case 1: bytes.remove(at: at)
        case 2: bytes.insert(bytes[at], at: at)
        case 3: bytes.insert(contentsOf: clever.randomElement(using: &generator) ?? [], at: at)
        case 4: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &generator)))
        default: bytes.insert(contentsOf: bytes[at...].prefix(Int.random(in: 1...60, using: &generator)), at: at)
        }
    }

    @Test("never crash the decoder, and mean the same in any chunks")
    func mutations() throws {
        let stream = [UInt8](try Data(contentsOf: fixture("southbound.stream")))
        var errors = 0
        for seed in 0..<4000 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            // A stretch from the beginning of some message.
            let start = Int.random(in: 0..<stream.count - 100, using: &generator)
            let first = stream[start...].firstIndex(of: UInt8(ascii: "{")) ?? 0
            var bytes = Array(seed % 2 == 0 ? stream.suffix(2500) : stream[first...].prefix(600))
            if seed % 2 == 0 {
                // `{"id":null,…` begins every notification.
                let needle = Array("{\"id\":".utf8)
                let begin = bytes.indices.first { bytes[$0...].starts(with: needle) } ?? 0
                bytes.removeFirst(begin)
            }
            for _ in 0..<Int.random(in: 1...3, using: &generator) { damage(&bytes, &generator) }
            let limits = OVSDBDecodingLimits(depth: 20, messageBytes: 4000, tokenBytes: 300, values: 200)
            let whole = decode(bytes, limits: limits) { .max }
            let cut = decode(bytes, limits: limits) { Int.random(in: 1...9, using: &generator) }
            #expect(whole == cut, "seed \(seed)")
            if let error = whole.error {
                errors += 1
                #expect((0...bytes.count).contains(error.offset), "seed \(seed)")
            }
        }
        #expect(errors > 2000)
    }
}
