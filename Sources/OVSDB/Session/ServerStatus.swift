/// The `Database` rows of a server's `_Server` database (ovsdb-server(7), section 4.3): what tells whether a member of a cluster
/// is one to talk to. A member that lost its cluster still answers, with old rows.
struct ServerStatus: Sendable {
    static let columns = ["name", "model", "connected", "leader", "cid", "index"]

    private struct Database {
        var name = ""
        var model = ""
        var isConnected = false
        var isLeader = false
        var cluster: OVSDBUUID?
        var index: Int64?
    }

    private var databases: [OVSDBUUID: Database] = [:]

    /// Takes the dump or an update of a plain monitor.
    mutating func apply(_ updates: OVSDBTableUpdates) {
        for update in updates.tables["Database"] ?? [] {
            guard case .replace(let columns) = update.change else {
                databases[update.uuid] = nil
                continue
            }
            var database = Database()
            for column in columns {
                switch column.column {
                case "name": database.name = column.value.string ?? ""
                case "model": database.model = column.value.string ?? ""
                case "connected": database.isConnected = column.value.boolean ?? false
                case "leader": database.isLeader = column.value.boolean ?? false
                case "cid": database.cluster = column.value.uuid
                case "index": database.index = column.value.integer
                default: break
                }
            }
            databases[update.uuid] = database
        }
    }

    /// The identity of the database's cluster; nil if it is in none.
    func cluster(of name: String) -> OVSDBUUID? { databases.values.first { $0.name == name }?.cluster }

    /// How far this member has come in its cluster's log; nil if the database is in none.
    func index(of name: String) -> Int64? { databases.values.first { $0.name == name }?.index }

    /// Why this server is none to talk to; nil if it is one.
    func objection(to name: String, requiresLeader: Bool) -> String? {
        guard let database = databases.values.first(where: { $0.name == name }) else { return "the server does not serve \(name)" }
        if !database.isConnected {
            return database.model == "relay" ? "the relay has lost its source" : "the server has lost its cluster"
        }
        return requiresLeader && !database.isLeader ? "the server is not the leader of its cluster" : nil
    }
}
