import OVSDB

/// JSON as ovsdb-client prints it, and as OVSDB writes values (RFC 7047, section 5.1).
enum JSON: Decodable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case real(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .real(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    subscript(key: String) -> JSON? { if case .object(let members) = self { members[key] } else { nil } }
    var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }
    var members: [String: JSON] { if case .object(let members) = self { members } else { [:] } }

    var atom: OVSDBAtom? {
        switch self {
        case .boolean(let value): return .boolean(value)
        case .integer(let value): return .integer(value)
        case .real(let value): return .real(value)
        case .string(let value): return .string(value)
        case .array(let pair):
            guard pair.count == 2, case .string("uuid") = pair[0], case .string(let text) = pair[1] else { return nil }
            return OVSDBUUID(text).map { .uuid($0) }
        case .null, .object: return nil
        }
    }

    var value: OVSDBValue? {
        if let atom { return .atom(atom) }
        guard elements.count == 2, case .string(let kind) = elements[0] else { return nil }
        switch kind {
        case "set": return .set(elements[1].elements.compactMap(\.atom))
        case "map":
            var pairs: [OVSDBAtom: OVSDBAtom] = [:]
            for pair in elements[1].elements.map(\.elements) {
                if let key = pair.first?.atom, let value = pair.last?.atom { pairs[key] = value }
            }
            return .map(pairs)
        default: return nil
        }
    }
}
