/// A row's identity (RFC 7047, section 5.1): 128 bits, kept as two words because a replica holds many.
package struct OVSDBUUID: Hashable, Sendable, Comparable, LosslessStringConvertible {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The 36 characters of RFC 4122, in either case.
    package init?(_ description: String) {
        self.init(utf8: description.utf8)
    }

    /// The same from UTF-8, without a `String` between: a dump holds several of them per row.
    package init?(utf8 text: some Collection<UInt8>) {
        guard text.count == 36 else { return nil }
        var words: (high: UInt64, low: UInt64) = (0, 0)
        var index = 0
        for byte in text {
            defer { index += 1 }
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == 0x2d else { return nil }
                continue
            }
            let nibble: UInt8
            switch byte {
            case 0x30...0x39: nibble = byte - 0x30
            case 0x41...0x46: nibble = byte - 0x37
            case 0x61...0x66: nibble = byte - 0x57
            default: return nil
            }
            if index < 19 { words.high = words.high << 4 | UInt64(nibble) } else { words.low = words.low << 4 | UInt64(nibble) }
        }
        self.init(high: words.high, low: words.low)
    }

    package var description: String {
        func hex(_ word: UInt64, _ from: Int, _ count: Int) -> String {
            let part = word >> UInt64(64 - 4 * (from + count)) & (count == 16 ? .max : (1 << UInt64(4 * count)) - 1)
            let text = String(part, radix: 16)
            return String(repeating: "0", count: count - text.count) + text
        }
        return "\(hex(high, 0, 8))-\(hex(high, 8, 4))-\(hex(high, 12, 4))-\(hex(low, 0, 4))-\(hex(low, 4, 12))"
    }

    package static func < (a: Self, b: Self) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

/// As its 36 characters.
extension OVSDBUUID: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a UUID")
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// An atom (RFC 7047, section 5.1).
package enum OVSDBAtom: Hashable, Sendable {
    case string(String)
    case integer(Int64)
    case real(Double)
    case boolean(Bool)
    case uuid(OVSDBUUID)
    /// The row that an insert of the same transaction makes under this name; in operations only, never in a replica.
    case namedUUID(String)
}

/// A column's value (RFC 7047, section 5.1). A set of one is an atom on the wire; the accessors below do not care.
package enum OVSDBValue: Hashable, Sendable {
    case atom(OVSDBAtom)
    case set([OVSDBAtom])
    case map([OVSDBAtom: OVSDBAtom])
}

extension OVSDBValue {
    /// The atoms of a set, or the one atom; empty for a map.
    package var atoms: [OVSDBAtom] {
        switch self {
        case .atom(let atom): [atom]
        case .set(let atoms): atoms
        case .map: []
        }
    }

    /// The first string of an atom or set, e.g. of an optional column.
    package var string: String? { strings.first }
    package var strings: [String] { atoms.compactMap { if case .string(let value) = $0 { value } else { nil } } }
    package var integer: Int64? { atoms.lazy.compactMap { if case .integer(let value) = $0 { value } else { nil } }.first }
    package var boolean: Bool? { atoms.lazy.compactMap { if case .boolean(let value) = $0 { value } else { nil } }.first }
    package var uuids: [OVSDBUUID] { atoms.compactMap { if case .uuid(let value) = $0 { value } else { nil } } }
    package var uuid: OVSDBUUID? { uuids.first }

    /// A map of strings to strings, such as `external_ids`; empty for anything else.
    package var stringMap: [String: String] {
        guard case .map(let pairs) = self else { return [:] }
        var result: [String: String] = [:]
        for case (.string(let key), .string(let value)) in pairs { result[key] = value }
        return result
    }
}

/// One row of a replica: its values stand in the order of the columns that its table monitors.
package struct OVSDBRow: Hashable, Sendable {
    package let uuid: OVSDBUUID
    package var values: [OVSDBValue]

    package init(uuid: OVSDBUUID, values: [OVSDBValue]) {
        self.uuid = uuid
        self.values = values
    }
}

/// A replicated table: which columns it has and its rows.
package struct OVSDBTable: Sendable {
    package let columns: [String]
    package var rows: [OVSDBUUID: OVSDBRow]

    package init(columns: [String], rows: [OVSDBUUID: OVSDBRow] = [:]) {
        self.columns = columns
        self.rows = rows
    }

    /// Where a column stands in `OVSDBRow.values`; nil if it is not monitored.
    package func position(of column: String) -> Int? { columns.firstIndex(of: column) }
}

/// A replicated database: its tables by name. A value: a snapshot that no later update changes.
package struct OVSDBReplica: Sendable {
    package var tables: [String: OVSDBTable]

    package init(tables: [String: OVSDBTable] = [:]) { self.tables = tables }
}
