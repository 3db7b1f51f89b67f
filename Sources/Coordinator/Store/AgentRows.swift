import Federation
import FederationAPI
import GRDB

/// Agents in their two tables.
enum AgentRows {
    static func fetch(_ db: Database) throws -> [AgentRecord] {
        var records: [GatewayID: AgentRecord] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT cloud, node, last_seen, software FROM agents") {
            let gateway = try gateway(row)
            records[gateway] = AgentRecord(gateway: gateway, lastSeen: row["last_seen"], software: row["software"])
        }
        for row in try Row.fetchAll(db, sql: "SELECT cloud, node, resource, applied, rejected, reason FROM agent_resources") {
            guard let resource = ResourceName(row["resource"] as String) else { throw StoreError.damaged("\(row) is no resource") }
            var record = ResourceRecord(applied: row["applied"])
            if let version: String = row["rejected"], let reason: String = row["reason"] {
                record.rejection = ResourceRecord.Rejection(version: version, reason: reason)
            }
            records[try gateway(row)]?.resources[resource] = record
        }
        return records.values.sorted { $0.gateway < $1.gateway }
    }

    static func save(_ agent: AgentRecord, _ db: Database) throws {
        let cloud = agent.gateway.cloud.text
        let node = agent.gateway.node.text
        try db.execute(
            sql: """
                INSERT INTO agents (cloud, node, last_seen, software) VALUES (?, ?, ?, ?)
                ON CONFLICT (cloud, node) DO UPDATE SET last_seen = excluded.last_seen, software = excluded.software
                """, arguments: [cloud, node, agent.lastSeen, agent.software])
        try db.execute(sql: "DELETE FROM agent_resources WHERE cloud = ? AND node = ?", arguments: [cloud, node])
        for (resource, record) in agent.resources {
            try db.execute(
                sql: "INSERT INTO agent_resources (cloud, node, resource, applied, rejected, reason) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [cloud, node, resource.description, record.applied, record.rejection?.version, record.rejection?.reason])
        }
    }

    private static func gateway(_ row: Row) throws -> GatewayID {
        guard let cloud = CloudName(row["cloud"] as String), let node = NodeName(row["node"] as String) else {
            throw StoreError.damaged("\(row) is no gateway")
        }
        return GatewayID(cloud: cloud, node: node)
    }
}
