import Foundation
import OVN
import OVSDB

/// A real ovsdb-server with one database file, on a unix socket in a directory of its own.
struct Database {
    let name: String
    let directory: String
    let socket: String
    let daemon: Daemon

    var remote: String { "unix:\(socket)" }

    /// Serves a copy of `file`, or a new database of `schema`.
    init(name: String, directory: String, copying file: String? = nil, schema: String) throws {
        let path = "\(directory)/\(name).db"
        if let file {
            try FileManager.default.copyItem(atPath: file, toPath: path)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        } else {
            try Tool.run(["ovsdb-tool", "create", path, schema])
        }
        let socket = "\(directory)/\(name).sock"
        daemon = try Tool.start(
            ["ovsdb-server", path, "--remote=punix:\(socket)", "--unixctl=\(directory)/\(name).ctl"], log: "\(directory)/\(name).log")
        self.name = name
        self.directory = directory
        self.socket = socket
        // The socket is there a moment before anybody listens on it.
        try Tool.wait("\(socket) to listen") { (try? Tool.run(["ovsdb-client", "list-dbs", "unix:\(socket)"])) != nil }
    }

    /// What a monitor of these columns would hold now.
    func replica(_ columns: OVNMonitor.Columns) throws -> OVSDBReplica {
        let tables = columns.keys.sorted()
        let selects = tables.map { table in
            let names = (["_uuid"] + columns[table, default: []]).map { "\"\($0)\"" }.joined(separator: ",")
            return #"{"op":"select","table":"\#(table)","where":[],"columns":[\#(names)]}"#
        }
        let output = try Tool.run(["ovsdb-client", "query", remote, "[\"\(name)\",\(selects.joined(separator: ","))]"])
        let results = try JSONDecoder().decode([JSON].self, from: Data(output.utf8))
        var replica = OVSDBReplica()
        for (table, result) in zip(tables, results) {
            guard let rows = result["rows"] else { throw Tool.Failure(description: "\(table): \(result)") }
            var content = OVSDBTable(columns: columns[table, default: []])
            for row in rows.elements {
                guard case .atom(.uuid(let uuid))? = row["_uuid"]?.value else { continue }
                content.rows[uuid] = OVSDBRow(uuid: uuid, values: content.columns.map { row[$0]?.value ?? .set([]) })
            }
            replica.tables[table] = content
        }
        return replica
    }

    /// The schema's columns by table.
    func schema() throws -> OVNMonitor.Columns {
        let output = try Tool.run(["ovsdb-client", "get-schema", remote, name])
        let schema = try JSONDecoder().decode(JSON.self, from: Data(output.utf8))
        return (schema["tables"]?.members ?? [:]).mapValues { Array(($0["columns"]?.members ?? [:]).keys) }
    }

    /// Sends operations as one transaction; throws where any of them, or the commit, is refused.
    func transact(_ operations: [String]) throws {
        let output = try Tool.run(["ovsdb-client", "transact", remote, "[\"\(name)\",\(operations.joined(separator: ","))]"])
        let results = try JSONDecoder().decode([JSON].self, from: Data(output.utf8))
        if let error = results.first(where: { $0["error"] != nil }) { throw Tool.Failure(description: "\(error)") }
    }
}
