import Coordinator
import Federation
import FederationAPI
import FederationModel
import Foundation
import NetworkTypes
import Testing

@Suite("The SQLite store, on a real file", .timeLimit(.minutes(1)))
struct StoreTests {
    private let demo = FederationID("demo")!

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber).intValue & 0o777
    }

    @Test("a new database has revision 0, an epoch of its own, and is for nobody else’s eyes")
    func new() async throws {
        try await withDirectory { directory in
            let first = try SQLiteStore(path: directory + "/deep/a.sqlite", federation: demo)
            let second = try SQLiteStore(path: directory + "/b.sqlite", federation: demo)
            let revision = try await first.latest()
            #expect(revision.number == 0 && revision.graph == nil && revision.intents.isEmpty)
            #expect(try await revision.epoch != second.latest().epoch)
            #expect(UUID(uuidString: revision.epoch) != nil)
            #expect(try mode(directory + "/deep") == 0o700)
            for file in ["a.sqlite", "a.sqlite-wal", "a.sqlite.mark"] { #expect(try mode(directory + "/deep/" + file) == 0o600) }
        }
    }

    @Test("a revision is there after reopening: file, author, time, graph, allocations, epoch, and the same versions of all resources")
    func reopen() async throws {
        try await withDirectory { directory in
            let path = directory + "/c.sqlite"
            var written: Revision?
            do {
                let store = try SQLiteStore(path: path, federation: demo)
                let committed = try await store.commit(store.latest().draft(federationFile(), by: "ada"), on: 0)
                #expect(committed.number == 1)
                written = committed
                try store.close()
            }
            let before = try #require(written)
            let after = try await SQLiteStore(path: path, federation: demo).latest()
            #expect(after.number == 1 && after.author == "ada" && after.appliedAt == 1000 && after.text == federationFile())
            #expect(after.epoch == before.epoch && after.graph == before.graph && after.ledger == before.ledger)
            #expect(after.intents == before.intents)
        }
    }

    @Test("what was based on an older revision is refused and changes nothing")
    func conflict() async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore(path: directory + "/c.sqlite", federation: demo)
            let base = try await store.latest()
            _ = try await store.commit(base.draft(federationFile()), on: 0)
            let late = try base.draft(federationFile(vpns: ["other"]))
            await #expect(throws: StoreError.conflict(base: 0, current: 1)) { try await store.commit(late, on: 0) }
            #expect(try await store.latest().text == federationFile())
        }
    }

    @Test("of many applies on one revision exactly one wins")
    func race() async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore(path: directory + "/c.sqlite", federation: demo)
            let base = try await store.latest()
            let won = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<16 {
                    let draft = try base.draft(federationFile(vpns: ["vpn\(number)"]))
                    group.addTask {
                        do {
                            _ = try await store.commit(draft, on: 0)
                            return true
                        } catch StoreError.conflict {
                            return false
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(won == 1)
            #expect(try await store.latest().number == 1)
        }
    }

    @Test("what was compiled for another number or another database is refused whole")
    func inconsistent() async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore(path: directory + "/c.sqlite", federation: demo)
            let good = try await store.latest().draft(federationFile())
            for (epoch, revision) in [(good.compilation.epoch, UInt64(2)), ("00000000-0000-0000-0000-000000000000", 1)] {
                var bad = good
                bad.compilation = try Compilation(good.graph, with: good.ledger, epoch: epoch, revision: revision)
                let refused = bad
                await #expect(throws: StoreError.self) { try await store.commit(refused, on: 0) }
            }
            #expect(try await store.latest().number == 0)
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

    @Test("agents and what they acknowledged are remembered")
    func agents() async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore(path: directory + "/c.sqlite", federation: demo)
            var record = AgentRecord(
                gateway: gateway("paris/gw1"), lastSeen: 5, software: "fed-agent 0.1.0",
                resources: [
                    .base: ResourceRecord(applied: "b1"),
                    resource("vpn/blue"): ResourceRecord(applied: "v1", rejection: .init(version: "v2", reason: "taken")),
                ])
            let other = AgentRecord(gateway: gateway("tokyo/gw1"), lastSeen: 6, software: "x")
            try await store.save([record, other])
            #expect(try await store.agents() == [record, other])
            record.resources[resource("vpn/blue")] = nil
            record.lastSeen = 7
            try await store.save([record])
            #expect(try await store.agents() == [record, other])
        }
    }
}
