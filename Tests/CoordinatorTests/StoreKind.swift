import Coordinator
import FederationAPI
import FederationModel
import Foundation
import Testing

/// A kind of store, as the contract needs it. Another kind of store adds a value here, and the whole contract is run on it too.
struct StoreKind: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Opens what is in a directory, or makes it.
    let open: @Sendable (_ directory: String, _ federation: FederationID) async throws -> any Store
    /// What is there for the next process after `kill -9` at this moment: without closing anything, as another directory.
    let crash: @Sendable (_ directory: String, _ other: String) throws -> Void
    /// Puts a backup into a directory that has nothing yet.
    let restore: @Sendable (_ backup: String, _ directory: String) throws -> Void

    static let all = [sqlite]

    static let sqlite = StoreKind(
        testDescription: "SQLite",
        open: { try SQLiteStore(path: $0 + "/c.sqlite", federation: $1) },
        crash: { directory, other in
            try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
            // Without the index of the log, which is memory that the next process makes anew.
            for suffix in ["", "-wal", ".mark"] {
                try FileManager.default.copyItem(atPath: directory + "/c.sqlite" + suffix, toPath: other + "/c.sqlite" + suffix)
            }
        },
        restore: { backup, directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            _ = try Restore.run(backup, to: directory + "/c.sqlite", replacing: false, at: 5000)
        })

    /// A new store in a directory of its own.
    func with<Result>(_ body: (any Store, String) async throws -> Result) async throws -> Result {
        try await withDirectory { directory in
            let store = try await open(directory, Self.demo)
            let result = try await body(store, directory)
            try await store.close()
            return result
        }
    }

    static let demo = FederationID("demo")!
}

extension Store {
    /// All that can be seen of what changes with revisions.
    func everything() async throws -> StoredState {
        let (revision, pendingCommit) = try await inForce()
        return StoredState(
            revision: revision, pendingCommit: pendingCommit, history: try await history(before: nil, limit: 1000),
            audit: try await audit(before: nil, limit: 1000))
    }
}

struct StoredState: Equatable {
    var revision: RevisionRecord
    var pendingCommit: PendingCommit?
    var history: [RevisionSummary]
    var audit: [AuditEntry]
}
