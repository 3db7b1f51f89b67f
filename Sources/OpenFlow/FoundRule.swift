import NetworkTypes

/// An entry of a table as far as it can be understood, whoever wrote it. What it does is left out.
package struct FoundRule: Hashable, Sendable {
    package var cookie: UInt64
    package var priority: UInt16
    /// What of it is understood.
    package var match: FlowMatch
    /// Packets without a VLAN tag only.
    package var isUntagged: Bool
    /// It asks for more than `match` says.
    package var isConditional: Bool

    package init(cookie: UInt64, priority: UInt16, match: FlowMatch, isUntagged: Bool = false, isConditional: Bool = false) {
        self.cookie = cookie
        self.priority = priority
        self.match = match
        self.isUntagged = isUntagged
        self.isConditional = isConditional
    }
}

/// A port of a bridge as OpenFlow has it (`struct ofp_port`, section 7.2.1).
package struct PortState: Hashable, Sendable {
    package var number: UInt32
    package var name: String
    /// `OFPPC_PORT_DOWN`, `OFPPC_NO_RECV`, `OFPPC_NO_FWD`.
    package var isDown: Bool
    package var drops: Bool
    package var forwardsNothing: Bool

    package init(number: UInt32, name: String, isDown: Bool = false, drops: Bool = false, forwardsNothing: Bool = false) {
        self.number = number
        self.name = name
        self.isDown = isDown
        self.drops = drops
        self.forwardsNothing = forwardsNothing
    }
}

extension PortState {
    static let length = 64

    init(_ reader: inout Reader) throws(OpenFlowError) {
        number = try reader.number()
        try reader.skip(12)  // Padding, address, padding.
        let text = try reader.bytes(16).prefix { $0 != 0 }
        name = String(decoding: text, as: UTF8.self)
        let configuration: UInt32 = try reader.number()
        try reader.skip(28)  // State, features, speeds.
        (isDown, drops, forwardsNothing) = (configuration & 1 != 0, configuration & 1 << 2 != 0, configuration & 1 << 5 != 0)
    }
}

extension FoundRule {
    /// One `struct ofp_flow_stats`; nil: it matches no IP.
    static func read(_ reader: inout Reader) throws(OpenFlowError) -> FoundRule? {
        let length: UInt16 = try reader.number()
        guard length >= 48 else { throw .malformed("a flow of \(length) bytes") }
        var flow = try reader.part(Int(length) - 2)
        try flow.skip(10)  // Table, padding, age.
        let priority: UInt16 = try flow.number()
        try flow.skip(10)  // Timeouts, flags, padding.
        let cookie: UInt64 = try flow.number()
        try flow.skip(16)  // Packets, bytes.
        var rule = FoundRule(cookie: cookie, priority: priority, match: FlowMatch())
        return try rule.readMatch(&flow) ? rule : nil
    }

    /// - Returns: whether it matches IP.
    private mutating func readMatch(_ reader: inout Reader) throws(OpenFlowError) -> Bool {
        let (_, length): (UInt16, UInt16) = (try reader.number(), try reader.number())
        guard length >= 4 else { throw .malformed("a match of length \(length)") }
        var fields = try reader.part(Int(length) - 4)
        var family: AddressFamily?
        while !fields.isEmpty {
            switch try MatchField.read(&fields) {
            case .failure: isConditional = true
            case .success((.ethernetType, let value, nil)):
                family = [[0x08, 0x00]: .ipv4, [0x86, 0xdd]: .ipv6][value]
                guard family != nil else { return false }
            case .success((.vlan, let value, nil)) where value == [0, 0]: isUntagged = true
            case .success((.ipProtocol, _, _)), .success((.udpDestination, _, _)), .success((.packetMark, _, _)): isConditional = true
            case .success((let field, let value, let mask)):
                if !match.take(field, value, mask, &family) { isConditional = true }
            }
        }
        if let family, match.source == nil, match.destination == nil { match.destination = IPPrefix.everything(family) }
        return true
    }
}
