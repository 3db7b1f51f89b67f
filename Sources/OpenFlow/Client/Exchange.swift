/// One conversation with a switch: sends all requests at once, then waits for the answers.
///
/// Pure: bytes come in, bytes to send come out. Requests need not wait for the switch's hello: it reads ours first, and where it
/// does not speak 1.3 it refuses that.
struct Exchange {
    enum Question: Hashable {
        /// The flows with this cookie under the mask.
        case flows(cookie: UInt64, mask: UInt64)
        /// Those of the first table with this priority at least, without those with the cookie under the mask.
        case rules(from: UInt16, except: UInt64, mask: UInt64)
        case ports
        /// To be made in this order.
        case change([FlowChange])
        /// A frame to be sent out of a port.
        case packet([UInt8], port: UInt32)
    }

    private let question: Question
    private var decoder = MessageDecoder()
    private var found = Answer()
    private var refusal: OpenFlowError?
    private(set) var isDone = false

    /// What a switch answered: what was asked for.
    struct Answer: Hashable, Sendable {
        var flows: [FoundFlow] = []
        var rules: [FoundRule] = []
        var ports: [PortState] = []
    }

    /// The first of the changes' numbers; the question itself, and the barrier behind changes, has the one before.
    private static let (main, first) = (UInt32(1), UInt32(2))

    init(_ question: Question) { self.question = question }

    /// What to send first.
    var opening: [UInt8] {
        var bytes: [UInt8] = []
        Message.writeHello(to: &bytes)
        switch question {
        case .flows(let cookie, let mask): Message.writeFlowRequest(cookie: cookie, mask: mask, Self.main, to: &bytes)
        case .rules: Message.writeFlowRequest(cookie: 0, mask: 0, table: 0, Self.main, to: &bytes)
        case .ports: Message.writePortRequest(Self.main, to: &bytes)
        case .change(let changes):
            for (index, change) in changes.enumerated() { Message.write(change, Self.first + UInt32(index), to: &bytes) }
            // Its answer comes when all before it is done (section 6.2).
            Message.write(Message.Kind.barrierRequest, Self.main, to: &bytes)
        case .packet(let frame, let port):
            Message.writePacket(frame, to: port, Self.first, to: &bytes)
            Message.write(Message.Kind.barrierRequest, Self.main, to: &bytes)
        }
        return bytes
    }

    /// Takes bytes of the switch.
    /// - Returns: The bytes to send.
    /// - Throws: If the connection is unusable.
    mutating func receive(_ bytes: some Sequence<UInt8>) throws(OpenFlowError) -> [UInt8] {
        var answer: [UInt8] = []
        decoder.append(bytes)
        while !isDone, let message = try decoder.next() {
            switch (message.kind, message.id) {
            case (Message.Kind.echoRequest, let id): Message.write(Message.Kind.echoReply, id, to: &answer) { $0 += message.body }
            case (Message.Kind.error, let id): try refused(message.body, id)
            case (Message.Kind.multipartReply, Self.main): try read(message.body)
            case (Message.Kind.barrierReply, Self.main): isDone = true
            // Hello, and unsolicited messages of the switch.
            default: break
            }
        }
        return answer
    }

    /// What was found out, once it is done.
    func result() throws(OpenFlowError) -> Answer {
        if let refusal { throw refusal }
        return found
    }

    private mutating func refused(_ body: ArraySlice<UInt8>, _ id: UInt32) throws(OpenFlowError) {
        var reader = Reader(body)
        let (kind, code): (UInt16, UInt16) = (try reader.number(), try reader.number())
        if case .packet = question, id == Self.first {
            refusal = .refused(message: "the packet", kind: kind, code: code)
            return
        }
        guard case .change(let changes) = question, id >= Self.first, Int(id - Self.first) < changes.count else {
            throw .refused(message: id == Self.main ? "the request" : "the hello", kind: kind, code: code)
        }
        // The others are still applied: the first refusal is reported at the end.
        refusal = refusal ?? .refused(message: "\(changes[Int(id - Self.first)])", kind: kind, code: code)
    }

    private mutating func read(_ body: ArraySlice<UInt8>) throws(OpenFlowError) {
        var reader = Reader(body)
        let (kind, flags): (UInt16, UInt16) = (try reader.number(), try reader.number())
        try reader.skip(4)
        switch (question, kind) {
        case (.flows, Message.flowStatistics): while !reader.isEmpty { found.flows.append(try Message.readFlow(&reader)) }
        case (.rules(let least, let cookie, let mask), Message.flowStatistics):
            while !reader.isEmpty {
                guard let rule = try FoundRule.read(&reader), rule.priority >= least, rule.cookie & mask != cookie else { continue }
                found.rules.append(rule)
            }
        case (.ports, Message.portDescription): while reader.count >= PortState.length { found.ports.append(try PortState(&reader)) }
        default: throw .malformed("statistics of kind \(kind) that were not requested")
        }
        isDone = flags & Message.more == 0
    }
}
