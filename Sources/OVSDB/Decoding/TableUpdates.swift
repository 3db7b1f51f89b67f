/// A column of a row as it came: by name, because only the monitor knows the positions.
package struct OVSDBColumnValue: Hashable, Sendable {
    package let column: String
    package let value: OVSDBValue

    package init(_ column: String, _ value: OVSDBValue) {
        self.column = column
        self.value = value
    }
}

/// A server's update of one row: `<row-update>` of RFC 7047, section 4.1.6, or `<row-update2>` of ovsdb-server(7).
package struct OVSDBRowUpdate: Hashable, Sendable {
    package enum Change: Hashable, Sendable {
        /// `new` of an `update`: the whole row, whether it was there or not.
        case replace([OVSDBColumnValue])
        /// `initial` or `insert` of an `update2`: the whole row without the columns that have their default value.
        case insert([OVSDBColumnValue])
        /// `modify` of an `update2`: for sets and maps that may hold more than one element the difference, otherwise the new value.
        case modify([OVSDBColumnValue])
        case delete
    }

    package let uuid: OVSDBUUID
    package let change: Change

    package init(uuid: OVSDBUUID, change: Change) {
        self.uuid = uuid
        self.change = change
    }
}

/// The table updates of one message, by table, in the server's order.
package struct OVSDBTableUpdates: Hashable, Sendable {
    package var tables: [String: [OVSDBRowUpdate]]

    package init(tables: [String: [OVSDBRowUpdate]] = [:]) { self.tables = tables }

    package var isEmpty: Bool { tables.isEmpty }
}
