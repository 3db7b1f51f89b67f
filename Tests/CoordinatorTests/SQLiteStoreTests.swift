import Coordinator
import Federation
import FederationAPI
import FederationModel
import Foundation
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
}
