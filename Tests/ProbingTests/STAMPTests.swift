import Testing

@testable import Probing

@Suite("STAMP’s packets (RFC 8762, RFC 8972)")
struct STAMPTests {
    private func read(_ bytes: [UInt8]) throws(STAMPError) -> STAMPPacket { try STAMPPacket(bytes.span.bytes) }

    private static let request = STAMPRequest(identifier: 0xabcd, sequence: 7, sentAt: STAMPTimestamp(bits: 0x0102_0304_0506_0708))

    @Test("a request has its fields where section 4.2.1 has them, and zeros behind", .timeLimit(.minutes(1)))
    func requestLayout() throws {
        let expected: [UInt8] = [0, 0, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8, 32, 1, 0xab, 0xcd] + Array(repeating: 0, count: 28)
        #expect(Self.request.bytes == expected)
        #expect(try read(expected) == .request(Self.request))
    }

    @Test("a reply has its fields where section 4.3.1 has them", .timeLimit(.minutes(1)))
    func replyLayout() throws {
        let reply = STAMPReply(
            answered: Self.request, sequence: 3, receivedAt: STAMPTimestamp(bits: 0x1112_1314_1516_1718),
            sentAt: STAMPTimestamp(bits: 0x2122_2324_2526_2728), hopLimit: 255)
        let expected: [UInt8] =
            [0, 0, 0, 3, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 32, 1, 0xab, 0xcd, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18]
            + [0, 0, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8, 32, 1, 0, 0, 255, 0, 0, 0]
        #expect(reply.bytes == expected)
        #expect(try read(expected) == .reply(reply))
    }

    @Test(
        "padding is the TLV “Extra Padding”, and a reply is as long as its request", .timeLimit(.minutes(1)),
        arguments: [4, 5, 1378, 65_463])
    func padding(count: Int) throws {
        var request = Self.request
        request.padding = count
        let bytes = request.bytes
        #expect(bytes.count == 44 + count)
        #expect(bytes[44..<48] == [0x80, 1, UInt8((count - 4) >> 8), UInt8((count - 4) & 255)])
        #expect(try read(bytes) == .request(request))
        let reply = STAMPReply(
            answered: request, sequence: 0, receivedAt: STAMPTimestamp(bits: 1), sentAt: STAMPTimestamp(bits: 2), hopLimit: 1)
        #expect(reply.bytes.count == bytes.count && reply.bytes[44..<46] == [0, 1])
        #expect(try read(reply.bytes) == .reply(reply))
    }

    @Test("what is none is refused with its reason", .timeLimit(.minutes(1)))
    func refusals() throws {
        #expect(throws: STAMPError.tooShort(43)) { try read(Array(repeating: 0, count: 43)) }
        #expect(throws: STAMPError.tooLong(65_508)) { try read(Array(repeating: 0, count: 65_508)) }
        #expect(throws: STAMPError.malformedTLV(at: 44)) { try read(Self.request.bytes + [0x80, 1, 0]) }
        #expect(throws: STAMPError.malformedTLV(at: 48)) { try read(Self.request.bytes + [0x80, 1, 0, 0, 0x80, 1, 0, 1]) }
        var noise = Self.request.bytes
        noise[30] = 1
        #expect(throws: STAMPError.notZero(at: 30)) { try read(noise) }
    }

    @Test("times keep their differences over 1970, 2036 and a fraction", .timeLimit(.minutes(1)))
    func times() {
        for (from, span) in [(0, 1), (-5_000_000_000, 7_500_000_000), (2_085_978_496_000_000_000, 1_999_999_999), (123_456_789, 250_000)] {
            let (from, span) = (Int64(from), Int64(span))
            let measured = STAMPTimestamp(nanoseconds: from + span).since(STAMPTimestamp(nanoseconds: from))
            #expect(abs(measured - span) <= 1)
            #expect(abs(STAMPTimestamp(nanoseconds: from).since(STAMPTimestamp(nanoseconds: from + span)) + span) <= 1)
        }
        #expect(STAMPTimestamp(nanoseconds: 0).bits == 2_208_988_800 << 32)
    }
}
