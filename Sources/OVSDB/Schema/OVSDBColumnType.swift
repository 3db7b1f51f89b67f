/// The type of a column (RFC 7047, section 3.2): what it holds, and how many of it.
package struct OVSDBColumnType: Hashable, Sendable {
    package enum Base: String, Hashable, Sendable { case integer, real, boolean, string, uuid }

    package let key: Base
    /// Present for maps.
    package let value: Base?
    package let minimum: Int
    /// `Int.max` for “unlimited”.
    package let maximum: Int

    package init(_ key: Base, value: Base? = nil, minimum: Int = 1, maximum: Int = 1) {
        self.key = key
        self.value = value
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Exactly one atom.
    package var isScalar: Bool { value == nil && minimum == 1 && maximum == 1 }

    /// Whether a `modify` carries a difference. Not for a set of at most one element, such as `Port_Binding.chassis`:
    /// there it carries the new value (ovsdb-server(7), section 4.1.15).
    package var isComposite: Bool { maximum > 1 }

    /// What an insert means that does not name the column (RFC 7047, section 5.2.1).
    package var defaultValue: OVSDBValue {
        if let value { return .map(minimum == 0 ? [:] : [Self.zero(key): Self.zero(value)]) }
        return minimum == 0 ? .set([]) : .atom(Self.zero(key))
    }

    private static func zero(_ base: Base) -> OVSDBAtom {
        switch base {
        case .integer: .integer(0)
        case .real: .real(0)
        case .boolean: .boolean(false)
        case .string: .string("")
        case .uuid: .uuid(OVSDBUUID(high: 0, low: 0))
        }
    }
}

extension OVSDBColumnType {
    /// `"string"` or `{"key": …, "value": …, "min": …, "max": …}`; nil for anything else.
    init?(_ json: JSONValue) {
        if let base = Self.base(json) {
            self.init(base)
            return
        }
        guard let members = json.object, let key = members["key"].flatMap(Self.base) else { return nil }
        var value: Base?
        if let json = members["value"] {
            guard let base = Self.base(json) else { return nil }
            value = base
        }
        let minimum = members["min"]?.integer ?? 1
        let maximum = members["max"]?.string == "unlimited" ? Int64.max : members["max"]?.integer ?? 1
        guard (0...1).contains(minimum), maximum >= 1 else { return nil }
        self.init(key, value: value, minimum: Int(minimum), maximum: Int(maximum))
    }

    private static func base(_ json: JSONValue) -> Base? { (json.string ?? json["type"]?.string).flatMap(Base.init(rawValue:)) }
}

extension OVSDBColumnType {
    /// The one form in which a replica holds a value of this type, so that equal values are equal: a set of one as its atom,
    /// other sets in ascending order; nil if the value is not of this type.
    ///
    /// Servers write the real number 5 as `5`; only the type tells that it is one.
    package func canonical(_ given: OVSDBValue) -> OVSDBValue? {
        if let value {
            switch given {
            case .map(let pairs):
                if key != .real, value != .real {
                    return pairs.allSatisfy { Self.fits($0.key, key) && Self.fits($0.value, value) } ? given : nil
                }
                var result: [OVSDBAtom: OVSDBAtom] = [:]
                for (name, content) in pairs {
                    guard let name = Self.atom(name, key), let content = Self.atom(content, value) else { return nil }
                    result[name] = content
                }
                return .map(result)
            case .set(let atoms): return atoms.isEmpty ? .map([:]) : nil
            case .atom: return nil
            }
        }
        switch given {
        case .map: return nil
        case .atom(let atom): return Self.atom(atom, key).map { .atom($0) }
        case .set(let atoms):
            guard !isScalar || atoms.count == 1 else { return nil }
            var result: [OVSDBAtom] = []
            result.reserveCapacity(atoms.count)
            for atom in atoms {
                guard let atom = Self.atom(atom, key) else { return nil }
                result.append(atom)
            }
            return Self.set(result)
        }
    }

    /// Sorted and without repetition; servers send sets so, hence the look before the leap.
    static func set(_ atoms: [OVSDBAtom]) -> OVSDBValue {
        if atoms.count == 1 { return .atom(atoms[0]) }
        if zip(atoms, atoms.dropFirst()).allSatisfy({ $0 < $1 }) { return .set(atoms) }
        var result: [OVSDBAtom] = []
        for atom in atoms.sorted() where result.last != atom { result.append(atom) }
        return result.count == 1 ? .atom(result[0]) : .set(result)
    }

    private static func fits(_ atom: OVSDBAtom, _ base: Base) -> Bool {
        switch (base, atom) {
        case (.integer, .integer), (.real, .real), (.boolean, .boolean), (.string, .string), (.uuid, .uuid): true
        default: false
        }
    }

    private static func atom(_ atom: OVSDBAtom, _ base: Base) -> OVSDBAtom? {
        switch (base, atom) {
        case (.real, .integer(let value)): .real(Double(value))
        case (.integer, .real(let value)): Int64(exactly: value).map { .integer($0) }
        default: fits(atom, base) ? atom : nil
        }
    }
}

extension OVSDBAtom: Comparable {
    /// The order in which ovsdb-server writes the elements of a set: numbers by value, strings by bytes, UUIDs as numbers.
    package static func < (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (.string(let a), .string(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
        case (.integer(let a), .integer(let b)): a < b
        case (.real(let a), .real(let b)): a < b
        case (.boolean(let a), .boolean(let b)): !a && b
        case (.uuid(let a), .uuid(let b)): a < b
        case (.namedUUID(let a), .namedUUID(let b)): a < b
        default: a.rank < b.rank
        }
    }

    /// Sets never mix types; an order across them only keeps the sort total.
    private var rank: Int {
        switch self {
        case .integer: 0
        case .real: 1
        case .boolean: 2
        case .string: 3
        case .uuid: 4
        case .namedUUID: 5
        }
    }
}
