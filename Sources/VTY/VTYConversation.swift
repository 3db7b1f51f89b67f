/// The order of things on one vty socket: calls wait in line, the first one's commands go out in windows,
/// and replies belong to commands by position alone (the protocol has no identifiers).
///
/// Pure: bytes and calls come in, bytes and finished calls come out. A call runs alone, because a daemon's vty has one
/// context: a `show` in the middle of somebody's `configure terminal` would be refused.
struct VTYConversation: Sendable {
    typealias CallID = UInt64

    enum Output: Hashable, Sendable {
        /// Write these bytes.
        case send([UInt8])
        /// The call has all its replies, in the order of its commands.
        case finished(CallID, [VTYReply])
    }

    private struct Call {
        let id: CallID
        let commands: [String]
        var sent = 0
        var replies: [VTYReply] = []
    }

    /// Commands in flight at once. FRR reads 512 bytes at a time and answers each command on its own; a window keeps
    /// it busy without queueing a thousand replies behind a dead peer.
    static let window = 128

    private var calls: [Call] = []
    private var decoder = VTYReplyDecoder()

    /// The first command that waits for its reply: what to name when time runs out.
    func awaitedCommand(of id: CallID) -> String? {
        guard let call = calls.first(where: { $0.id == id }) else { return nil }
        return call.commands[min(call.replies.count, call.commands.count - 1)]
    }

    func isPending(_ id: CallID) -> Bool { calls.contains { $0.id == id } }

    /// Adds a call of at least one command.
    mutating func begin(_ id: CallID, _ commands: [String]) -> [Output] {
        guard !commands.isEmpty else { return [.finished(id, [])] }
        calls.append(Call(id: id, commands: commands))
        return calls.count == 1 ? fill() : []
    }

    /// Takes bytes of the socket. Replies that were not requested are dropped: FRR sends none, and there is nobody to give them to.
    mutating func received(_ bytes: some Sequence<UInt8>) -> [Output] {
        var outputs: [Output] = []
        for reply in decoder.append(bytes) {
            guard !calls.isEmpty, calls[0].replies.count < calls[0].sent else { continue }
            calls[0].replies.append(reply)
            if calls[0].replies.count == calls[0].commands.count {
                let call = calls.removeFirst()
                outputs.append(.finished(call.id, call.replies))
                outputs += fill()
            } else if calls[0].replies.count == calls[0].sent {
                outputs += fill()
            }
        }
        return outputs
    }

    /// The socket is gone: every call that it leaves behind, first come first.
    mutating func closed() -> [CallID] {
        defer { calls = [] }
        return calls.map(\.id)
    }

    private mutating func fill() -> [Output] {
        guard !calls.isEmpty else { return [] }
        let end = min(calls[0].sent + Self.window, calls[0].commands.count)
        var bytes: [UInt8] = []
        for command in calls[0].commands[calls[0].sent..<end] {
            bytes.append(contentsOf: command.utf8)
            bytes.append(0)
        }
        calls[0].sent = end
        return [.send(bytes)]
    }
}
