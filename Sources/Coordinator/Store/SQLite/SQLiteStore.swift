import FederationAPI
import FederationModel
import Foundation
import GRDB
import Synchronization
import Verification

/// The store in one SQLite file.
///
/// Write-ahead log with `synchronous = FULL`: a transaction that returned survives `kill -9` and a power cut.
package final class SQLiteStore: Store {
    let pool: DatabasePool
    private let lock: FileLock
    private let mark: CommitMarkFile
    private let trouble: Mutex<StoreFault?>
    /// Of the revision in force, so that the next one needs not read it.
    private let latest = Mutex<RevisionRecord?>(nil)
    /// Of the pairs of which verdicts are written down; nil: not read yet.
    let pairNumbers = Mutex<[PairName: Int64]?>(nil)

    /// Opens the file, or makes it, with its directory (0700) and a new epoch.
    ///
    /// - Parameter federation: whose database it is; a file of another federation is refused.
    package init(path: String, federation: FederationID) throws {
        try Self.prepare(path)
        lock = try FileLock(file: path)
        mark = CommitMarkFile(database: path)
        let marked = mark.read()
        if let marked, marked.revision > 0, try Self.isEmpty(path) { throw StoreError.vanished(file: path, mark: marked) }
        pool = try DatabasePool(path: path, configuration: Self.configuration)
        try Schema.migrator.migrate(pool)
        let found = try pool.write { db in
            if let stored = try FederationRow.fetch(db) {
                guard stored.name == federation else {
                    throw StoreError.wrongFederation(file: path, stored: stored.name, wanted: federation)
                }
            } else {
                try db.execute(
                    sql: "INSERT INTO federation (id, name, epoch) VALUES (1, ?, ?)",
                    arguments: [federation.text, UUID().uuidString.lowercased()])
            }
            return CommitMark(epoch: try FederationRow.required(db).epoch, revision: try RevisionRows.latest(db))
        }
        trouble = Mutex(marked.flatMap { StoreFault(found: found, marked: $0, file: path) })
        if fault == nil { try mark.write(found) }
        Backup.removeRemains(in: directory)
    }

    static var configuration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
        return configuration
    }

    package var directory: String { URL(filePath: mark.path).deletingLastPathComponent().path(percentEncoded: false) }

    package var fault: StoreFault? { trouble.withLock { $0 } }

    package func check() async throws {
        let found = try await pool.read(IntegrityCheck.complaints)
        guard !found.isEmpty else { return }
        trouble.withLock { $0 = .damaged(found) }
    }

    package func inForce() async throws -> (revision: RevisionRecord, pendingCommit: PendingCommit?) {
        let found = try await pool.read { db in
            let number = try RevisionRows.latest(db)
            guard let revision = try RevisionRows.fetch(number, of: .required(db), db) else {
                throw StoreError.damaged("revision \(number) is gone")
            }
            return (revision: revision, pendingCommit: try PendingCommitRow.fetch(db))
        }
        latest.withLock { $0 = found.revision }
        return found
    }

    package func revision(_ number: UInt64) async throws -> RevisionRecord? {
        try await pool.read { db in try RevisionRows.fetch(number, of: .required(db), db) }
    }

    package func history(before: UInt64?, limit: Int) async throws -> [RevisionSummary] {
        try await pool.read { db in try RevisionRows.history(before: before, limit: limit, db) }
    }

    package func audit(before: UInt64?, limit: Int) async throws -> [AuditEntry] {
        try await pool.read { db in try AuditRows.fetch(before: before, limit: limit, db) }
    }

    package func record(_ entry: AuditEntry) async throws { try await pool.write { db in try AuditRows.insert(entry, db) } }

    package func commit(_ next: RevisionRecord, until deadline: Int64?) async throws -> PendingCommit? {
        if let fault { throw StoreError.faulty(fault) }
        let known = latest.withLock { $0 }
        let pending = try await pool.write { db in
            let former = try RevisionRows.latest(db)
            guard next.number == former + 1, next.epoch == (try FederationRow.required(db).epoch) else {
                throw StoreError.conflict(base: next.number &- 1, current: former)
            }
            let pending = try PendingCommitRow.fetch(db)
            if let pending, !next.summary.origin.endsPendingCommit { throw StoreError.awaitingConfirmation(pending) }
            // Confirmed at the last moment: then nothing is rolled back automatically.
            if pending == nil, next.summary.origin == .automaticRollback {
                throw StoreError.nothingPending(revision: former, current: former)
            }
            let before = former == 0 ? nil : known?.number == former ? known?.contents : try ContentsRows.fetch(former, db)
            try RevisionRows.insert(next, after: before, db)
            try PendingCommitRow.delete(db)
            if let deadline {
                // What nobody confirmed is nothing to fall back to.
                try PendingCommitRow.insert(revision: next.number, fallback: pending?.fallback ?? former, deadline: deadline, db)
            }
            let summary = next.summary
            try AuditRows.insert(
                AuditEntry(
                    at: summary.appliedAt, author: summary.author, action: summary.origin.action, outcome: .done, revision: next.number,
                    detail: summary.message), db)
            return try PendingCommitRow.fetch(db)
        }
        // Of two at once the later one may be here first; a wrong one costs a look into the database.
        latest.withLock { $0 = next }
        // What is committed is committed: a mark that cannot be written is one that is found too low, and no harm.
        try? mark.write(CommitMark(epoch: next.epoch, revision: next.number))
        return pending
    }

    package func confirm(_ revision: UInt64, by author: Principal, at now: Int64) async throws {
        if let fault { throw StoreError.faulty(fault) }
        try await pool.write { db in
            guard let pendingCommit = try PendingCommitRow.fetch(db), pendingCommit.revision == revision else {
                throw StoreError.nothingPending(revision: revision, current: try RevisionRows.latest(db))
            }
            try PendingCommitRow.delete(db)
            try AuditRows.insert(AuditEntry(at: now, author: author, action: .confirm, outcome: .done, revision: revision), db)
        }
    }

    package func agents() async throws -> [AgentRecord] {
        try await pool.read { db in try AgentRows.fetch(db) }
    }

    package func save(_ agents: [AgentRecord]) async throws {
        guard !agents.isEmpty else { return }
        try await pool.write { db in for agent in agents { try AgentRows.save(agent, db) } }
    }

    package func pins() async throws -> [CloudName: [AttachmentPin]] { try await pool.read { db in try PinRows.fetch(db) } }

    package func save(_ changes: AttachmentPins.Changes) async throws {
        try await pool.write { db in
            for (cloud, selectors) in changes.removed { for selector in selectors { try PinRows.delete(selector, of: cloud, db) } }
            for (cloud, pins) in changes.saved { for pin in pins { try PinRows.save(pin, of: cloud, db) } }
        }
    }

    package func forget(_ gateways: Set<GatewayID>) async throws {
        guard !gateways.isEmpty else { return }
        try await pool.write { db in for gateway in gateways { try AgentRows.delete(gateway, db) } }
    }

    /// Bytes that the database takes on disk, without its log and what is free in it.
    package func size() throws -> Int {
        try pool.read { db in
            let pages = (try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0) - (try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0)
            return pages * (try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
        }
    }

    /// Closes the file, and lets another process have it; what is asked afterwards fails.
    ///
    /// The write-ahead log is emptied first: whoever copies the file then has all of it. (SQLite does so at the last connection's end, but a
    /// pool's last ones are those that only read.)
    package func close() throws {
        defer { lock.release() }
        let isEmptied = Result { try pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) } }
        try pool.close()
        try isEmptied.get()
    }

    // MARK: Files

    /// The directory and file hold every tenant's topology: they are for us alone.
    private static func prepare(_ path: String) throws {
        let directory = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        do {
            if !FileManager.default.fileExists(atPath: directory) {
                try FileManager.default.createDirectory(
                    atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
        } catch {
            throw StoreError.inaccessible(file: directory, reason: "the directory cannot be made: \(error)")
        }
    }

    /// SQLite writes nothing before the first table: a file of no bytes, or of one page without tables, is what is left of a database whose
    /// log was not copied with it.
    private static func isEmpty(_ path: String) throws -> Bool {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0 }
    }
}
