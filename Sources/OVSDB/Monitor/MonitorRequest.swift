/// What a client wants to know of a database: tables, columns, and which rows.
package struct MonitorRequest: Hashable, Sendable {
    package struct Table: Hashable, Sendable {
        /// In the order in which `OVSDBRow.values` will hold them.
        package var columns: [String]
        /// A row is wanted if it meets any of them; none means every row.
        package var conditions: [OVSDBCondition]

        package init(columns: [String], anyOf conditions: [OVSDBCondition] = []) {
            self.columns = columns
            self.conditions = conditions
        }
    }

    package var tables: [String: Table]

    package init(tables: [String: Table]) { self.tables = tables }

    /// All rows of the tables.
    package init(_ columns: [String: [String]]) { self.init(tables: columns.mapValues { Table(columns: $0) }) }
}
