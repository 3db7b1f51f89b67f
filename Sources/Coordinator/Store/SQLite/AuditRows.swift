import FederationAPI
import GRDB

/// Who did what, in its table.
enum AuditRows {
    static func insert(_ entry: AuditEntry, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO audit (at, author, certificate, action, outcome, revision, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                entry.at, entry.author.description, entry.author.certificate, entry.action.rawValue, entry.outcome.rawValue, entry.revision,
                entry.detail,
            ])
    }

    /// The newest first.
    static func fetch(before: UInt64?, limit: Int, _ db: Database) throws -> [AuditEntry] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM audit WHERE number < ? ORDER BY number DESC LIMIT ?",
            arguments: [Int64(clamping: before ?? .max), limit]
        ).map { row in
            AuditEntry(
                number: row["number"], at: row["at"], author: try Principal(row), action: AuditEntry.Action(rawValue: row["action"]),
                outcome: AuditEntry.Outcome(rawValue: row["outcome"]), revision: row["revision"],
                detail: row["detail"])
        }
    }
}

extension Principal {
    /// Of the columns `author` and `certificate`.
    init(_ row: Row) throws {
        do {
            try self.init(parsing: row["author"] as String, certificate: row["certificate"])
        } catch {
            throw StoreError.damaged("\(row) has no author: \(error)")
        }
    }
}
