import FederationAPI
import FederationModel
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
            let (name, record) = try resource(row)
            records[try gateway(row)]?.resources[name] = record
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
        // Only what differs is written: one acknowledgement is one row, however many VPNs the gateway has.
        let stored = try resources(of: agent.gateway, db)
        for resource in stored.keys where agent.resources[resource] == nil {
            try db.execute(
                sql: "DELETE FROM agent_resources WHERE cloud = ? AND node = ? AND resource = ?",
                arguments: [cloud, node, resource.description])
        }
        for (resource, record) in agent.resources where stored[resource] != record {
            try db.execute(
                sql: "INSERT OR REPLACE INTO agent_resources (cloud, node, resource, applied, rejected, reason) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [cloud, node, resource.description, record.applied, record.rejection?.version, record.rejection?.reason])
        }
    }

    static func delete(_ gateway: GatewayID, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM agents WHERE cloud = ? AND node = ?", arguments: [gateway.cloud.text, gateway.node.text])
    }

    private static func resources(of gateway: GatewayID, _ db: Database) throws -> [ResourceName: ResourceRecord] {
        var resources: [ResourceName: ResourceRecord] = [:]
        let rows = try Row.fetchAll(
            db, sql: "SELECT resource, applied, rejected, reason FROM agent_resources WHERE cloud = ? AND node = ?",
            arguments: [gateway.cloud.text, gateway.node.text])
        for row in rows {
            let (name, record) = try resource(row)
            resources[name] = record
        }
        return resources
    }

    private static func resource(_ row: Row) throws -> (ResourceName, ResourceRecord) {
        guard let name = ResourceName(row["resource"] as String) else { throw StoreError.damaged("invalid resource \(row)") }
        var record = ResourceRecord(applied: row["applied"])
        if let version: String = row["rejected"], let reason: String = row["reason"] {
            record.rejection = ResourceRecord.Rejection(version: version, reason: reason)
        }
        return (name, record)
    }

    private static func gateway(_ row: Row) throws -> GatewayID {
        guard let cloud = CloudName(row["cloud"] as String), let node = NodeName(row["node"] as String) else {
            throw StoreError.damaged("invalid gateway \(row)")
        }
        return GatewayID(cloud: cloud, node: node)
    }
}
