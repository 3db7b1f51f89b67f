/// Token by token to one column's value (RFC 7047, section 5.1), without a tree between.
struct ValueAssembler: Sendable {
    /// Where in `atom`, `["uuid", u]`, `["set", [atom…]]` or `["map", [[atom, atom]…]]` we are.
    private enum Place {
        case start, tag, uuid, uuidEnd
        case setStart, element, elementTag, elementUUID, elementUUIDEnd
        case mapStart, pair, pairEnd
        case end
    }

    struct Mismatch: Error {
        let text: String
    }

    private var place = Place.start
    /// The elements of a set; of a map key, value, key, value…, so that its table is made once and in the right size.
    private var atoms: [OVSDBAtom] = []
    private var result: OVSDBValue?
    /// Inside the brackets of a pair; otherwise inside those of a set.
    private var isInPair = false

    /// The value, once its last token is there.
    mutating func take(_ token: JSONToken) throws(Mismatch) -> OVSDBValue? {
        switch place {
        case .start:
            if token == .beginArray {
                place = .tag
                return nil
            }
            return .atom(try atom(token))
        case .tag:
            switch token {
            case .string("uuid"): place = .uuid
            case .string("set"): place = .setStart
            case .string("map"): place = .mapStart
            default: throw Mismatch(text: "an array value must begin with uuid, set or map")
            }
        case .uuid:
            result = .atom(try uuid(token))
            place = .uuidEnd
        case .setStart, .mapStart:
            guard token == .beginArray else { throw Mismatch(text: "a set or map without its array") }
            place = place == .setStart ? .element : .pair
        case .pair:
            switch token {
            case .beginArray:
                isInPair = true
                place = .element
            case .endArray:
                result = .map(pairs)
                place = .end
            default: throw Mismatch(text: "a map element must be a pair")
            }
        case .element: try takeElement(token)
        case .elementTag:
            guard token == .string("uuid") else { throw Mismatch(text: "an atom's array must be a uuid") }
            place = .elementUUID
        case .elementUUID:
            atoms.append(try uuid(token))
            place = .elementUUIDEnd
        case .elementUUIDEnd:
            guard token == .endArray else { throw Mismatch(text: "a uuid has more than two elements") }
            place = isPairFull ? .pairEnd : .element
        case .pairEnd:
            guard token == .endArray else { throw Mismatch(text: "a pair has more than two elements") }
            isInPair = false
            place = .pair
        case .uuidEnd, .end:
            guard token == .endArray, let result else { throw Mismatch(text: "a value has more than two elements") }
            return result
        }
        return nil
    }

    private mutating func takeElement(_ token: JSONToken) throws(Mismatch) {
        switch token {
        case .beginArray: place = .elementTag
        case .endArray where !isInPair:
            result = .set(atoms)
            place = .end
        default:
            atoms.append(try atom(token))
            if isPairFull { place = .pairEnd }
        }
    }

    private var isPairFull: Bool { isInPair && atoms.count.isMultiple(of: 2) }

    private var pairs: [OVSDBAtom: OVSDBAtom] {
        var pairs = [OVSDBAtom: OVSDBAtom](minimumCapacity: atoms.count / 2)
        for index in stride(from: 0, to: atoms.count - 1, by: 2) { pairs[atoms[index]] = atoms[index + 1] }
        return pairs
    }

    private func atom(_ token: JSONToken) throws(Mismatch) -> OVSDBAtom {
        switch token {
        case .string(let value): .string(value)
        case .integer(let value): .integer(value)
        case .real(let value): .real(value)
        case .boolean(let value): .boolean(value)
        default: throw Mismatch(text: "a value must be an atom, uuid, set or map")
        }
    }

    private func uuid(_ token: JSONToken) throws(Mismatch) -> OVSDBAtom {
        guard case .string(let text) = token, let uuid = OVSDBUUID(text) else { throw Mismatch(text: "invalid uuid") }
        return .uuid(uuid)
    }
}
