/// A condition on a column (RFC 7047, section 5.1), as transactions and conditional monitors take it.
package struct OVSDBCondition: Hashable, Sendable {
    package enum Function: String, Hashable, Sendable {
        case less = "<"
        case lessOrEqual = "<="
        case equal = "=="
        case notEqual = "!="
        case greaterOrEqual = ">="
        case greater = ">"
        case includes, excludes
    }

    package let column: String
    package let function: Function
    package let value: OVSDBValue

    package init(_ column: String, _ function: Function, _ value: OVSDBValue) {
        self.column = column
        self.function = function
        self.value = value
    }

    /// The row with this identity, whatever it holds.
    package static func uuid(_ uuid: OVSDBUUID) -> Self { Self("_uuid", .equal, .atom(.uuid(uuid))) }

    /// Whether a value of the replica meets it; what a server does itself where it knows `monitor_cond`.
    func holds(for value: OVSDBValue, of type: OVSDBColumnType) -> Bool {
        let wanted = type.canonical(self.value) ?? self.value
        switch function {
        case .equal: return value == wanted
        case .notEqual: return value != wanted
        case .includes: return Self.includes(value, wanted)
        case .excludes: return Self.excludes(value, wanted)
        case .less, .lessOrEqual, .greaterOrEqual, .greater:
            // On an optional number, an absent one meets no order (ovsdb-server(7), section 5.1).
            guard let left = value.atoms.first, let right = wanted.atoms.first else { return false }
            switch function {
            case .less: return left < right
            case .lessOrEqual: return !(right < left)
            case .greaterOrEqual: return !(left < right)
            default: return right < left
            }
        }
    }

    private static func includes(_ value: OVSDBValue, _ wanted: OVSDBValue) -> Bool {
        if case .map(let pairs) = value, case .map(let wanted) = wanted { return wanted.allSatisfy { pairs[$0.key] == $0.value } }
        let atoms = Set(value.atoms)
        return wanted.atoms.allSatisfy(atoms.contains)
    }

    private static func excludes(_ value: OVSDBValue, _ wanted: OVSDBValue) -> Bool {
        if case .map(let pairs) = value, case .map(let wanted) = wanted { return wanted.allSatisfy { pairs[$0.key] != $0.value } }
        return Set(value.atoms).isDisjoint(with: wanted.atoms)
    }
}
