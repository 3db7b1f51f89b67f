import OVSDB

/// A row of one table with its columns as Swift values.
package protocol ReplicatedRow: Hashable, Sendable {
    /// The table's name in its database's schema.
    static var table: String { get }
    /// The columns that are read, and therefore monitored: all exist since OVN 22.03 and Open vSwitch 2.17.
    static var columns: [String] { get }
    /// Columns that are read if the server's schema has them. A monitor request with an unknown column fails as a whole.
    static var newerColumns: [String] { get }
    /// Throws if the row is invalid as a whole. Invalid parts are skipped or kept as text.
    init(_ values: RowValues) throws(RowProblem)
}

extension ReplicatedRow {
    package static var newerColumns: [String] { [] }
}

/// One untyped row whose columns are found by name.
package struct RowValues {
    package let table: String
    package let row: OVSDBRow
    fileprivate let positions: [String: Int]

    package var uuid: OVSDBUUID { row.uuid }

    /// The value of a column; nil if it is not replicated, for example with an older schema.
    package subscript(column: String) -> OVSDBValue? {
        guard let position = positions[column], position < row.values.count else { return nil }
        return row.values[position]
    }

    /// The strings of a map's pairs; empty if the column is absent.
    package func map(_ column: String) -> StringMap { self[column].map(StringMap.init) ?? StringMap() }

    /// An integer in `range`; nil if the column is empty, absent or out of it.
    package func integer<T: FixedWidthInteger>(_ column: String, in range: ClosedRange<T>) -> T? {
        guard let value = self[column]?.integer, let number = T(exactly: value), range.contains(number) else { return nil }
        return number
    }

    package func problem(_ column: String, _ value: String, _ reason: String, name: String = "") -> RowProblem {
        RowProblem(table: table, row: uuid, name: name, column: column, value: value, reason: reason)
    }
}

/// A column of pairs of strings, such as `external_ids`, read without being copied: a southbound database has
/// a dozen pairs per port, of which two or three matter.
package struct StringMap: Hashable, Sendable {
    private let pairs: [OVSDBAtom: OVSDBAtom]

    package init() { pairs = [:] }

    package init(_ value: OVSDBValue) {
        if case .map(let pairs) = value { self.pairs = pairs } else { pairs = [:] }
    }

    package subscript(key: String) -> String? {
        if case .string(let value)? = pairs[.string(key)] { value } else { nil }
    }

    /// The value, unless empty: Neutron writes "" for unknown values.
    package func nonEmpty(_ key: String) -> String? { self[key].flatMap { $0.isEmpty ? nil : $0 } }

    package var isEmpty: Bool { pairs.isEmpty }

    package var keys: [String] { pairs.keys.compactMap { if case .string(let key) = $0 { key } else { nil } } }

    /// What an admin may have hung on a row: all but Neutron's own pairs (`neutron:…`), of which some change with every write,
    /// and `name`, which northd adds to ports.
    package var labels: [String: String] {
        var labels: [String: String] = [:]
        for case (.string(let key), .string(let value)) in pairs where !key.hasPrefix("neutron:") && key != "name" { labels[key] = value }
        return labels
    }
}

extension OVSDBReplica {
    /// Every row of a table that makes sense, in no particular order, and a problem for each that does not.
    /// A table that is not replicated (yet) has no rows.
    package func read<Row: ReplicatedRow>(_ type: Row.Type, problems: inout [RowProblem]) -> [Row] {
        guard let table = tables[Row.table] else { return [] }
        let positions = Dictionary(table.columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var rows: [Row] = []
        rows.reserveCapacity(table.rows.count)
        for row in table.rows.values {
            do {
                rows.append(try Row(RowValues(table: Row.table, row: row, positions: positions)))
            } catch {
                problems.append(error)
            }
        }
        return rows
    }
}
