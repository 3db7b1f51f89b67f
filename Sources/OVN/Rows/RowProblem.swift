import OVSDB

/// A row, or a part of one, that makes no sense. It is data: the row is left out, the others go on, somebody is told.
package struct RowProblem: Error, Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The table's name in its database's schema: `Port_Binding`, `NAT`.
    package let table: String
    package let row: OVSDBUUID
    /// What people call the row: a logical port's name, a router's; empty where it has none.
    package let name: String
    package let column: String
    /// The offending value as text, perhaps shortened by whoever made the problem.
    package let value: String
    /// Why it is refused, as the end of a sentence.
    package let reason: String

    package init(table: String, row: OVSDBUUID, name: String = "", column: String, value: String, reason: String) {
        self.table = table
        self.row = row
        self.name = name
        self.column = column
        self.value = value
        self.reason = reason
    }

    package var description: String {
        "\(table) \(name.isEmpty ? row.description : name): \(column) “\(value)” \(reason)"
    }

    package static func < (a: Self, b: Self) -> Bool {
        (a.table, a.name, a.row, a.column, a.value, a.reason) < (b.table, b.name, b.row, b.column, b.value, b.reason)
    }
}
