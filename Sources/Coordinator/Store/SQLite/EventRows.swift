import FederationAPI
import FederationModel
import Foundation
import GRDB
import Verification

/// What happened, in its tables.
///
/// A change of verdicts is one row for all pairs of which the same became the same, which are a list of numbers: what a dead gateway makes
/// of 100,000 pairs takes 20 rows. The verdicts of a time are what the rows up to then come to.
enum EventRows {
    static func insert(_ event: FederationEvent, pairs: [Int64]?, _ db: Database) throws {
        var event = event
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

    static func note(_ recording: Recording, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO recording (id, since, until) VALUES (1, ?, ?)
                ON CONFLICT (id) DO UPDATE SET until = max(until, excluded.until)
                """, arguments: [recording.since, recording.until])
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
            db, sql: "SELECT event, pairs FROM events WHERE at >= ? ORDER BY at DESC, number DESC",
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
        let rows = try Row.fetchCursor(
            db, sql: "SELECT number, kind, pairs FROM events WHERE pairs IS NOT NULL AND at <= ? ORDER BY at, number",
            arguments: [time ?? .max])
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
        if let until = try recording(db)?.until, until < time { return until..<time + 1 }
        let row = try Row.fetchOne(
            db, sql: "SELECT event FROM events WHERE kind = ? AND at > ? ORDER BY at LIMIT 1", arguments: [recordingBegan, time])
        guard let text: String = row?["event"], let event = FederationEvent(stored: text), case .recordingBegan(let until?) = event.kind,
            until < time
        else { return nil }
        return until..<event.at
    }
}
