/// What a daemon says of one command (FRR `lib/command.h`, CMD_*); it is the last byte of a reply on the vty socket.
package struct VTYStatus: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let ok = VTYStatus(rawValue: 0)
    package static let warning = VTYStatus(rawValue: 1)
    /// No such command in this context (CMD_ERR_NO_MATCH).
    package static let unknownCommand = VTYStatus(rawValue: 2)
    package static let ambiguous = VTYStatus(rawValue: 3)
    package static let incomplete = VTYStatus(rawValue: 4)
    /// The command is understood and could not be carried out (CMD_WARNING_CONFIG_FAILED).
    package static let configurationFailed = VTYStatus(rawValue: 13)
}

extension VTYStatus: CustomStringConvertible {
    package var description: String {
        switch self {
        case .ok: "ok"
        case .warning: "warning"
        case .unknownCommand: "unknown command"
        case .ambiguous: "ambiguous command"
        case .incomplete: "incomplete command"
        case .configurationFailed: "configuration failed"
        default: "status \(rawValue)"
        }
    }
}

/// A daemon's answer to one command.
package struct VTYReply: Hashable, Sendable {
    package let text: String
    package let status: VTYStatus

    package init(text: String, status: VTYStatus) {
        self.text = text
        self.status = status
    }
}

/// Cuts the stream of a vty socket into replies: text, three zero bytes, one status byte (FRR `vtysh_read`, `vty_endframe`).
///
/// Bytes come in any chunking; no byte is looked at twice.
package struct VTYReplyDecoder: Sendable {
    private var text: [UInt8] = []
    /// Zero bytes seen at the end of `text`, not kept in it: 0…3.
    private var zeros = 0

    package init() {}

    /// Bytes held of a reply that is not complete.
    package var pendingBytes: Int { text.count + zeros }

    /// Takes bytes and hands out every reply that they complete, in order.
    package mutating func append(_ bytes: some Sequence<UInt8>) -> [VTYReply] {
        var replies: [VTYReply] = []
        if bytes.withContiguousStorageIfAvailable({ append($0, &replies) }) == nil {
            Array(bytes).withUnsafeBufferPointer { append($0, &replies) }
        }
        return replies
    }

    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, _ replies: inout [VTYReply]) {
        var rest = bytes[...]
        while let byte = rest.first {
            if zeros == 3 {
                replies.append(VTYReply(text: String(decoding: text, as: UTF8.self), status: VTYStatus(rawValue: byte)))
                text.removeAll(keepingCapacity: text.count <= Self.keptCapacity)
                zeros = 0
                rest.removeFirst()
            } else if byte == 0 {
                zeros += 1
                rest.removeFirst()
            } else {
                // One or two zeros are no end. FRR's own text has none; they stay, so that nothing is lost.
                text.append(contentsOf: repeatElement(0, count: zeros))
                zeros = 0
                let end = rest.firstIndex(of: 0) ?? rest.endIndex
                text.append(contentsOf: rest[..<end])
                rest = rest[end...]
            }
        }
    }

    /// After a long table the buffer is given back: tables of 100,000 routes are rare, the agent runs for months.
    private static let keptCapacity = 65_536
}
