import FederationModel
import Foundation
import GRDB
import Glibc

/// What a database or a backup of one holds.
package struct StoreContents: Hashable, Sendable {
    package var federation: FederationID
    package var epoch: String
    /// In force; 0 before the first apply.
    package var revision: UInt64
}

extension SQLiteStore {
    package func backup(to path: String) async throws -> StoreContents {
        let pool = pool
        // SQLite's backup waits for the disk: on a thread of its own.
        return try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try Backup.write(pool, to: path) }) }.start()
        }
    }
}

/// Backups of a database: one file, whole without a log, for the owner's eyes only.
package enum Backup {
    /// Copies a database that may be in use, by a coordinator too.
    ///
    /// - Returns: what is in the copy.
    /// - Throws: `StoreError`; then there is no copy.
    package static func write(from database: String, to path: String) throws -> StoreContents {
        var configuration = SQLiteStore.configuration
        configuration.readonly = true
        guard access(database, F_OK) == 0 else {
            throw StoreError.inaccessible(file: database, reason: String(cString: strerror(errno)))
        }
        let source = try DatabaseQueue(path: database, configuration: configuration)
        defer { try? source.close() }
        return try write(source, to: path)
    }

    /// A directory for a backup on its way.
    static func scratch(in directory: String) throws -> URL {
        let folder = URL(filePath: directory).appending(path: "\(scratchPrefix)\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        return folder
    }

    private static let scratchPrefix = ".backup-"

    /// Of a process that was killed meanwhile.
    static func removeRemains(in directory: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] where name.hasPrefix(scratchPrefix) {
            try? FileManager.default.removeItem(atPath: directory + "/" + name)
        }
    }

    static func write(_ source: some DatabaseReader, to path: String) throws -> StoreContents {
        // SQLite gives its journal the permissions of the file.
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StoreError.inaccessible(file: path, reason: String(cString: strerror(errno))) }
        close(descriptor)
        do {
            let queue = try DatabaseQueue(path: path)
            try source.backup(to: queue)
            // The pages say that a log belongs to them; this file has none.
            try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA journal_mode = DELETE") }
            try queue.close()
            let contents = try contents(of: path)
            try sync(path)
            return contents
        } catch {
            for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
            throw error
        }
    }

    /// What is in a backup that is whole and ours.
    /// - Throws: `StoreError.damaged` where it is not, `StoreError.inaccessible` where it cannot be read.
    package static func contents(of path: String) throws -> StoreContents {
        guard access(path, R_OK) == 0 else { throw StoreError.inaccessible(file: path, reason: String(cString: strerror(errno))) }
        var configuration = Configuration()
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            return try queue.read { db in
                let complaints = try IntegrityCheck.complaints(db)
                guard complaints.isEmpty else { throw StoreError.faulty(.damaged(complaints)) }
                guard try db.tableExists("federation"), try db.tableExists("revisions") else {
                    throw StoreError.inaccessible(
                        file: path, reason: "not a coordinator’s database, or copied without its -wal file")
                }
                guard try Schema.migrator.appliedIdentifiers(db).isSubset(of: Schema.migrator.migrations) else {
                    throw StoreError.inaccessible(file: path, reason: "written by a later release; use its fed-coordinator")
                }
                let row = try FederationRow.required(db)
                return StoreContents(federation: row.name, epoch: row.epoch, revision: try RevisionRows.latest(db))
            }
        } catch let error as DatabaseError {
            throw StoreError.inaccessible(file: path, reason: "not a database: \(error.message ?? "\(error.resultCode)")")
        }
    }

    static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError.inaccessible(file: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StoreError.inaccessible(file: path, reason: String(cString: strerror(errno))) }
    }
}
