import Federation
import FederationAPI
import Foundation
import GRDB

/// The store in one SQLite file.
///
/// Write-ahead log with `synchronous = FULL`: a transaction that returned survives `kill -9` and a power cut.
package final class SQLiteStore: Store {
    private let pool: DatabasePool
    private let lock: FileLock

    /// Opens the file, or makes it, with its directory (0700) and a new epoch.
    ///
    /// - Parameter federation: whose database it is; a file of another federation is refused.
    package init(path: String, federation: FederationID) throws {
        try Self.prepare(path)
        lock = try FileLock(path: path + ".lock", of: path)
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
        pool = try DatabasePool(path: path, configuration: configuration)
        try Schema.migrator.migrate(pool)
        try pool.write { db in
            if let stored = try FederationRow.fetch(db) {
                guard stored.name == federation else {
                    throw StoreError.wrongFederation(file: path, stored: stored.name, wanted: federation)
                }
            } else {
                try db.execute(
                    sql: "INSERT INTO federation (id, name, epoch) VALUES (1, ?, ?)",
                    arguments: [federation.text, UUID().uuidString.lowercased()])
            }
        }
    }

    package func latest() async throws -> Revision {
        try await pool.read { db in try Self.latest(db) }
    }

    package func commit(_ draft: RevisionDraft, on base: UInt64) async throws -> Revision {
        try await pool.write { db in
            let former = try Self.latest(db)
            guard former.number == base else { throw StoreError.conflict(base: base, current: former.number) }
            let number = former.number + 1
            // Compiled before it is written: what cannot be compiled must not come into force.
            let revision = Revision(
                number: number, epoch: former.epoch, federation: former.federation, author: draft.author, appliedAt: draft.appliedAt,
                text: draft.text, graph: draft.graph, ledger: draft.ledger,
                intents: try draft.graph.intents(with: draft.ledger, epoch: former.epoch, revision: number))
            try Self.insert(revision, draft.graph, db)
            return revision
        }
    }

    package func agents() async throws -> [AgentRecord] {
        try await pool.read { db in try AgentRows.fetch(db) }
    }

    package func save(_ agents: [AgentRecord]) async throws {
        guard !agents.isEmpty else { return }
        try await pool.write { db in for agent in agents { try AgentRows.save(agent, db) } }
    }

    /// Closes the file; what is asked afterwards fails.
    package func close() throws { try pool.close() }

    // MARK: Revisions

    private static func latest(_ db: Database) throws -> Revision {
        guard let federation = try FederationRow.fetch(db) else { throw StoreError.damaged("it does not say of which federation it is") }
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM revisions ORDER BY number DESC LIMIT 1") else {
            return Revision(
                number: 0, epoch: federation.epoch, federation: federation.name, author: "", appliedAt: 0, text: "", graph: nil,
                ledger: Ledger(), intents: [:])
        }
        guard let document = try String.fetchOne(db, sql: "SELECT document FROM ledger WHERE id = 1") else {
            throw StoreError.damaged("it has revisions but no ledger")
        }
        let number: UInt64 = row["number"]
        do {
            let graph = try JSONDecoder().decode(FederationGraph.self, from: Data((row["graph"] as String).utf8))
            let ledger = try JSONDecoder().decode(Ledger.self, from: Data(document.utf8))
            return Revision(
                number: number, epoch: federation.epoch, federation: federation.name, author: row["author"],
                appliedAt: row["applied_at"], text: row["file"], graph: graph, ledger: ledger,
                intents: try graph.intents(with: ledger, epoch: federation.epoch, revision: number))
        } catch {
            throw StoreError.damaged("revision \(number): \(error)")
        }
    }

    private static func insert(_ revision: Revision, _ graph: FederationGraph, _ db: Database) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try db.execute(
            sql: "INSERT INTO revisions (number, author, applied_at, file, graph) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                revision.number, revision.author, revision.appliedAt, revision.text,
                String(decoding: try encoder.encode(graph), as: UTF8.self),
            ])
        try db.execute(
            sql: """
                INSERT INTO ledger (id, revision, document) VALUES (1, ?, ?)
                ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, document = excluded.document
                """, arguments: [revision.number, String(decoding: try encoder.encode(revision.ledger), as: UTF8.self)])
        try db.execute(sql: "DELETE FROM allocations")
        for allocation in revision.allocations {
            try db.execute(
                sql: "INSERT INTO allocations (kind, object, value, revision) VALUES (?, ?, ?, ?)",
                arguments: [allocation.kind.rawValue, allocation.object, allocation.value, revision.number])
        }
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
        // SQLite gives its log and index files the permissions of this one.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.inaccessible(file: path, reason: String(cString: strerror(errno))) }
        Glibc.close(descriptor)
    }
}

private struct FederationRow {
    var name: FederationID
    var epoch: String

    static func fetch(_ db: Database) throws -> FederationRow? {
        guard let row = try Row.fetchOne(db, sql: "SELECT name, epoch FROM federation WHERE id = 1") else { return nil }
        guard let name = FederationID(row["name"] as String) else { throw StoreError.damaged("its federation has no name") }
        return FederationRow(name: name, epoch: row["epoch"])
    }
}
