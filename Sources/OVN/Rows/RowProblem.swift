import OVSDB

/// An invalid row, or an invalid part of one, as data: the row is skipped and reported, the others are used.
package struct RowProblem: Error, Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The table's name in its database's schema: `Port_Binding`, `NAT`.
    package let table: String
    package let row: OVSDBUUID
    /// The name of the row, for example of a logical port or a router; empty if it has none.
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
