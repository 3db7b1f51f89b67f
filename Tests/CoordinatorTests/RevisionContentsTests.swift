import Coordinator
import FederationModel
import Foundation
import GRDB
import Testing

@Suite("Revisions stored as what they change, on a real file", .timeLimit(.minutes(2)))
struct RevisionContentsTests {
    private let demo = FederationID("demo")!

    /// Revisions of a file of thirty VPNs, each with one VPN otherwise.
    private func commit(_ numbers: ClosedRange<Int>, to store: SQLiteStore) async throws -> [Revision] {
        var revisions: [Revision] = []
        for number in numbers {
            let vpns = (0..<30).map { $0 == number % 30 ? "other\(number)" : "vpn\($0)" }
            let text = federationFile(vpns: vpns)
                .replacing("  other\(number):", with: "  # \(number % 2 == 0 ? "ä" : "ö")\n  other\(number):")
            revisions.append(try await store.apply(text, at: Int64(number) * 1000))
        }
        return revisions
    }

    private func expect(_ revisions: [Revision], in store: SQLiteStore) async throws {
        for revision in revisions {
            #expect(try await store.revision(revision.number) == revision.record, "revision \(revision.number)")
        }
    }

    private func rows(_ table: String, in path: String) throws -> Int {
        try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
    }

    private func held(in path: String) throws -> Set<String> {
        try DatabaseQueue(path: path).read { db in
            Set(try String.fetchAll(db, sql: "SELECT kind || ' ' || owner || ' ' || value FROM allocations"))
        }
    }

    @Test("most are differences, some are whole, and all come back as they were, over reopenings too")
    func history() async throws {
        try await withDirectory { directory in
            let path = directory + "/c.sqlite"
            let first = try SQLiteStore(path: path, federation: demo)
            var revisions = try await commit(1...40, to: first)
            try first.close()
            let second = try SQLiteStore(path: path, federation: demo)
            revisions += try await commit(41...80, to: second)
            try await expect(revisions, in: second)
            try second.close()
            let (whole, changes) = (try rows("contents", in: path), try rows("changes", in: path))
            #expect(whole + changes == 80)
            #expect(whole > 1 && whole < 16, "\(whole) are whole")
            let last = try #require(revisions.last)
            #expect(try held(in: path) == Set(last.record.held.map { "\($0.kind.rawValue) \($0.owner ?? "") \($0.value)" }))
        }
    }

    @Test("a text is made again of any other one, though they differ inside of a character")
    func texts() {
        // Characters of one to four bytes, some of which begin or end alike.
        let letters: [Character] = ["a", "b", "ä", "ö", "…", "‥", "€", "😀", "😁", "\n"]
        func text() -> String { String((0..<Int.random(in: 0...12)).compactMap { _ in letters.randomElement() }) }
        for _ in 0..<10_000 {
            let (head, tail) = (text(), text())
            let (old, new) = (head + text() + tail, head + text() + tail)
            let delta = TextDelta(from: old, to: new)
            #expect(delta.applied(to: old).map { Array($0.utf8) } == Array(new.utf8), "\(old.debugDescription) → \(new.debugDescription)")
            #expect(delta.applied(to: "") == nil || delta.head + delta.tail == 0)
        }
        let same = text()
        #expect(TextDelta(from: same, to: same).middle.isEmpty)
    }

    @Test("a database of the release before, where all are whole, is read and gone on with")
    func olderRelease() async throws {
        try await withDirectory { directory in
            let path = directory + "/c.sqlite"
            let store = try SQLiteStore(path: path, federation: demo)
            let revisions = try await commit(1...5, to: store)
            try store.close()
            try await DatabaseQueue(path: path).write { db in
                // As it was before the second migration.
                for revision in revisions {
                    let (graph, ledger) = (try JSONEncoder().encode(revision.graph), try JSONEncoder().encode(revision.ledger))
                    try db.execute(
                        sql: "INSERT OR REPLACE INTO contents (revision, file, graph, ledger) VALUES (?, ?, ?, ?)",
                        arguments: [
                            revision.number, revision.text, String(decoding: graph, as: UTF8.self), String(decoding: ledger, as: UTF8.self),
                        ])
                }
                try db.execute(sql: "DROP TABLE changes; DELETE FROM grdb_migrations WHERE identifier LIKE '2 %'")
            }
            let again = try SQLiteStore(path: path, federation: demo)
            try await expect(revisions, in: again)
            let more = try await commit(6...9, to: again)
            try await expect(revisions + more, in: again)
            try again.close()
            #expect(try rows("contents", in: path) == 5 && rows("changes", in: path) == 4)
        }
    }

    @Test("a change that is missing or does not fit is told as damage, and what is before it is still there")
    func damaged() async throws {
        try await withDirectory { directory in
            let path = directory + "/c.sqlite"
            let store = try SQLiteStore(path: path, federation: demo)
            let revisions = try await commit(1...4, to: store)
            try store.close()
            let database = try DatabaseQueue(path: path)
            try await database.write { try $0.execute(sql: "UPDATE changes SET head = head + 100000 WHERE revision = 4") }
            let bent = try SQLiteStore(path: path, federation: demo)
            await #expect(throws: StoreError.self) { try await bent.latest() }
            try await expect(Array(revisions.prefix(3)), in: bent)
            try bent.close()
            try await database.write { try $0.execute(sql: "DELETE FROM changes WHERE revision = 3") }
            let holed = try SQLiteStore(path: path, federation: demo)
            await #expect(throws: StoreError.self) { try await holed.latest() }
            try await expect(Array(revisions.prefix(2)), in: holed)
        }
    }
}
