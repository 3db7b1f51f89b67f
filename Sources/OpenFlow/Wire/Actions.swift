import NetworkTypes

extension FlowAction {
    /// Kinds of OpenFlow 1.3, section 7.2.5.
    private enum Kind {
        static let (output, pushVLAN, popVLAN, setField) = (UInt16(0), UInt16(17), UInt16(18), UInt16(25))
    }

    private static let etherType: UInt16 = 0x8100
    /// `OFPIT_APPLY_ACTIONS`.
    private static let apply: UInt16 = 4

    /// The instructions of a flow: one that applies the actions, or none.
    static func write(_ actions: [FlowAction], to bytes: inout [UInt8]) {
        guard !actions.isEmpty else { return }
        let start = bytes.count
        bytes.append(number: apply)
        bytes.append(number: UInt16(0))
        bytes.append(number: UInt32(0))
        for action in actions { action.write(to: &bytes) }
        bytes.put(UInt16(bytes.count - start), at: start + 2)
    }

    func write(to bytes: inout [UInt8]) {
        let start = bytes.count
        switch self {
        case .output(let port):
            bytes.append(number: Kind.output)
            bytes.append(number: UInt16(0))
            bytes.append(number: port)
            bytes.append(number: UInt16(0))  // Bytes of a packet for a controller.
        case .pushVLAN:
            bytes.append(number: Kind.pushVLAN)
            bytes.append(number: UInt16(0))
            bytes.append(number: Self.etherType)
        case .popVLAN:
            bytes.append(number: Kind.popVLAN)
            bytes.append(number: UInt16(0))
        case .setVLAN(let vlan): Self.set(.vlan, octets(vlan | MatchField.vlanPresent), &bytes)
        case .setEthernetDestination(let mac): Self.set(.ethernetDestination, mac.octets, &bytes)
        case .setSource(let address): Self.set(address.family == .ipv4 ? .ipv4Source : .ipv6Source, address.octets, &bytes)
        case .setSourcePort(let port): Self.set(.udpSource, octets(port), &bytes)
        case .setPacketMark(let mark): Self.set(.packetMark, octets(mark), &bytes)
        case .setDestination(let address):
            Self.set(address.family == .ipv4 ? .ipv4Destination : .ipv6Destination, address.octets, &bytes)
        }
        bytes.pad(from: start)
        bytes.put(UInt16(bytes.count - start), at: start + 2)
    }

    private static func set(_ field: MatchField, _ value: [UInt8], _ bytes: inout [UInt8]) {
        bytes.append(number: Kind.setField)
        bytes.append(number: UInt16(0))
        field.write(value, to: &bytes)
    }

    /// All instructions of a flow.
    static func read(_ reader: inout Reader) throws(OpenFlowError) -> Result<[FlowAction], Foreign> {
        var actions: [FlowAction] = []
        while !reader.isEmpty {
            let (kind, length): (UInt16, UInt16) = (try reader.number(), try reader.number())
            guard length >= 8 else { throw .malformed("an instruction of \(length) bytes") }
            var body = try reader.part(Int(length) - 4)
            guard kind == apply, actions.isEmpty else { return .failure(Foreign(reason: "an instruction of kind \(kind)")) }
            try body.skip(4)
            while !body.isEmpty {
                switch try readOne(&body) {
                case .failure(let foreign): return .failure(foreign)
                case .success(let action): actions.append(action)
                }
            }
        }
        return .success(actions)
    }

    private static func readOne(_ reader: inout Reader) throws(OpenFlowError) -> Result<FlowAction, Foreign> {
        let (kind, length): (UInt16, UInt16) = (try reader.number(), try reader.number())
        guard length >= 8 else { throw .malformed("an action of \(length) bytes") }
        var body = try reader.part(Int(length) - 4)
        switch kind {
        case Kind.output: return .success(.output(try body.number()))
        case Kind.pushVLAN where try body.number(UInt16.self) == etherType: return .success(.pushVLAN)
        case Kind.popVLAN: return .success(.popVLAN)
        case Kind.setField:
            switch try MatchField.read(&body) {
            case .success((.ethernetDestination, let value, nil)):
                return .success(.setEthernetDestination(MACAddress(bits: value.reduce(0) { $0 << 8 | UInt64($1) })))
            case .success((.vlan, let value, nil)):
                return .success(.setVLAN(value.reduce(0) { $0 << 8 | UInt16($1) } & 0xfff))
            case .success((.udpSource, let value, nil)): return .success(.setSourcePort(value.reduce(0) { $0 << 8 | UInt16($1) }))
            case .success((.packetMark, let value, nil)): return .success(.setPacketMark(value.reduce(0) { $0 << 8 | UInt32($1) }))
            case .success((let field, let value, nil)) where field.isAddress:
                let bits = value.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
                let isV4 = field == .ipv4Source || field == .ipv4Destination
                let address = IPAddress(family: isV4 ? .ipv4 : .ipv6, bits: bits)
                return .success(field == .ipv4Source || field == .ipv6Source ? .setSource(address) : .setDestination(address))
            case .success((let field, _, _)): return .failure(Foreign(reason: "an action that sets \(field)"))
            case .failure(let foreign): return .failure(foreign)
            }
        default: return .failure(Foreign(reason: "an action of kind \(kind)"))
        }
    }
}
