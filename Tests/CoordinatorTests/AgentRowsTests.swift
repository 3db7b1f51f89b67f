import Coordinator
import FederationAPI
import FederationModel
import GRDB
import Testing

@Suite("Agents in the database")
struct AgentRowsTests {
    @Test("one acknowledgement of a gateway with 500 VPNs is one row that is written")
    func oneRow() async throws {
        try await withDirectory { directory in
            let path = directory + "/f.db"
            let store = try SQLiteStore(path: path, federation: FederationID("demo")!)
            var agent = AgentRecord(gateway: gateway("paris/gw1"), lastSeen: 1, software: "test")
            for number in 0..<500 { agent.resources[resource("vpn/v\(number)")] = ResourceRecord(applied: "1") }
            try await store.save([agent])
            // Another connection counts what is written.
            let watcher = try DatabaseQueue(path: path)
            try await watcher.write { db in
                try db.execute(
                    sql: """
                        CREATE TABLE written (what TEXT);
                        CREATE TRIGGER i AFTER INSERT ON agent_resources BEGIN INSERT INTO written VALUES ('insert'); END;
                        CREATE TRIGGER u AFTER UPDATE ON agent_resources BEGIN INSERT INTO written VALUES ('update'); END;
                        CREATE TRIGGER d AFTER DELETE ON agent_resources BEGIN INSERT INTO written VALUES ('delete'); END;
                        """)
            }
            agent.resources[resource("vpn/v7")] = ResourceRecord(applied: "2", rejection: .init(version: "3", reason: "no"))
            agent.resources[resource("vpn/v8")] = nil
            try await store.save([agent])
            let written = try await watcher.read { db in try String.fetchAll(db, sql: "SELECT what FROM written ORDER BY what") }
            #expect(written == ["delete", "insert"])
            #expect(try await store.agents() == [agent])
            try await store.forget([agent.gateway])
            #expect(try await store.agents().isEmpty)
            try watcher.close()
            try store.close()
        }
    }
}
