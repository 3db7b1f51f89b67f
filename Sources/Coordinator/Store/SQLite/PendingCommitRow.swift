import FederationAPI
import GRDB

/// The pending commit, in a table of one row at most.
enum PendingCommitRow {
    static func fetch(_ db: Database) throws -> PendingCommit? {
        try Row.fetchOne(
            db,
            sql: """
                SELECT probation.revision, fallback, deadline, author FROM probation
                JOIN revisions ON revisions.number = probation.revision
                """
        ).map { row in
            PendingCommit(revision: row["revision"], fallback: row["fallback"], deadline: row["deadline"], author: row["author"])
        }
    }

    static func insert(revision: UInt64, fallback: UInt64, deadline: Int64, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO probation (id, revision, fallback, deadline) VALUES (1, ?, ?, ?)", arguments: [revision, fallback, deadline])
    }

    static func delete(_ db: Database) throws { try db.execute(sql: "DELETE FROM probation") }
}
