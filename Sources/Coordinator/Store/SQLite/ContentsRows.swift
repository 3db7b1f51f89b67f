import Federation
import FederationModel
import Foundation
import GRDB

/// What revisions are made of: whole, or as the difference from the one before.
///
/// Most changes are small beside the federation. A revision is written whole when the changes since the last whole one have come to half of
/// its size, or are many: then the file has at most half as much again for changes, and reading one is never far from reading a whole one.
enum ContentsRows {
    /// Changes in a row.
    private static let most = 500

    /// - Throws: `StoreError.damaged`
    static func fetch(_ number: UInt64, _ db: Database) throws -> RevisionContents {
        guard
            let whole = try Row.fetchOne(
                db, sql: "SELECT revision, file, graph, ledger FROM contents WHERE revision <= ? ORDER BY revision DESC LIMIT 1",
                arguments: [number])
        else { throw StoreError.damaged("revision \(number) has no contents") }
        do {
            let decoder = JSONDecoder()
            func decode<T: Decodable>(_ type: T.Type, _ text: String) throws -> T { try decoder.decode(type, from: Data(text.utf8)) }
            var found: UInt64 = whole["revision"]
            var contents = RevisionContents(
                text: whole["file"], graph: try decode(FederationGraph.self, whole["graph"]),
                ledger: try decode(Ledger.self, whole["ledger"]))
            let changes = try Row.fetchCursor(
                db, sql: "SELECT * FROM changes WHERE revision > ? AND revision <= ? ORDER BY revision",
                arguments: [found, number])
            while let row = try changes.next() {
                found += 1
                let text = TextDelta(head: row["head"], tail: row["tail"], middle: row["file"])
                guard found == row["revision"], let text = text.applied(to: contents.text),
                    contents.ledger.apply(try decode(LedgerDelta.self, row["ledger"]))
                else { throw StoreError.damaged("the changes before revision \(number) do not fit together") }
                contents.text = text
                contents.graph.apply(try decode(GraphDelta.self, row["graph"]))
            }
            guard found == number else { throw StoreError.damaged("revision \(number) has no contents") }
            return contents
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError.damaged("revision \(number): \(error)")
        }
    }

    /// - Parameter former: of the revision before it; nil: there is none.
    /// - Returns: what changed of what is held; nil: it was not looked at.
    static func insert(
        _ contents: RevisionContents, of number: UInt64, after former: RevisionContents?, _ db: Database
    ) throws -> LedgerDelta? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        func encode(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
        let delta = former.map { LedgerDelta(from: $0.ledger, to: contents.ledger) }
        if let former, let delta, let room = try room(after: number - 1, db) {
            let text = TextDelta(from: former.text, to: contents.text)
            let graph = try encode(GraphDelta(from: former.graph, to: contents.graph)), ledger = try encode(delta)
            let left = room - text.middle.utf8.count - graph.utf8.count - ledger.utf8.count
            if left >= 0 {
                try db.execute(
                    sql: "INSERT INTO changes (revision, head, tail, file, graph, ledger, room) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    arguments: [number, text.head, text.tail, text.middle, graph, ledger, left])
                return delta
            }
        }
        try db.execute(
            sql: "INSERT INTO contents (revision, file, graph, ledger) VALUES (?, ?, ?, ?)",
            arguments: [number, contents.text, try encode(contents.graph), try encode(contents.ledger)])
        return delta
    }

    /// Bytes that may still be changed after a revision before one is written whole; nil: the next one is.
    private static func room(after number: UInt64, _ db: Database) throws -> Int? {
        let whole = try UInt64.fetchOne(db, sql: "SELECT max(revision) FROM contents WHERE revision <= ?", arguments: [number])
        guard let whole, number - whole < UInt64(most) else { return nil }
        if whole < number { return try Int.fetchOne(db, sql: "SELECT room FROM changes WHERE revision = ?", arguments: [number]) }
        return try Int.fetchOne(
            db, sql: "SELECT (length(file) + length(graph) + length(ledger)) / 2 FROM contents WHERE revision = ?", arguments: [number])
    }
}
