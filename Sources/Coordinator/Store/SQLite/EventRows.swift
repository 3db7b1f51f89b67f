import FederationAPI
import FederationModel
import Foundation
import GRDB
import Verification

/// What happened, in its tables.
///
/// A change of verdicts is one row for all pairs of which the same became the same, which are a list of numbers: what a dead gateway makes
/// of 100,000 pairs takes 20 rows. The verdicts of a time are what the rows up to then come to, in the order in which they were written: where the
/// machine’s clock was set back between two runs of the coordinator, later rows have earlier times.
enum EventRows {
    static func insert(_ event: FederationEvent, pairs: [Int64]?, _ db: Database) throws {
        var event = event.bounded
        var kind = event.isOfAgent ? ofAgent : "revision"
        if case .recordingBegan = event.kind { kind = recordingBegan }
        if case .verdictsChanged(var transition) = event.kind {
            kind = transition.after == nil ? verdictsEnded : verdicts
            transition.pairs = []
            event.kind = .verdictsChanged(transition)
        }
        try db.cachedStatement(sql: "INSERT INTO events (at, kind, event, pairs, pair_count) VALUES (?, ?, ?, ?, ?)").execute(
            arguments: [event.at, kind, try event.stored, pairs.map { Data(PairNumbers.encode($0)) }, pairs?.count ?? 0])
    }

    static let verdicts = "verdicts"
    /// Of pairs that are no more.
    static let verdictsEnded = "verdicts-ended"
    static let recordingBegan = "recording-began"
    static let ofAgent = "agent"

    // MARK: Recording

    static func recording(_ db: Database) throws -> Recording? {
        try Row.fetchOne(db, sql: "SELECT since, until FROM recording").map { Recording(since: $0["since"], until: $0["until"]) }
    }

    /// - Parameter until: nil: it is not known to be all.
    static func note(_ events: [FederationEvent], until: Int64?, _ db: Database) throws {
        var known: Recording
        if let former = try recording(db) {
            known = former
            for event in events {
                // A run that begins before the end of the one before it: the clock was set back.
                guard case .recordingBegan = event.kind else { continue }
                known.since = min(known.since, event.at)
                known.until = min(known.until, event.at)
            }
            if let until { known.until = until }
        } else {
            guard let first = [events.lazy.map(\.at).min(), until].compactMap(\.self).min() else { return }
            known = Recording(since: first, until: until ?? first)
        }
        try db.execute(
            sql: """
                INSERT INTO recording (id, since, until) VALUES (1, ?, ?)
                ON CONFLICT (id) DO UPDATE SET since = excluded.since, until = excluded.until
                """, arguments: [known.since, known.until])
    }

    /// Of the run of the coordinator that a time is of, the number of its first row, and that of the next run. Of several runs that had this
    /// time it is the last one.
    private static func run(at time: Int64, _ db: Database) throws -> (first: Int64, next: Int64) {
        let first = try Int64.fetchOne(
            db, sql: "SELECT max(number) FROM events WHERE kind = ? AND at <= ?", arguments: [recordingBegan, time])
        let next = try Int64.fetchOne(
            db, sql: "SELECT min(number) FROM events WHERE kind = ? AND number > ?", arguments: [recordingBegan, first ?? 0])
        return (first ?? 0, next ?? .max)
    }

    // MARK: Pairs

    static func number(of pair: PairName, _ db: Database) throws -> Int64 {
        try db.cachedStatement(sql: "INSERT INTO pairs (vpn, origin, viewer) VALUES (?, ?, ?)").execute(
            arguments: [pair.vpn.text, pair.origin.text, pair.viewer.text])
        return db.lastInsertedRowID
    }

    static func numbers(_ db: Database) throws -> [PairName: Int64] {
        var numbers: [PairName: Int64] = [:]
        let rows = try Row.fetchCursor(db, sql: "SELECT number, vpn, origin, viewer FROM pairs")
        while let row = try rows.next() { numbers[name(row)] = row["number"] }
        return numbers
    }

    static func name(_ row: Row) -> PairName {
        PairName(
            vpn: VPNName(unchecked: row["vpn"]), origin: CloudName(unchecked: row["origin"]), viewer: CloudName(unchecked: row["viewer"]))
    }

    /// Those that are asked for; nil: all.
    static func numbers(of request: EventRequest, _ db: Database) throws -> Set<Int64>? {
        guard request.isChoice else { return nil }
        return try Set(
            Int64.fetchAll(
                db,
                sql: "SELECT number FROM pairs WHERE vpn = ifnull(?, vpn) AND origin = ifnull(?, origin) AND viewer = ifnull(?, viewer)",
                arguments: [request.vpn?.text, request.origin?.text, request.viewer?.text]))
    }

    // MARK: Reading

    static func fetch(_ request: EventRequest, _ db: Database) throws -> EventLog {
        let keptSince = try recording(db)?.since ?? 0
        let chosen = try numbers(of: request, db)
        let rows = try Row.fetchCursor(
            db, sql: "SELECT event, pairs FROM events WHERE at >= ? ORDER BY number DESC",
            arguments: [max(keptSince, request.since ?? 0)])
        var log = EventLog(events: [], more: false, keptSince: keptSince)
        while let row = try rows.next() {
            var pairs: [Int64] = []
            if let bytes: Data = row["pairs"] {
                pairs = PairNumbers.decode(bytes)
                if let chosen { pairs.removeAll { !chosen.contains($0) } }
                guard !pairs.isEmpty else { continue }
            }
            guard var event = FederationEvent(stored: row["event"]) else { continue }
            if case .verdictsChanged(var transition) = event.kind {
                transition.pairCount = pairs.count
                transition.pairs = try pairs.prefix(request.mostPairs).compactMap { number in
                    try Row.fetchOne(db, sql: "SELECT vpn, origin, viewer FROM pairs WHERE number = ?", arguments: [number]).map(name)
                }
                event.kind = .verdictsChanged(transition)
            } else if request.part(of: event.kind) == nil {
                continue
            }
            guard log.events.count < request.limit else {
                log.more = true
                break
            }
            log.events.append(event)
        }
        log.events.reverse()
        return log
    }

    /// For each pair that had a verdict then, the row that made it.
    /// - Parameter time: nil: now.
    static func places(at time: Int64?, _ db: Database) throws -> [Int64: Int64] {
        // By number of pair; they are dense.
        var last: [Int64] = []
        let now: (first: Int64, next: Int64) = (.max, .max)
        let place = try time.map { try run(at: $0, db) } ?? now
        // Of one pair the rows of a run are in the order of time; of several pairs they are not.
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT number, kind, pairs FROM events WHERE pairs IS NOT NULL AND (number < ? OR number < ? AND at <= ?)
                ORDER BY number
                """, arguments: [place.first, place.next, time ?? .max])
        while let row = try rows.next() {
            let isEnd = row["kind"] as String == verdictsEnded
            let number: Int64 = isEnd ? 0 : row["number"]
            for pair in PairNumbers.decode(row["pairs"] as Data) {
                if Int(pair) >= last.count { last += repeatElement(0, count: Int(pair) + 1024 - last.count) }
                last[Int(pair)] = number
            }
        }
        return Dictionary(
            uniqueKeysWithValues: last.enumerated().lazy.filter { $0.element > 0 }.map { (Int64($0.offset), $0.element) })
    }

    /// The verdicts that there were then, sorted.
    static func verdicts(at time: Int64?, _ db: Database) throws -> [PastVerdicts.Pair] {
        let places = try places(at: time, db)
        var told: [Int64: (at: Int64, judgement: Judgement)] = [:]
        for number in Set(places.values) {
            guard let row = try Row.fetchOne(db, sql: "SELECT at, event FROM events WHERE number = ?", arguments: [number]) else {
                continue
            }
            // What cannot be read is not known.
            var judgement = Judgement(state: .unknown)
            if case .verdictsChanged(let transition)? = FederationEvent(stored: row["event"])?.kind, let after = transition.after {
                judgement = after
            }
            told[number] = (row["at"], judgement)
        }
        var found: [PastVerdicts.Pair] = []
        let rows = try Row.fetchCursor(db, sql: "SELECT number, vpn, origin, viewer FROM pairs ORDER BY vpn, origin, viewer")
        while let row = try rows.next() {
            guard let place = places[row["number"]], let told = told[place] else { continue }
            found.append(.init(name: name(row), judgement: told.judgement, since: told.at))
        }
        return found
    }

    /// The time in which nothing was written down and that holds this one.
    static func gap(at time: Int64, _ db: Database) throws -> Range<Int64>? {
        let next = try run(at: time, db).next
        guard let row = try Row.fetchOne(db, sql: "SELECT event FROM events WHERE number = ?", arguments: [next]) else {
            return try recording(db).flatMap { $0.until < time ? $0.until..<time + 1 : nil }
        }
        guard let event = FederationEvent(stored: row["event"]), case .recordingBegan(let until?) = event.kind, until < time else {
            return nil
        }
        return until..<max(event.at, time + 1)
    }
}
