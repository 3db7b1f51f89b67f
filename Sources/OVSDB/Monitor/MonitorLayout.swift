/// A monitor request put on a schema: which of the wanted columns there are, where they stand and what they hold.
///
/// OVN adds columns with its releases. One that this server does not have is left out rather than refused, so that the same
/// client serves them all; `OVSDBTable.position(of:)` then says nil.
struct MonitorLayout: Hashable, Sendable {
    struct Table: Hashable, Sendable {
        let columns: [String]
        let types: [OVSDBColumnType]
        let positions: [String: Int]
        let defaults: [OVSDBValue]
        /// Those on columns that the server has. One on another column could never be met.
        let conditions: [OVSDBCondition]
        /// Whether only conditions on unknown columns were given, so that no row can be wanted.
        let wantsNothing: Bool
    }

    let tables: [String: Table]

    init(_ request: MonitorRequest, schema: OVSDBSchema) {
        var tables: [String: Table] = [:]
        for (name, wanted) in request.tables {
            guard let types = schema.tables[name] else { continue }
            var columns: [String] = []
            for column in wanted.columns where types[column] != nil && !columns.contains(column) { columns.append(column) }
            let columnTypes = columns.compactMap { types[$0] }
            let conditions = wanted.conditions.filter { types[$0.column] != nil || $0.column == "_uuid" }
            tables[name] = Table(
                columns: columns, types: columnTypes,
                positions: Dictionary(uniqueKeysWithValues: zip(columns, 0...)),
                defaults: columnTypes.map(\.defaultValue), conditions: conditions,
                wantsNothing: conditions.isEmpty && !wanted.conditions.isEmpty)
        }
        self.tables = tables
    }

    /// The `<monitor-cond-requests>` of ovsdb-server(7), or the `<monitor-requests>` of RFC 7047 without conditions.
    func request(isConditional: Bool) -> JSONValue {
        .object(
            tables.mapValues { table in
                var members: [String: JSONValue] = ["columns": .array(table.columns.map { .string($0) })]
                if isConditional, table.wantsNothing {
                    members["where"] = [false]
                } else if isConditional, !table.conditions.isEmpty {
                    members["where"] = .array(table.conditions.map { JSONValue($0) })
                }
                return [.object(members)]
            })
    }

    /// Tables without rows.
    var emptyReplica: OVSDBReplica { OVSDBReplica(tables: tables.mapValues { OVSDBTable(columns: $0.columns) }) }
}

extension MonitorLayout.Table {
    /// Whether a row meets the conditions, so far as its columns tell; for servers that know no conditions.
    func wants(_ row: OVSDBRow) -> Bool {
        if wantsNothing { return false }
        if conditions.isEmpty { return true }
        return conditions.contains { condition in
            if condition.column == "_uuid" {
                return (condition.value.uuid == row.uuid) == (condition.function != .notEqual && condition.function != .excludes)
            }
            guard let position = positions[condition.column] else { return true }
            return condition.holds(for: row.values[position], of: types[position])
        }
    }
}
