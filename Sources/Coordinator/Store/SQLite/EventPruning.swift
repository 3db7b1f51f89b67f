import FederationAPI
import Foundation
import GRDB

/// What is too old, or too much, goes.
enum EventPruning {
    static func run(_ limits: HistoryLimits, at now: Int64, _ db: Database) throws {
        guard let recording = try EventRows.recording(db) else { return }
        try db.execute(
            sql: """
                DELETE FROM events WHERE pairs IS NULL AND (at < ? OR kind = ? AND number <=
                    (SELECT number FROM events WHERE kind = ? ORDER BY number DESC LIMIT 1 OFFSET ?))
                """, arguments: [now - limits.age, EventRows.ofAgent, EventRows.ofAgent, limits.events])
        let since = max(recording.since, now - limits.age, try fullSince(limits, db))
        guard since > recording.since else { return }
        try compact(until: since, db)
        try db.execute(sql: "UPDATE recording SET since = ?", arguments: [since])
    }

    /// The time after which all changes of verdicts are within the limits.
    private static func fullSince(_ limits: HistoryLimits, _ db: Database) throws -> Int64 {
        let (rows, pairs) =
            try Row.fetchOne(db, sql: "SELECT count(*) AS rows, sum(pair_count) AS pairs FROM events WHERE pairs IS NOT NULL")
            .map { ($0["rows"] as Int, $0["pairs"] as Int? ?? 0) } ?? (0, 0)
        guard rows > limits.events || pairs > limits.pairChanges else { return 0 }
        let cursor = try Row.fetchCursor(
            db, sql: "SELECT at, pair_count FROM events WHERE pairs IS NOT NULL ORDER BY at DESC, number DESC")
        // To three quarters: not again for each that comes.
        var (moreRows, morePairs) = (limits.events / 4 * 3, limits.pairChanges / 4 * 3)
        while let row = try cursor.next() {
            moreRows -= 1
            morePairs -= row["pair_count"] as Int
            if moreRows < 0 || morePairs < 0 { return (row["at"] as Int64) + 1 }
        }
        return 0
    }

    /// Of the rows up to then, each pair stays in its last one only.
    private static func compact(until time: Int64, _ db: Database) throws {
        var seen: Set<Int64> = []
        let numbers = try Int64.fetchAll(
            db, sql: "SELECT number FROM events WHERE pairs IS NOT NULL AND at < ? ORDER BY at DESC, number DESC", arguments: [time])
        for number in numbers {
            guard let row = try Row.fetchOne(db, sql: "SELECT kind, pairs FROM events WHERE number = ?", arguments: [number]) else {
                continue
            }
            let pairs = PairNumbers.decode(row["pairs"] as Data)
            let last = pairs.filter { seen.insert($0).inserted }
            // Pairs that are no more need no row to say so.
            if last.isEmpty || row["kind"] as String == EventRows.verdictsEnded {
                try db.execute(sql: "DELETE FROM events WHERE number = ?", arguments: [number])
            } else if last.count < pairs.count {
                try db.execute(
                    sql: "UPDATE events SET pairs = ?, pair_count = ? WHERE number = ?",
                    arguments: [Data(PairNumbers.encode(last)), last.count, number])
            }
        }
    }
}
