import NetworkTypes

/// A field or an action of a flow that this module does not know. The flow is left alone.
struct Foreign: Error, Hashable {
    let reason: String
}

/// OXM fields of the class `OFPXMC_OPENFLOW_BASIC` (OpenFlow 1.3, section 7.2.3.7), and, with the highest bit set, of the class `OFPXMC_NXM_1`
/// (ovs-fields(7)).
enum MatchField: UInt8 {
    case inPort = 0
    case ethernetDestination = 3
    case ethernetSource = 4
    case ethernetType = 5
    case vlan = 6
    case ipProtocol = 10
    case ipv4Source = 11
    case ipv4Destination = 12
    case udpSource = 15
    case udpDestination = 16
    case ipv6Source = 26
    case ipv6Destination = 27
    case packetMark = 0xa1

    var isAddress: Bool {
        switch self {
        case .ipv4Source, .ipv4Destination, .ipv6Source, .ipv6Destination: true
        default: false
        }
    }

    static let basicClass: UInt16 = 0x8000
    /// `OFPXMC_NXM_1`.
    private static let extendedClass: UInt16 = 1
    private static let isExtended: UInt8 = 0x80
    /// `OFPVID_PRESENT`: the packet has a tag.
    static let vlanPresent: UInt16 = 0x1000

    /// Bytes of its value.
    var width: Int {
        switch self {
        case .inPort, .ipv4Source, .ipv4Destination, .packetMark: 4
        case .ethernetDestination, .ethernetSource: 6
        case .ethernetType, .vlan, .udpSource, .udpDestination: 2
        case .ipProtocol: 1
        case .ipv6Source, .ipv6Destination: 16
        }
    }

    /// Its header and value, without a mask or with one.
    func write(_ value: some Sequence<UInt8>, mask: [UInt8] = [], to bytes: inout [UInt8]) {
        bytes.append(number: rawValue & Self.isExtended == 0 ? Self.basicClass : Self.extendedClass)
        bytes.append(rawValue << 1 | (mask.isEmpty ? 0 : 1))
        bytes.append(UInt8(width + mask.count))
        bytes.append(contentsOf: value)
        bytes.append(contentsOf: mask)
    }

    /// One field with its value and mask.
    static func read(_ reader: inout Reader) throws(OpenFlowError) -> Result<(field: MatchField, value: [UInt8], mask: [UInt8]?), Foreign> {
        let (kind, code, length): (UInt16, UInt8, UInt8) = (try reader.number(), try reader.number(), try reader.number())
        let body = try reader.bytes(Int(length))
        let raw: UInt8? = kind == basicClass ? code >> 1 : kind == extendedClass ? code >> 1 | isExtended : nil
        guard let field = raw.flatMap(MatchField.init(rawValue:)) else {
            return .failure(Foreign(reason: "a match on OXM class 0x\(String(kind, radix: 16)), field \(code >> 1)"))
        }
        let isMasked = code & 1 == 1
        guard body.count == field.width * (isMasked ? 2 : 1) else { throw .malformed("the field \(field) has \(body.count) bytes") }
        return .success((field, Array(body.prefix(field.width)), isMasked ? Array(body.suffix(field.width)) : nil))
    }
}

extension FlowMatch {
    private static let (ipv4, ipv6) = (UInt16(0x0800), UInt16(0x86dd))
    private static let udp: UInt8 = 17

    /// `struct ofp_match`: its kind (OXM), its length without the padding, the fields, and the padding.
    func write(to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(number: UInt16(1))
        bytes.append(number: UInt16(0))
        if let packetMark { MatchField.packetMark.write(octets(packetMark), to: &bytes) }
        if let inPort { MatchField.inPort.write(octets(inPort), to: &bytes) }
        if let ethernetDestination { MatchField.ethernetDestination.write(ethernetDestination.octets, to: &bytes) }
        if let ethernetSource { MatchField.ethernetSource.write(ethernetSource.octets, to: &bytes) }
        // A field that presupposes another stands after it.
        if let family = source?.family ?? destination?.family {
            MatchField.ethernetType.write(octets(family == .ipv4 ? Self.ipv4 : Self.ipv6), to: &bytes)
        }
        if let vlan { MatchField.vlan.write(octets(vlan | MatchField.vlanPresent), to: &bytes) }
        if udpPort != nil { MatchField.ipProtocol.write([Self.udp], to: &bytes) }
        if let source { Self.write(source, source.family == .ipv4 ? .ipv4Source : .ipv6Source, to: &bytes) }
        if let destination { Self.write(destination, destination.family == .ipv4 ? .ipv4Destination : .ipv6Destination, to: &bytes) }
        if let udpPort { MatchField.udpDestination.write(octets(udpPort), to: &bytes) }
        bytes.put(UInt16(bytes.count - start), at: start + 2)
        bytes.pad(from: start)
    }

    private static func write(_ prefix: IPPrefix, _ field: MatchField, to bytes: inout [UInt8]) {
        // A prefix of length 0 is what its family alone says.
        guard prefix.length > 0 else { return }
        func tail(_ bits: UInt128) -> ArraySlice<UInt8> { octets(bits).suffix(field.width) }
        let mask = prefix.isHost ? [] : Array(tail(UInt128.max << UInt128(prefix.family.width - prefix.length)))
        field.write(tail(prefix.address.bits), mask: mask, to: &bytes)
    }

    /// Reads a `struct ofp_match` with its padding.
    static func read(_ reader: inout Reader) throws(OpenFlowError) -> Result<FlowMatch, Foreign> {
        let (kind, length): (UInt16, UInt16) = (try reader.number(), try reader.number())
        guard kind == 1, length >= 4 else { throw .malformed("a match of kind \(kind) and length \(length)") }
        var fields = try reader.part(Int(length) - 4)
        try reader.skip(-Int(length) & 7)
        var match = FlowMatch()
        var family: AddressFamily?
        var hasProtocol = false
        while !fields.isEmpty {
            switch try MatchField.read(&fields) {
            case .failure(let foreign): return .failure(foreign)
            case .success((let field, let value, let mask)):
                hasProtocol = hasProtocol || field == .ipProtocol
                guard match.take(field, value, mask, &family) else {
                    return .failure(Foreign(reason: "a match on \(field) \(value)\(mask.map { "/\($0)" } ?? "")"))
                }
            }
        }
        if hasProtocol, match.udpPort == nil { return .failure(Foreign(reason: "a match on a protocol")) }
        // A prefix of length 0 says no more than its family does; where there is none, it says that.
        if match.source?.length == 0 { match.source = nil }
        if match.destination?.length == 0 { match.destination = nil }
        if let family, match.source == nil, match.destination == nil {
            match.destination = IPPrefix(containing: IPAddress(family: family, bits: 0), length: 0)
        }
        return .success(match)
    }

    /// False for a value or a mask that this type cannot hold.
    mutating func take(_ field: MatchField, _ value: [UInt8], _ mask: [UInt8]?, _ family: inout AddressFamily?) -> Bool {
        let bits = value.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        switch field {
        case .ipv4Source: source = Self.prefix(.ipv4, bits, mask)
        case .ipv4Destination: destination = Self.prefix(.ipv4, bits, mask)
        case .ipv6Source: source = Self.prefix(.ipv6, bits, mask)
        case .ipv6Destination: destination = Self.prefix(.ipv6, bits, mask)
        case _ where mask != nil: return false
        case .inPort: inPort = UInt32(bits)
        case .ethernetDestination: ethernetDestination = MACAddress(bits: UInt64(bits))
        case .ethernetSource: ethernetSource = MACAddress(bits: UInt64(bits))
        case .ethernetType: family = [Self.ipv4: .ipv4, Self.ipv6: .ipv6][UInt16(bits)]
        // Of other protocols nothing is known here; UDP counts with its port only.
        case .ipProtocol: return bits == UInt128(Self.udp)
        case .udpDestination: udpPort = UInt16(bits)
        case .udpSource: return false
        case .packetMark: packetMark = UInt32(bits)
        case .vlan:
            guard UInt16(bits) & MatchField.vlanPresent != 0 else { return false }
            vlan = UInt16(bits) & 0xfff
        }
        switch field {
        case .ipv4Source, .ipv6Source: return source != nil && source?.family == family
        case .ipv4Destination, .ipv6Destination: return destination != nil && destination?.family == family
        case .ethernetType: return family != nil
        default: return true
        }
    }

    /// Nil for a mask that is not a prefix.
    private static func prefix(_ family: AddressFamily, _ bits: UInt128, _ mask: [UInt8]?) -> IPPrefix? {
        var length = family.width
        if let mask {
            let ones = mask.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
            length = ones.nonzeroBitCount
            guard length == 0 || ones == (UInt128.max >> UInt128(128 - family.width)) & ~((1 << UInt128(family.width - length)) - 1) else {
                return nil
            }
        }
        return IPPrefix(containing: IPAddress(family: family, bits: bits), length: length)
    }
}

/// In network order.
func octets<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
}
