import FederationAPI
import GRDB

/// A database that this one is a restored backup of.
package struct Succession: Hashable, Sendable {
    package var epoch: String
    /// In force in the backup.
    package var revision: UInt64
    /// Milliseconds since 1970.
    package var restoredAt: Int64
    /// Since when agents that hold it take this database; nil: they do not.
    package var adoptedAt: Int64?
}

/// Restored databases, in their table.
enum SuccessionRows {
    static func fetch(_ db: Database) throws -> [Succession] {
        try Row.fetchAll(db, sql: "SELECT * FROM successions ORDER BY restored_at DESC, epoch").map { row in
            Succession(epoch: row["epoch"], revision: row["revision"], restoredAt: row["restored_at"], adoptedAt: row["adopted_at"])
        }
    }

    static func insert(_ succession: Succession, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO successions (epoch, revision, restored_at, adopted_at) VALUES (?, ?, ?, ?)",
            arguments: [succession.epoch, succession.revision, succession.restoredAt, succession.adoptedAt])
    }

    static func adopt(at now: Int64, _ db: Database) throws {
        try db.execute(sql: "UPDATE successions SET adopted_at = ? WHERE adopted_at IS NULL", arguments: [now])
    }
}

extension SQLiteStore {
    package func successions() async throws -> [Succession] { try await pool.read { db in try SuccessionRows.fetch(db) } }

    package func adopt(by author: Principal, at now: Int64) async throws {
        if let fault { throw StoreError.faulty(fault) }
        try await pool.write { db in
            try SuccessionRows.adopt(at: now, db)
            try AuditRows.insert(
                AuditEntry(at: now, author: author, action: .adopt, outcome: .done, revision: try RevisionRows.latest(db)), db)
        }
    }
}
