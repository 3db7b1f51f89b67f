import NetworkTypes
import Testing

@testable import OpenFlow

@Suite("A conversation with a switch", .timeLimit(.minutes(1)))
struct ExchangeTests {
    static let entries: [FlowEntry] = [
        FlowEntry(
            cookie: 0x0fed_0fed_0000_0001, priority: 1000,
            match: FlowMatch(
                inPort: 2, ethernetSource: MACAddress("fa:16:3e:00:01:01"), source: IPPrefix("10.1.0.0/24"),
                destination: IPPrefix("10.2.0.11/32")),
            actions: [.setEthernetDestination(MACAddress("02:fe:d0:00:00:01")!), .output(7)]),
        FlowEntry(
            cookie: 0x0fed_0fed_0000_0002, priority: 1000,
            match: FlowMatch(
                inPort: 2, ethernetSource: MACAddress("fa:16:3e:00:01:01"), vlan: 200, source: IPPrefix("fd10:1::/64"),
                destination: IPPrefix("fd10:2::11/128")),
            actions: [.setEthernetDestination(MACAddress("02:fe:d0:00:00:01")!), .popVLAN, .output(7)]),
        FlowEntry(
            cookie: 1, priority: 1,
            match: FlowMatch(
                inPort: 0xffff_fffe, ethernetDestination: MACAddress("fa:16:3e:00:01:01"), destination: IPPrefix("10.0.0.0/9")),
            actions: [.pushVLAN, .setVLAN(4095), .output(0xffff_fffe)]),
        FlowEntry(cookie: .max, priority: .max, match: FlowMatch(vlan: 0), actions: []),
    ]

    /// A switch's answer to a request for flows, from the structures of the specification.
    static func reply(_ entries: [FlowEntry], more: Bool = false, id: UInt32 = 1) -> [UInt8] {
        var bytes: [UInt8] = []
        Message.write(Message.Kind.multipartReply, id, to: &bytes) { bytes in
            bytes += [0, 1, 0, more ? 1 : 0, 0, 0, 0, 0]
            for entry in entries {
                let start = bytes.count
                bytes += [0, 0, 0, 0] + Array(repeating: 9, count: 8) + octets(entry.priority) + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
                bytes += octets(entry.cookie) + Array(repeating: 9, count: 16)
                entry.match.write(to: &bytes)
                FlowAction.write(entry.actions, to: &bytes)
                bytes.put(UInt16(bytes.count - start), at: start)
            }
        }
        return bytes
    }

    static let hello: [UInt8] = [6, 0, 0, 16, 0, 0, 0, 9, 0, 1, 0, 8, 0, 0, 0, 0x7e]

    static func message(_ kind: UInt8, _ id: UInt32, _ body: [UInt8] = []) -> [UInt8] {
        var bytes: [UInt8] = []
        Message.write(kind, id, to: &bytes) { $0 += body }
        return bytes
    }

    @Test("a frame goes out of a port with no flow asked, and a refusal of it is told")
    func packet() throws {
        var bytes: [UInt8] = []
        Message.writePacket([1, 2, 3], to: 7, 2, to: &bytes)
        let head: [UInt8] = [4, 13, 0, 43, 0, 0, 0, 2]
        #expect(
            bytes == head + [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfd, 0, 16, 0, 0, 0, 0, 0, 0]
                + [0, 0, 0, 16, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0] + [1, 2, 3])
        var exchange = Exchange(.packet([1, 2, 3], port: 7))
        #expect(exchange.opening.suffix(8 + bytes.count).starts(with: bytes))
        _ = try exchange.receive(Self.message(Message.Kind.error, 2, [0, 2, 0, 4]) + Self.message(Message.Kind.barrierReply, 1))
        #expect(exchange.isDone)
        #expect(throws: OpenFlowError.refused(message: "the packet", kind: 2, code: 4)) { try exchange.result() }
    }

    @Test("a flow is written as the specification has it, byte by byte")
    func bytes() {
        var bytes: [UInt8] = []
        Message.write(.add(Self.entries[0]), 7, to: &bytes)
        let head: [UInt8] = [4, 14, 0, 136, 0, 0, 0, 7]
        let body: [UInt8] = [
            0x0f, 0xed, 0x0f, 0xed, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,  // cookie, mask
            0, 0, 0, 0, 0, 0, 0x03, 0xe8,  // table, command, timeouts, priority
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0,  // buffer, port, group, flags
        ]
        let match: [UInt8] = [
            0, 1, 0, 48,
            0x80, 0, 0, 4, 0, 0, 0, 2,  // in_port
            0x80, 0, 8, 6, 0xfa, 0x16, 0x3e, 0, 1, 1,  // eth_src
            0x80, 0, 10, 2, 0x08, 0,  // eth_type
            0x80, 0, 23, 8, 10, 1, 0, 0, 255, 255, 255, 0,  // ipv4_src
            0x80, 0, 24, 4, 10, 2, 0, 11,  // ipv4_dst
        ]
        let instructions: [UInt8] = [
            0, 4, 0, 40, 0, 0, 0, 0,
            0, 25, 0, 16, 0x80, 0, 6, 6, 0x02, 0xfe, 0xd0, 0, 0, 1, 0, 0,  // set_field eth_dst
            0, 0, 0, 16, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0,  // output
        ]
        #expect(bytes == head + body + match + instructions)
    }

    @Test("flows come back as they were written")
    func roundTrip() throws {
        var exchange = Exchange(.flows(cookie: 0, mask: 0))
        _ = try exchange.receive(Self.hello + Self.reply(Self.entries))
        #expect(exchange.isDone)
        #expect(try exchange.result().flows == Self.entries.map(FoundFlow.entry))
    }

    @Test("an answer in parts is waited for to its end, and read the same byte by byte")
    func byteByByte() throws {
        var exchange = Exchange(.flows(cookie: 0, mask: 0))
        let bytes = Self.hello + Self.reply(Array(Self.entries[..<2]), more: true) + Self.reply(Array(Self.entries[2...]))
        for (index, byte) in bytes.enumerated() {
            #expect(!exchange.isDone, "done before byte \(index)")
            _ = try exchange.receive([byte])
        }
        #expect(exchange.isDone)
        #expect(try exchange.result().flows == Self.entries.map(FoundFlow.entry))
    }

    @Test("a flow with what this module does not know is told in words, and the next ones are read")
    func foreign() throws {
        var bytes = Self.reply([Self.entries[0], Self.entries[3]])
        // eth_src becomes eth_src with a field number of nobody's.
        let position = try #require(bytes.indices.first { Array(bytes[$0...].prefix(4)) == [0x80, 0, 8, 6] })
        bytes[position + 2] = 0x60
        var exchange = Exchange(.flows(cookie: 0, mask: 0))
        _ = try exchange.receive(bytes)
        guard case .foreign(let cookie, let priority, let reason)? = try exchange.result().flows.first else {
            Issue.record("the flow was taken for one that is known")
            return
        }
        #expect(cookie == Self.entries[0].cookie && priority == 1000 && reason.contains("field 48"))
        #expect(try exchange.result().flows.last == .entry(Self.entries[3]))
    }

    @Test("a mask that is none of a prefix is foreign")
    func mask() throws {
        var bytes = Self.reply([Self.entries[0]])
        let position = try #require(bytes.indices.first { Array(bytes[$0...].prefix(4)) == [255, 255, 255, 0] })
        bytes[position] = 0
        var exchange = Exchange(.flows(cookie: 0, mask: 0))
        _ = try exchange.receive(bytes)
        guard case .foreign? = try exchange.result().flows.first else {
            Issue.record("0.255.255.0 was taken for the mask of a prefix")
            return
        }
    }

    @Test("a mask of zeros says nothing, and is not what tells two flows apart")
    func emptyMask() throws {
        var bytes = Self.reply([Self.entries[0]])
        let position = try #require(bytes.indices.first { Array(bytes[$0...].prefix(4)) == [255, 255, 255, 0] })
        for index in position..<(position + 3) { bytes[index] = 0 }
        var exchange = Exchange(.flows(cookie: 0, mask: 0))
        _ = try exchange.receive(bytes)
        var expected = Self.entries[0]
        expected.match.source = nil
        #expect(try exchange.result().flows == [.entry(expected)])
    }

    @Test("what is right before rubbish in the same bytes is heard first")
    func rubbishBehind() throws {
        var exchange = Exchange(.flows(cookie: 0, mask: 0))
        _ = try exchange.receive(Self.reply(Self.entries) + [4, 0, 0, 7, 0, 0, 0, 0])
        #expect(try exchange.result().flows == Self.entries.map(FoundFlow.entry))
    }

    @Test("changes are done when the barrier behind them is answered, and the first refusal is told with its flow")
    func refusal() throws {
        var exchange = Exchange(.change([.add(Self.entries[0]), .remove(Self.entries[3]), .add(Self.entries[2])]))
        _ = try exchange.receive(Self.hello + Self.message(Message.Kind.error, 3, [0, 5, 0, 1, 0, 0]))
        #expect(!exchange.isDone)
        _ = try exchange.receive(Self.message(Message.Kind.error, 4, [0, 5, 0, 2]) + Self.message(Message.Kind.barrierReply, 1))
        #expect(exchange.isDone)
        #expect(throws: OpenFlowError.refused(message: "\(FlowChange.remove(Self.entries[3]))", kind: 5, code: 1)) {
            try exchange.result()
        }
    }

    @Test("a switch that does not speak 1.3 refuses the hello, and that ends it")
    func version() throws {
        var exchange = Exchange(.flows(cookie: 0, mask: 0))
        #expect(throws: OpenFlowError.refused(message: "the hello", kind: 0, code: 0)) {
            try exchange.receive(Self.message(Message.Kind.error, 0, [0, 0, 0, 0]))
        }
    }

    @Test("the switch's question whether we live is answered with its own words")
    func echo() throws {
        var exchange = Exchange(.flows(cookie: 0, mask: 0))
        #expect(
            try exchange.receive(Self.message(Message.Kind.echoRequest, 77, [1, 2, 3]))
                == Self.message(Message.Kind.echoReply, 77, [1, 2, 3]))
    }

    @Test("rubbish never crashes: every byte of an answer, changed and cut", arguments: 0..<12)
    func rubbish(seed: Int) {
        let good = Self.hello + Self.reply(Self.entries, more: true) + Self.reply(Self.entries)
        var state = UInt64(seed) &* 6_364_136_223_846_793_005 &+ 1
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for position in good.indices {
            var bytes = good
            bytes[position] = UInt8(random(256))
            if seed % 4 == 0 { bytes[random(bytes.count)] = UInt8(random(256)) }
            var exchange = Exchange(.flows(cookie: 0, mask: 0))
            do {
                _ = try exchange.receive(bytes.prefix(seed % 3 == 0 ? random(bytes.count) : bytes.count))
            } catch {
                // A refusal is as good as an answer.
            }
            if let found = try? exchange.result() { #expect(found.flows.count <= 2 * Self.entries.count + bytes.count / 48) }
        }
    }
}
