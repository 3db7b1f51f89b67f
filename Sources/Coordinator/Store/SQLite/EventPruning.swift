import FederationAPI
import Foundation
import GRDB

/// What is too old, or too much, goes: in portions, because commits wait for a transaction. Nothing else may write events meanwhile.
struct EventPruning {
    let pool: DatabasePool

    /// Rows of a transaction.
    private static let portion = 1000

    private struct Plan {
        var cutoff: Int64
        /// Rows of agents up to this one go.
        var ofAgents: Int64
        /// The last row of which pairs stay in their last row only.
        var last: Int64
        /// Nil: no later than it was.
        var since: Int64?
    }

    /// - Returns: The numbers of pairs whose names were removed.
    func run(_ limits: HistoryLimits, at now: Int64) async throws -> Set<Int64> {
        guard let plan = try await pool.read({ db in try Self.plan(limits, at: now, db) }) else { return [] }
        // First of all: what is removed must not be told of.
        if let since = plan.since {
            try await pool.write { db in try db.execute(sql: "UPDATE recording SET since = ?", arguments: [since]) }
        }
        try await removeOthers(plan)
        if plan.since != nil { try await compact(upTo: plan.last) }
        return try await removeNames()
    }

    /// Rows are in the order in which they were written; their times are not where the clock was set back.
    private static func plan(_ limits: HistoryLimits, at now: Int64, _ db: Database) throws -> Plan? {
        guard let recording = try EventRows.recording(db) else { return nil }
        let cutoff = now - limits.age
        let ofAgents =
            try Int64.fetchOne(
                db, sql: "SELECT number FROM events WHERE kind = ? ORDER BY number DESC LIMIT 1 OFFSET ?",
                arguments: [EventRows.ofAgent, limits.events]) ?? 0
        // All before the first one that is young enough. What is of the future was written while the clock was ahead.
        let first = try Int64.fetchOne(
            db, sql: "SELECT min(number) FROM events WHERE pairs IS NOT NULL AND at BETWEEN ? AND ?", arguments: [cutoff, now])
        let newest = try Int64.fetchOne(db, sql: "SELECT max(number) FROM events") ?? 0
        let tooMany = try tooMany(limits, db)
        var plan = Plan(cutoff: cutoff, ofAgents: ofAgents, last: max(first.map { $0 - 1 } ?? newest, tooMany))
        var since = max(recording.since, cutoff)
        if tooMany > 0 {
            let time = try Int64.fetchOne(
                db, sql: "SELECT max(at) FROM events WHERE pairs IS NOT NULL AND number <= ? AND at <= ?", arguments: [tooMany, now])
            since = max(since, (time ?? now) + 1)
        }
        if let ahead = try Int64.fetchOne(
            db, sql: "SELECT max(number) FROM events WHERE pairs IS NOT NULL AND number <= ? AND at > ?", arguments: [plan.last, now])
        {
            // Of the times before it was set right again nothing is left.
            let right = try Int64.fetchOne(
                db, sql: "SELECT at FROM events WHERE kind = ? AND number > ? ORDER BY number LIMIT 1",
                arguments: [EventRows.recordingBegan, ahead])
            since = max(since, right ?? now)
        }
        plan.since = since > recording.since ? since : nil
        return plan
    }

    /// The last row beyond the limits; 0 where all are within them.
    private static func tooMany(_ limits: HistoryLimits, _ db: Database) throws -> Int64 {
        let (rows, pairs) =
            try Row.fetchOne(db, sql: "SELECT count(*) AS rows, sum(pair_count) AS pairs FROM events WHERE pairs IS NOT NULL")
            .map { ($0["rows"] as Int, $0["pairs"] as Int? ?? 0) } ?? (0, 0)
        guard rows > limits.events || pairs > limits.pairChanges else { return 0 }
        let cursor = try Row.fetchCursor(
            db, sql: "SELECT number, pair_count FROM events WHERE pairs IS NOT NULL ORDER BY number DESC")
        // To three quarters: not again for each that comes.
        var (moreRows, morePairs) = (limits.events / 4 * 3, limits.pairChanges / 4 * 3)
        while let row = try cursor.next() {
            moreRows -= 1
            morePairs -= row["pair_count"] as Int
            if moreRows < 0 || morePairs < 0 { return row["number"] }
        }
        return 0
    }

    /// Events that are not of verdicts. Where the times begin that are told of, it stays known which run of the coordinator they are of.
    private func removeOthers(_ plan: Plan) async throws {
        var removed: Int
        repeat {
            removed = try await pool.write { db in
                try db.execute(
                    sql: """
                        DELETE FROM events WHERE number IN (SELECT number FROM events WHERE pairs IS NULL
                            AND (kind = :agent AND number <= :agents OR at < :cutoff AND (kind <> :began OR number <
                                (SELECT max(number) FROM events WHERE kind = :began AND at < :cutoff)))
                            LIMIT :portion)
                        """,
                    arguments: [
                        "agent": EventRows.ofAgent, "agents": plan.ofAgents, "cutoff": plan.cutoff, "began": EventRows.recordingBegan,
                        "portion": Self.portion,
                    ])
                return db.changesCount
            }
        } while removed == Self.portion
    }

    private struct Part: Sendable {
        var number: Int64
        var isEnd: Bool
        var pairs: [Int64]
    }

    private func parts(before number: Int64) async throws -> [Part] {
        try await pool.read { db in
            try Row.fetchAll(
                db, sql: "SELECT number, kind, pairs FROM events WHERE pairs IS NOT NULL AND number < ? ORDER BY number DESC LIMIT ?",
                arguments: [number, Self.portion]
            ).map { row in
                Part(
                    number: row["number"], isEnd: row["kind"] as String == EventRows.verdictsEnded,
                    pairs: PairNumbers.decode(row["pairs"] as Data))
            }
        }
    }

    /// Of the rows up to this one, each pair stays in its last one only.
    private func compact(upTo last: Int64) async throws {
        var seen: Set<Int64> = []
        var next = last + 1
        while true {
            let parts = try await parts(before: next)
            guard let end = parts.last else { return }
            next = end.number
            let changed = parts.compactMap { part -> Part? in
                var left = part
                left.pairs.removeAll { !seen.insert($0).inserted }
                // Pairs that are no more need no row to say so.
                if left.isEnd { left.pairs = [] }
                return left.pairs.count < part.pairs.count || left.pairs.isEmpty ? left : nil
            }
            guard !changed.isEmpty else { continue }
            try await pool.write { db in
                for part in changed {
                    if part.pairs.isEmpty {
                        try db.execute(sql: "DELETE FROM events WHERE number = ?", arguments: [part.number])
                    } else {
                        try db.execute(
                            sql: "UPDATE events SET pairs = ?, pair_count = ? WHERE number = ?",
                            arguments: [Data(PairNumbers.encode(part.pairs)), part.pairs.count, part.number])
                    }
                }
            }
        }
    }

    /// Names of pairs that no row names.
    private func removeNames() async throws -> Set<Int64> {
        var unused = try await pool.read { db in Set(try Int64.fetchAll(db, sql: "SELECT number FROM pairs")) }
        var next = Int64.max
        while !unused.isEmpty {
            let parts = try await parts(before: next)
            guard let end = parts.last else { break }
            next = end.number
            for part in parts { unused.subtract(part.pairs) }
        }
        var rest = Array(unused)[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(Self.portion))
            rest = rest.dropFirst(part.count)
            try await pool.write { db in
                for number in part { try db.cachedStatement(sql: "DELETE FROM pairs WHERE number = ?").execute(arguments: [number]) }
            }
        }
        return unused
    }
}
