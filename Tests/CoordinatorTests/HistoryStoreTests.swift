import Coordinator
import FederationAPI
import FederationModel
import Foundation
import Testing

@Suite("The store's history, pending commits and audit, on a real file", .timeLimit(.minutes(1)))
struct HistoryStoreTests {
    private let demo = FederationID("demo")!

    private func withStore<Result>(_ body: (SQLiteStore, String) async throws -> Result) async throws -> Result {
        try await withDirectory { directory in
            try await body(SQLiteStore(path: directory + "/c.sqlite", federation: demo), directory + "/c.sqlite")
        }
    }

    @Test("old revisions come back as they were, with the ledger of their time; what never was is nil")
    func old() async throws {
        try await withStore { store, path in
            var revisions: [Revision] = []
            for number in 1...4 {
                let base = try await store.latest()
                let vpns = (1...number).map { "vpn\($0)" }
                revisions.append(try await store.commit(base.draft(federationFile(vpns: vpns), at: Int64(number) * 1000), on: base.number))
            }
            for revision in revisions {
                let found = try #require(try await store.revision(revision.number))
                #expect(found.summary == revision.summary && found.text == revision.text && found.graph == revision.graph)
                #expect(found.ledger == revision.ledger && found.intents == revision.intents)
            }
            #expect(try await store.revision(0)?.graph == nil)
            for number in [5, UInt64(Int64.max), UInt64.max] { #expect(try await store.revision(number) == nil) }
            #expect(try await store.history(before: nil, limit: 2).map(\.number) == [4, 3])
            #expect(try await store.history(before: 3, limit: 10).map(\.number) == [2, 1])
            // Two clouds, their gateways, a VPN and its attachments.
            #expect(try await store.history(before: nil, limit: 10).last?.size.added == 7)
        }
    }

    @Test("a pending commit is durable, keeps other changes off, and ends with a confirmation or a way back, once")
    func pendingCommit() async throws {
        try await withStore { store, path in
            let first = try await store.commit(store.latest().draft(federationFile()), on: 0)
            let second = try await store.commit(first.draft(federationFile(vpns: ["blue"]), by: "ada", deadline: 9000), on: 1)
            let pendingCommit = PendingCommit(revision: 2, fallback: 1, deadline: 9000, author: "ada")
            #expect(try await store.pendingCommit() == pendingCommit)
            try store.close()

            let again = try SQLiteStore(path: path, federation: demo)
            #expect(try await again.pendingCommit() == pendingCommit)
            let other = try second.draft(federationFile(vpns: ["green"]))
            await #expect(throws: StoreError.awaitingConfirmation(pendingCommit)) { try await again.commit(other, on: 2) }
            await #expect(throws: StoreError.nothingPending(revision: 1, current: 2)) { try await again.confirm(1, by: "ada", at: 1) }
            try await again.confirm(2, by: "bob", at: 5000)
            #expect(try await again.pendingCommit() == nil)
            await #expect(throws: StoreError.nothingPending(revision: 2, current: 2)) { try await again.confirm(2, by: "bob", at: 1) }

            // What was confirmed at the last moment does not go back by itself.
            var back = try second.draft(federationFile())
            back.summary.origin = .automaticRollback
            back.summary.restores = 1
            let late = back
            await #expect(throws: StoreError.nothingPending(revision: 2, current: 2)) { try await again.commit(late, on: 2) }
            back.summary.origin = .rollback
            #expect(try await again.commit(back, on: 2).number == 3)
            #expect(try await again.audit(before: nil, limit: 10).map(\.action) == [.rollback, .confirm, .apply, .apply])
        }
    }

    @Test("attempts are numbered in the order of time, and what was done is among them")
    func audit() async throws {
        try await withStore { store, _ in
            try await store.record(AuditEntry(at: 5, author: "bob", action: .apply, outcome: .refused, revision: 0, detail: "leak"))
            let base = try await store.latest()
            _ = try await store.commit(base.draft(federationFile(), by: "ada", at: 6), on: 0)
            let entries = try await store.audit(before: nil, limit: 10)
            #expect(entries.map(\.author) == ["ada", "bob"] && entries.map(\.outcome) == [.done, .refused])
            #expect(try await store.audit(before: entries[0].number, limit: 10).map(\.detail) == ["leak"])
        }
    }
}
