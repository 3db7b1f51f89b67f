import FederationAPI
import Foundation
import GRDB
import Glibc

/// A backup put in the place of a database.
///
/// The restored database gets a new epoch: agents hold what was made after the backup, perhaps, and would not know revision 6 of then from
/// revision 6 of tomorrow. They refuse it, and forward as they did, until an admin has seen what it would take from them (`fedctl adopt`).
package enum Restore {
    /// - Parameters:
    ///   - replacing: takes the place of a database that is there; that one is kept beside it.
    ///   - now: milliseconds since 1970.
    /// - Returns: what is in force in the restored database, and where the former one was put.
    /// - Throws: `StoreError`; then nothing was changed.
    package static func run(
        _ backup: String, to database: String, replacing: Bool, at now: Int64
    ) throws -> (contents: StoreContents, former: String?) {
        let contents = try Backup.contents(of: backup)
        let exists = access(database, F_OK) == 0
        guard !exists || replacing else { throw RestoreRefused.exists(database) }
        // Before the first look at the file that goes: no coordinator has it, and none gets it.
        let lock = exists ? try FileLock(file: database) : nil
        defer { lock?.release() }
        let new = "\(database).restored"
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(new + suffix) }
        _ = try Backup.write(from: backup, to: new)
        do {
            let restored = try prepare(new, from: contents, at: now)
            let former = exists ? try putAside(database, at: now) : nil
            for suffix in ["-wal", "-shm"] { unlink(database + suffix) }
            guard rename(new, database) == 0 else {
                throw StoreError.inaccessible(file: database, reason: String(cString: strerror(errno)))
            }
            try CommitMarkFile(database: database).write(CommitMark(epoch: restored.epoch, revision: restored.revision))
            try Backup.sync(URL(filePath: database).deletingLastPathComponent().path(percentEncoded: false))
            return (restored, former)
        } catch {
            for suffix in ["", "-wal", "-shm", "-journal"] { unlink(new + suffix) }
            throw error
        }
    }

    private static func prepare(_ path: String, from contents: StoreContents, at now: Int64) throws -> StoreContents {
        let queue = try DatabaseQueue(path: path, configuration: SQLiteStore.configuration)
        defer { try? queue.close() }
        try Schema.migrator.migrate(queue)
        var restored = contents
        restored.epoch = UUID().uuidString.lowercased()
        try queue.write { [restored] db in
            try db.execute(sql: "UPDATE federation SET epoch = ?", arguments: [restored.epoch])
            // Each time an admin looks again: what was adopted was another restored database.
            try db.execute(sql: "UPDATE successions SET adopted_at = NULL")
            try SuccessionRows.insert(Succession(epoch: contents.epoch, revision: contents.revision, restoredAt: now), db)
            try AuditRows.insert(
                AuditEntry(
                    at: now, author: .coordinator, action: .restore, outcome: .done, revision: contents.revision,
                    detail: "from a backup of database \(contents.epoch)"), db)
        }
        try queue.close()
        try Backup.sync(path)
        return restored
    }

    /// With its log, so that it can be looked at, or put back.
    private static func putAside(_ database: String, at now: Int64) throws -> String {
        let former = "\(database).\(now / 1000).former"
        for suffix in ["-wal", ""] where access(database + suffix, F_OK) == 0 {
            guard rename(database + suffix, former + suffix) == 0 else {
                throw StoreError.inaccessible(file: database + suffix, reason: String(cString: strerror(errno)))
            }
        }
        return former
    }
}

package enum RestoreRefused: Error, Hashable, Sendable, CustomStringConvertible {
    case exists(String)

    package var description: String {
        switch self {
        case .exists(let file):
            "\(file) already exists; add --replace to replace it with the backup (the old file is kept next to it), or choose another file"
        }
    }
}
