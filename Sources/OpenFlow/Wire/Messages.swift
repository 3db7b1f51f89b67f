/// The messages of OpenFlow 1.3 that a table is read and changed with (section 7.3).
enum Message {
    static let version: UInt8 = 4

    enum Kind {
        static let (hello, error, echoRequest, echoReply) = (UInt8(0), UInt8(1), UInt8(2), UInt8(3))
        static let (packetOut, flowMod, multipartRequest, multipartReply) = (UInt8(13), UInt8(14), UInt8(18), UInt8(19))
        static let (barrierRequest, barrierReply) = (UInt8(20), UInt8(21))
    }

    /// `OFPMP_FLOW`, and the flag of a reply that more follows.
    static let (flowStatistics, more) = (UInt16(1), UInt16(1))
    /// `OFPMP_PORT_DESC`.
    static let portDescription: UInt16 = 13
    /// `OFPP_ANY`, `OFPG_ANY`, `OFP_NO_BUFFER`.
    private static let any = UInt32.max
    /// `OFPTT_ALL`.
    private static let allTables: UInt8 = 0xff

    static func write(_ kind: UInt8, _ id: UInt32, to bytes: inout [UInt8], _ body: (inout [UInt8]) -> Void = { _ in }) {
        let start = bytes.count
        bytes += [version, kind, 0, 0]
        bytes.append(number: id)
        body(&bytes)
        bytes.put(UInt16(bytes.count - start), at: start + 2)
    }

    /// Announces only version 1.3, also in the bitmap (`OFPHET_VERSIONBITMAP`).
    static func writeHello(to bytes: inout [UInt8]) {
        write(Kind.hello, 0, to: &bytes) { bytes in
            bytes.append(number: UInt16(1))
            bytes.append(number: UInt16(8))
            bytes.append(number: UInt32(1) << UInt32(version))
        }
    }

    static func write(_ change: FlowChange, _ id: UInt32, to bytes: inout [UInt8]) {
        write(Kind.flowMod, id, to: &bytes) { bytes in
            let (flow, command, mask, table): (FlowEntry, UInt8, UInt64, UInt8) =
                switch change {
                case .add(let flow): (flow, 0, 0, 0)  // OFPFC_ADD
                case .remove(let flow): (flow, 4, .max, allTables)  // OFPFC_DELETE_STRICT
                }
            bytes.append(number: flow.cookie)
            bytes.append(number: mask)
            bytes += [table, command]
            bytes.append(number: UInt16(0))  // Idle timeout: none.
            bytes.append(number: UInt16(0))  // Hard timeout: none.
            bytes.append(number: flow.priority)
            for _ in 0..<3 { bytes.append(number: any) }  // Buffer, out port, out group.
            bytes.append(number: UInt32(0))  // Flags, padding.
            flow.match.write(to: &bytes)
            if case .add = change { FlowAction.write(flow.actions, to: &bytes) }
        }
    }

    /// Sends a frame out of a port. It comes from nowhere (`OFPP_CONTROLLER`), and no flow is asked.
    static func writePacket(_ frame: [UInt8], to port: UInt32, _ id: UInt32, to bytes: inout [UInt8]) {
        write(Kind.packetOut, id, to: &bytes) { bytes in
            bytes.append(number: any)  // Buffer: none.
            bytes.append(number: UInt32(0xffff_fffd))
            let length = bytes.count
            bytes.append(number: UInt16(0))
            bytes += [0, 0, 0, 0, 0, 0]
            let start = bytes.count
            FlowAction.output(port).write(to: &bytes)
            bytes.put(UInt16(bytes.count - start), at: length)
            bytes += frame
        }
    }

    static func writePortRequest(_ id: UInt32, to bytes: inout [UInt8]) {
        write(Kind.multipartRequest, id, to: &bytes) { bytes in
            bytes.append(number: portDescription)
            bytes += [0, 0, 0, 0, 0, 0]
        }
    }

    /// Requests the flows with this cookie under the mask.
    /// - Parameter table: nil: of all.
    static func writeFlowRequest(cookie: UInt64, mask: UInt64, table: UInt8? = nil, _ id: UInt32, to bytes: inout [UInt8]) {
        write(Kind.multipartRequest, id, to: &bytes) { bytes in
            bytes.append(number: flowStatistics)
            bytes.append(number: UInt16(0))
            bytes.append(number: UInt32(0))
            bytes += [table ?? allTables, 0, 0, 0]
            bytes.append(number: any)
            bytes.append(number: any)
            bytes.append(number: UInt32(0))
            bytes.append(number: cookie)
            bytes.append(number: mask)
            FlowMatch().write(to: &bytes)
        }
    }

    /// One `struct ofp_flow_stats`.
    static func readFlow(_ reader: inout Reader) throws(OpenFlowError) -> FoundFlow {
        let length: UInt16 = try reader.number()
        guard length >= 48 else { throw .malformed("a flow of \(length) bytes") }
        var flow = try reader.part(Int(length) - 2)
        try flow.skip(10)  // Table, padding, age.
        let priority: UInt16 = try flow.number()
        try flow.skip(10)  // Timeouts, flags, padding.
        let cookie: UInt64 = try flow.number()
        try flow.skip(16)  // Packets, bytes.
        let match = try FlowMatch.read(&flow)
        let actions = try FlowAction.read(&flow)
        do {
            return .entry(FlowEntry(cookie: cookie, priority: priority, match: try match.get(), actions: try actions.get()))
        } catch {
            return .foreign(cookie: cookie, priority: priority, reason: error.reason)
        }
    }
}

/// Cuts the stream of a connection into messages. No byte is looked at twice.
struct MessageDecoder {
    struct Received: Hashable {
        var kind: UInt8
        var id: UInt32
        var body: ArraySlice<UInt8>
    }

    private var pending: [UInt8] = []
    /// Where the next message begins.
    private var start = 0

    mutating func append(_ bytes: some Sequence<UInt8>) {
        pending.removeFirst(start)
        start = 0
        pending.append(contentsOf: bytes)
    }

    /// The next message that is there as a whole.
    mutating func next() throws(OpenFlowError) -> Received? {
        guard pending.count - start >= 8 else { return nil }
        let length = Int(pending[start + 2]) << 8 | Int(pending[start + 3])
        guard length >= 8 else { throw .malformed("a message of \(length) bytes") }
        guard pending.count - start >= length else { return nil }
        defer { start += length }
        let id = pending[(start + 4)..<(start + 8)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return Received(kind: pending[start + 1], id: id, body: pending[(start + 8)..<(start + length)])
    }
}
