/// An operation of a transaction (RFC 7047, section 5.2).
package enum OVSDBOperation: Hashable, Sendable {
    /// `name` lets later operations of the transaction say `.namedUUID(name)`; it is an identifier (letters, digits, `_`).
    case insert(table: String, row: [String: OVSDBValue], name: String? = nil)
    case update(table: String, where: [OVSDBCondition], row: [String: OVSDBValue])
    case mutate(table: String, where: [OVSDBCondition], mutations: [OVSDBMutation])
    case delete(table: String, where: [OVSDBCondition])
    /// All columns where none are named.
    case select(table: String, where: [OVSDBCondition], columns: [String]? = nil)
    /// Holds the transaction until the columns of the rows that meet the conditions are (not) as given, and fails with
    /// `timed out` after the time (whole milliseconds; zero: look once; nil: wait for ever).
    case wait(
        table: String, where: [OVSDBCondition], columns: [String], until: WaitFor, rows: [[String: OVSDBValue]], timeout: Duration? = .zero)
    /// Text for the server's log of transactions.
    case comment(String)

    package enum WaitFor: String, Hashable, Sendable {
        case equal = "=="
        case notEqual = "!="
    }
}

/// A change to a column in place (RFC 7047, section 5.1): two writers who add to the same set do not undo each other.
package struct OVSDBMutation: Hashable, Sendable {
    package enum Mutator: String, Hashable, Sendable {
        case add = "+="
        case subtract = "-="
        case multiply = "*="
        case divide = "/="
        case remainder = "%="
        /// Elements into a set, pairs into a map; a key that the map has keeps its value (so delete it first to change it).
        case insert
        /// Elements from a set; pairs from a map, or keys from a map where the value is a set.
        case delete
    }

    package let column: String
    package let mutator: Mutator
    package let value: OVSDBValue

    package init(_ column: String, _ mutator: Mutator, _ value: OVSDBValue) {
        self.column = column
        self.mutator = mutator
        self.value = value
    }

    /// Sets keys of a map and leaves its other keys alone: two mutations, because `insert` does not overwrite.
    package static func setting(_ pairs: [String: String], in column: String) -> [OVSDBMutation] {
        [
            OVSDBMutation(column, .delete, .set(pairs.keys.sorted().map { .string($0) })),
            OVSDBMutation(column, .insert, .map(Dictionary(uniqueKeysWithValues: pairs.map { (.string($0), .string($1)) }))),
        ]
    }
}

extension JSONValue {
    package init(_ operation: OVSDBOperation) {
        var members: [String: JSONValue] = [:]
        func conditions(_ conditions: [OVSDBCondition]) -> JSONValue { .array(conditions.map { JSONValue($0) }) }
        switch operation {
        case .insert(let table, let row, let name):
            members = ["op": "insert", "table": .string(table), "row": JSONValue(row)]
            if let name { members["uuid-name"] = .string(name) }
        case .update(let table, let filter, let row):
            members = ["op": "update", "table": .string(table), "where": conditions(filter), "row": JSONValue(row)]
        case .mutate(let table, let filter, let mutations):
            let list = mutations.map { [.string($0.column), .string($0.mutator.rawValue), JSONValue($0.value)] as JSONValue }
            members = ["op": "mutate", "table": .string(table), "where": conditions(filter), "mutations": .array(list)]
        case .delete(let table, let filter):
            members = ["op": "delete", "table": .string(table), "where": conditions(filter)]
        case .select(let table, let filter, let columns):
            members = ["op": "select", "table": .string(table), "where": conditions(filter)]
            if let columns { members["columns"] = .array(columns.map { .string($0) }) }
        case .wait(let table, let filter, let columns, let until, let rows, let timeout):
            members = [
                "op": "wait", "table": .string(table), "where": conditions(filter), "columns": .array(columns.map { .string($0) }),
                "until": .string(until.rawValue), "rows": .array(rows.map { JSONValue($0) }),
            ]
            if let timeout {
                let parts = timeout.components
                members["timeout"] = .integer(parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000)
            }
        case .comment(let text):
            members = ["op": "comment", "comment": .string(text)]
        }
        self = .object(members)
    }
}
