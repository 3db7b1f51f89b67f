import Federation
import FederationAPI
import FederationModel
import GRDB

/// Revisions in their two tables, and what is held in a third one.
enum RevisionRows {
    /// The number in force; 0 before the first apply.
    static func latest(_ db: Database) throws -> UInt64 { try UInt64.fetchOne(db, sql: "SELECT max(number) FROM revisions") ?? 0 }

    static func fetch(_ number: UInt64, of federation: FederationRow, _ db: Database) throws -> RevisionRecord? {
        guard number > 0 else { return .none(epoch: federation.epoch, federation: federation.name) }
        // SQLite's numbers have a sign, and an admin may ask for any.
        guard Int64(exactly: number) != nil,
            let row = try Row.fetchOne(db, sql: "SELECT * FROM revisions WHERE number = ?", arguments: [number])
        else { return nil }
        return RevisionRecord(
            summary: try summary(row), epoch: federation.epoch, federation: federation.name, contents: try ContentsRows.fetch(number, db))
    }

    /// The newest first.
    static func history(before: UInt64?, limit: Int, _ db: Database) throws -> [RevisionSummary] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM revisions WHERE number < ? ORDER BY number DESC LIMIT ?",
            arguments: [Int64(clamping: before ?? .max), limit]
        ).map(summary)
    }

    /// - Parameter former: The contents of the revision before it; nil: there is none.
    static func insert(_ record: RevisionRecord, after former: RevisionContents?, _ db: Database) throws {
        guard let contents = record.contents else { throw StoreError.damaged("revision \(record.number) has no contents") }
        let summary = record.summary
        let size = summary.size
        try db.execute(
            sql: """
                INSERT INTO revisions
                    (number, author, certificate, applied_at, message, origin, restores, added, changed, removed, gateways, gained, lost)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                summary.number, summary.author.description, summary.author.certificate, summary.appliedAt, summary.message,
                summary.origin.rawValue, summary.restores, size.added,
                size.changed, size.removed, size.gateways, size.gained, size.lost,
            ])
        if let delta = try ContentsRows.insert(contents, of: summary.number, after: former, db) {
            try hold(delta, since: summary.number, db)
        } else {
            try hold(record.held, since: summary.number, db)
        }
    }

    /// Writes what changed of what is held. What goes is removed first: others may take it over.
    private static func hold(_ delta: LedgerDelta, since number: UInt64, _ db: Database) throws {
        let changes = delta.holdings
        let delete = try db.makeStatement(sql: "DELETE FROM allocations WHERE kind = ? AND owner = ?")
        for change in changes { try delete.execute(arguments: [change.kind.rawValue, change.owner]) }
        let insert = try db.makeStatement(sql: "INSERT INTO allocations (kind, owner, value, revision) VALUES (?, ?, ?, ?)")
        for change in changes {
            guard let value = change.value else { continue }
            try insert.execute(arguments: [change.kind.rawValue, change.owner, value, number])
        }
    }

    /// What of the ledger belongs to whom.
    private struct Key: Hashable {
        var kind: String
        var owner: String
    }

    /// Writes what differs from what is held. What goes is removed first: others may take it over.
    private static func hold(_ entries: [LedgerEntry], since number: UInt64, _ db: Database) throws {
        var former: [Key: String] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT kind, owner, value FROM allocations") {
            former[Key(kind: row["kind"], owner: row["owner"])] = row["value"]
        }
        var wanted: [Key: String] = [:]
        for entry in entries {
            let key = Key(kind: entry.kind.rawValue, owner: entry.owner ?? "")
            // Two values of one owner would be lost in the dictionary, and the table's key would not see it.
            guard wanted.updateValue(entry.value, forKey: key) == nil else {
                throw StoreError.damaged("\(key.owner) has two values of kind \(key.kind)")
            }
        }
        let delete = try db.makeStatement(sql: "DELETE FROM allocations WHERE kind = ? AND owner = ?")
        for (key, value) in former where wanted[key] != value { try delete.execute(arguments: [key.kind, key.owner]) }
        let insert = try db.makeStatement(sql: "INSERT INTO allocations (kind, owner, value, revision) VALUES (?, ?, ?, ?)")
        for (key, value) in wanted where former[key] != value { try insert.execute(arguments: [key.kind, key.owner, value, number]) }
    }

    private static func summary(_ row: Row) throws -> RevisionSummary {
        var size = ChangeSize()
        size.added = row["added"]
        size.changed = row["changed"]
        size.removed = row["removed"]
        size.gateways = row["gateways"]
        size.gained = row["gained"]
        size.lost = row["lost"]
        return RevisionSummary(
            number: row["number"], author: try Principal(row), appliedAt: row["applied_at"], message: row["message"],
            origin: RevisionOrigin(rawValue: row["origin"]),
            restores: row["restores"], size: size)
    }
}

/// The one row that says whose database it is.
struct FederationRow {
    var name: FederationID
    var epoch: String

    static func fetch(_ db: Database) throws -> FederationRow? {
        guard let row = try Row.fetchOne(db, sql: "SELECT name, epoch FROM federation WHERE id = 1") else { return nil }
        guard let name = FederationID(row["name"] as String) else { throw StoreError.damaged("its federation has no name") }
        return FederationRow(name: name, epoch: row["epoch"])
    }

    static func required(_ db: Database) throws -> FederationRow {
        guard let row = try fetch(db) else { throw StoreError.damaged("it does not say of which federation it is") }
        return row
    }
}
