import Coordinator
import Federation
import FederationAPI
import FederationModel
import Foundation
import GRDB
import NetworkTypes
import Testing

@Suite("What the SQLite store does with its files", .timeLimit(.minutes(1)))
struct SQLiteStoreTests {
    private let demo = FederationID("demo")!

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber).intValue & 0o777
    }

    @Test("a new database is for nobody else’s eyes")
    func new() async throws {
        try await withDirectory { directory in
            let first = try SQLiteStore(path: directory + "/deep/a.sqlite", federation: demo)
            let epoch = try await first.inForce().revision.epoch
            #expect(UUID(uuidString: epoch) != nil)
            #expect(try mode(directory + "/deep") == 0o700)
            for file in ["a.sqlite", "a.sqlite-wal", "a.sqlite.mark"] { #expect(try mode(directory + "/deep/" + file) == 0o600) }
        }
    }

    @Test("a database belongs to one federation and to one process at a time")
    func ownership() async throws {
        try await withDirectory { directory in
            let path = directory + "/c.sqlite"
            do {
                let store = try SQLiteStore(path: path, federation: demo)
                #expect(throws: StoreError.inUse(file: path)) { try SQLiteStore(path: path, federation: demo) }
                try store.close()
            }
            let other = FederationID("other")!
            #expect(throws: StoreError.wrongFederation(file: path, stored: demo, wanted: other)) {
                try SQLiteStore(path: path, federation: other)
            }
        }
    }

    @Test("a database of the release before, without certificates of authors, is read and gone on with")
    func olderAuthors() async throws {
        try await withDirectory { directory in
            let path = directory + "/c.sqlite"
            let store = try SQLiteStore(path: path, federation: demo)
            try await store.apply(by: "ada")
            try await store.apply(federationFile(vpns: ["blue"]), by: "bob", until: 9000)
            try await store.record(AuditEntry(at: 7, author: .coordinator, action: .automaticRollback, outcome: .failed, revision: 2))
            let before = try await store.everything()
            try store.close()
            try await DatabaseQueue(path: path).write { db in
                // As it was before the fifth migration.
                try db.execute(
                    sql: """
                        ALTER TABLE revisions DROP COLUMN certificate;
                        ALTER TABLE audit DROP COLUMN certificate;
                        ALTER TABLE pending_commit RENAME TO probation;
                        DELETE FROM grdb_migrations WHERE identifier LIKE '5 %';
                        """)
            }
            let again = try SQLiteStore(path: path, federation: demo)
            #expect(try await again.everything() == before)
            let author = Principal(.admin(AdminName("eve")!), certificate: "3f01")
            try await again.confirm(2, by: author, at: 8000)
            try await again.apply(by: author)
            #expect(try await again.inForce().revision.summary.author == author)
            #expect(try await again.audit(before: nil, limit: 2).map(\.author) == [author, author])
            try again.close()
        }
    }
}
