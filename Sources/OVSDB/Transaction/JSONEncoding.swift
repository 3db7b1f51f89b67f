/// Values and conditions as RFC 7047, section 5.1, writes them.
extension JSONValue {
    package init(_ atom: OVSDBAtom) {
        self =
            switch atom {
            case .string(let value): .string(value)
            case .integer(let value): .integer(value)
            case .real(let value): .real(value)
            case .boolean(let value): .boolean(value)
            case .uuid(let value): ["uuid", .string(value.description)]
            case .namedUUID(let name): ["named-uuid", .string(name)]
            }
    }

    package init(_ value: OVSDBValue) {
        self =
            switch value {
            case .atom(let atom): JSONValue(atom)
            case .set(let atoms): ["set", .array(atoms.map { JSONValue($0) })]
            case .map(let pairs):
                // In order, so that the same value is the same bytes.
                ["map", .array(pairs.sorted { $0.key < $1.key }.map { [JSONValue($0.key), JSONValue($0.value)] })]
            }
    }

    package init(_ condition: OVSDBCondition) {
        self = [.string(condition.column), .string(condition.function.rawValue), JSONValue(condition.value)]
    }

    package init(_ row: [String: OVSDBValue]) { self = .object(row.mapValues { JSONValue($0) }) }
}

extension OVSDBValue {
    /// A value in the result of an operation; nil if it is not one.
    package init?(_ json: JSONValue) {
        if let atom = OVSDBAtom(json) {
            self = .atom(atom)
            return
        }
        guard let elements = json.array, elements.count == 2, let contents = elements[1].array else { return nil }
        switch elements[0] {
        case "set":
            let atoms = contents.compactMap { OVSDBAtom($0) }
            guard atoms.count == contents.count else { return nil }
            self = .set(atoms)
        case "map":
            var pairs: [OVSDBAtom: OVSDBAtom] = [:]
            for content in contents {
                guard let pair = content.array, pair.count == 2, let key = OVSDBAtom(pair[0]), let value = OVSDBAtom(pair[1]) else {
                    return nil
                }
                pairs[key] = value
            }
            self = .map(pairs)
        default: return nil
        }
    }
}

extension OVSDBAtom {
    /// An atom in the result of an operation; nil if it is not one.
    package init?(_ json: JSONValue) {
        switch json {
        case .string(let value): self = .string(value)
        case .integer(let value): self = .integer(value)
        case .real(let value): self = .real(value)
        case .boolean(let value): self = .boolean(value)
        case .array(let elements):
            guard elements.count == 2, elements[0] == "uuid", let uuid = elements[1].string.flatMap({ OVSDBUUID($0) }) else { return nil }
            self = .uuid(uuid)
        case .null, .object: return nil
        }
    }
}
