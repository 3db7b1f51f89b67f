import Testing

@testable import FRR
@testable import VTY

@Suite("The vty reply decoder")
struct VTYReplyDecoderTests {
    private static let replies = [
        VTYReply(text: "", status: .ok),
        VTYReply(text: "FRRouting 8.4.4 (gw1)\n", status: .ok),
        VTYReply(text: "% [BGP] Unknown command: foo\n", status: .unknownCommand),
        VTYReply(text: "Zürich\n", status: .configurationFailed),
        VTYReply(text: "a\0b\0\0c", status: .warning),
        VTYReply(text: String(repeating: "x", count: 100_000), status: VTYStatus(rawValue: 200)),
    ]
    private static let stream: [UInt8] = replies.flatMap { Array($0.text.utf8) + [0, 0, 0, $0.status.rawValue] }

    @Test("gives every reply of a stream that comes whole")
    func whole() {
        var decoder = VTYReplyDecoder()
        #expect(decoder.append(Self.stream) == Self.replies)
        #expect(decoder.pendingBytes == 0)
    }

    @Test("gives the same replies byte by byte")
    func drop() {
        var decoder = VTYReplyDecoder()
        #expect(Self.stream.flatMap { decoder.append([$0]) } == Self.replies)
    }

    @Test("gives the same replies in random chunks", arguments: 1...20)
    func chunks(seed: Int) {
        var chance = SeededGenerator(state: UInt64(seed))
        var decoder = VTYReplyDecoder()
        var rest = Self.stream[...]
        var replies: [VTYReply] = []
        while !rest.isEmpty {
            let size = Int.random(in: 1...(seed.isMultiple(of: 2) ? 7 : 5000), using: &chance)
            replies += decoder.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        #expect(replies == Self.replies)
    }

    @Test("holds back a reply until its status has come")
    func incomplete() {
        var decoder = VTYReplyDecoder()
        #expect(decoder.append([0x68, 0x69, 0, 0, 0]).isEmpty)
        #expect(decoder.pendingBytes == 5)
        #expect(decoder.append([0]) == [VTYReply(text: "hi", status: .ok)])
    }
}

@Suite("The order of calls on a vty")
struct VTYConversationTests {
    private func bytes(_ count: Int, status: UInt8 = 0) -> [UInt8] { (0..<count).flatMap { _ in [0, 0, 0, status] as [UInt8] } }

    @Test("a long call goes out in windows, each one after the replies to the last")
    func windows() {
        var conversation = VTYConversation()
        let commands = (0..<300).map { "network 10.0.0.\($0)" }
        #expect(conversation.begin(1, commands) == [.send(commands[..<128].flatMap { Array($0.utf8) + [0] })])
        #expect(conversation.received(bytes(127)).isEmpty)
        #expect(conversation.awaitedCommand(of: 1) == commands[127])
        #expect(conversation.received(bytes(1)) == [.send(commands[128..<256].flatMap { Array($0.utf8) + [0] })])
        #expect(conversation.received(bytes(128)).count == 1)
        let end = conversation.received(bytes(44))
        #expect(end == [.finished(1, Array(repeating: VTYReply(text: "", status: .ok), count: 300))])
    }

    @Test("a second call waits until the first has all its replies")
    func queue() {
        var conversation = VTYConversation()
        #expect(conversation.begin(1, ["configure terminal", "end"]).count == 1)
        #expect(conversation.begin(2, ["show version"]).isEmpty)
        let outputs = conversation.received(bytes(2, status: 13))
        let failed = VTYReply(text: "", status: .configurationFailed)
        #expect(outputs == [.finished(1, [failed, failed]), .send(Array("show version\0".utf8))])
        #expect(conversation.isPending(2))
    }

    @Test("a closed socket leaves every call unanswered, and a reply that nobody asked for is dropped")
    func closed() {
        var conversation = VTYConversation()
        #expect(conversation.received(bytes(1)).isEmpty)
        _ = conversation.begin(1, ["a"])
        _ = conversation.begin(2, ["b"])
        #expect(conversation.closed() == [1, 2])
        #expect(!conversation.isPending(1))
    }
}
