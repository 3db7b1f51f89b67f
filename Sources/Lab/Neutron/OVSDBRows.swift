/// Builds the operations of one OVSDB transaction (RFC 7047, section 5.2).
package struct Transaction: Sendable {
    package private(set) var operations: [JSON] = []
    private var count = 0

    package init() {}

    /// A reference to a row that this transaction inserts.
    package struct Reference: Hashable, Sendable {
        let name: String
        package var json: JSON { ["named-uuid", .string(name)] }
    }

    /// Inserts a row; columns that are left out get their defaults.
    @discardableResult
    package mutating func insert(_ table: String, _ row: [String: JSON]) -> Reference {
        count += 1
        let reference = Reference(name: "row\(count)")
        operations.append([
            "op": "insert", "table": .string(table), "row": .object(row), "uuid-name": .string(reference.name),
        ])
        return reference
    }

    package mutating func append(_ operation: JSON) { operations.append(operation) }

    package mutating func update(_ table: String, where conditions: [JSON], _ row: [String: JSON]) {
        append(["op": "update", "table": .string(table), "where": .array(conditions), "row": .object(row)])
    }

    package mutating func mutate(_ table: String, where conditions: [JSON], _ column: String, _ mutator: String, _ value: JSON) {
        append([
            "op": "mutate", "table": .string(table), "where": .array(conditions),
            "mutations": [[.string(column), .string(mutator), value]],
        ])
    }

    package mutating func delete(_ table: String, where conditions: [JSON]) {
        append(["op": "delete", "table": .string(table), "where": .array(conditions)])
    }
}

extension JSON {
    /// An OVSDB map.
    package static func map(_ pairs: [String: String]) -> JSON {
        ["map", .array(pairs.sorted { $0.key < $1.key }.map { [.string($0.key), .string($0.value)] })]
    }

    /// An OVSDB set.
    package static func set(_ items: [JSON]) -> JSON { ["set", .array(items)] }
    package static func set(_ items: [String]) -> JSON { set(items.map(JSON.string)) }
    package static func set(_ references: [Transaction.Reference]) -> JSON { set(references.map(\.json)) }

    /// A condition that a column equals a text.
    package static func equals(_ column: String, _ value: JSON) -> JSON { [.string(column), "==", value] }
}
