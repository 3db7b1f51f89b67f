/// What a replica must know of a database schema (RFC 7047, section 3.2): the types of the columns.
package struct OVSDBSchema: Hashable, Sendable {
    package let name: String
    /// `x.y.z`; empty if the server does not say.
    package let version: String
    /// Tables by name, in them columns by name.
    package let tables: [String: [String: OVSDBColumnType]]

    package init(name: String, version: String, tables: [String: [String: OVSDBColumnType]]) {
        self.name = name
        self.version = version
        self.tables = tables
    }

    /// The result of `get_schema`.
    package init(_ json: JSONValue) throws(OVSDBError) {
        guard let name = json["name"]?.string, let tables = json["tables"]?.object else {
            throw .unexpected("a schema without name or tables")
        }
        var types: [String: [String: OVSDBColumnType]] = [:]
        for (table, definition) in tables {
            guard let columns = definition["columns"]?.object else { throw .unexpected("table \(table) of the schema has no columns") }
            var columnTypes: [String: OVSDBColumnType] = [:]
            for (column, definition) in columns {
                guard let type = definition["type"].flatMap(OVSDBColumnType.init) else {
                    throw .unexpected("column \(column) of table \(table) of the schema has no type of RFC 7047")
                }
                columnTypes[column] = type
            }
            types[table] = columnTypes
        }
        self.init(name: name, version: json["version"]?.string ?? "", tables: types)
    }
}
