import FederationAPI
import GRDB

/// The pending commit, in a table of one row at most.
enum PendingCommitRow {
    static func fetch(_ db: Database) throws -> PendingCommit? {
        try Row.fetchOne(
            db,
            sql: """
                SELECT revision, fallback, deadline, author, certificate FROM pending_commit
                JOIN revisions ON revisions.number = revision
                """
        ).map { row in
            PendingCommit(revision: row["revision"], fallback: row["fallback"], deadline: row["deadline"], author: try Principal(row))
        }
    }

    static func insert(revision: UInt64, fallback: UInt64, deadline: Int64, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO pending_commit (id, revision, fallback, deadline) VALUES (1, ?, ?, ?)",
            arguments: [revision, fallback, deadline])
    }

    static func delete(_ db: Database) throws { try db.execute(sql: "DELETE FROM pending_commit") }
}
