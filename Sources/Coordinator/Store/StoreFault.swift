import GRDB

/// Why a database is not to be built upon: nothing is changed in it, and agents and admins are served what it has.
package enum StoreFault: Error, Hashable, Sendable {
    /// Fewer revisions than were committed: an old copy of the file, or one without its log.
    case wentBack(file: String, revision: UInt64, committed: UInt64)
    /// Another database than the one to which the last revision was committed.
    case replaced(file: String, revision: UInt64, committed: UInt64)
    /// SQLite's own words.
    case damaged([String])

    init?(found: CommitMark, marked: CommitMark, file: String) {
        if found.epoch != marked.epoch {
            guard marked.revision > 0 else { return nil }
            self = .replaced(file: file, revision: found.revision, committed: marked.revision)
        } else {
            guard found.revision < marked.revision else { return nil }
            self = .wentBack(file: file, revision: found.revision, committed: marked.revision)
        }
    }

    package var code: String {
        switch self {
        case .wentBack: "database-went-back"
        case .replaced: "database-replaced"
        case .damaged: "database-damaged"
        }
    }

    package var reason: String {
        switch self {
        case .wentBack(let file, let revision, let committed):
            "\(file) is at revision \(revision), but revision \(committed) was committed to it: it is an old copy, or was copied without its "
                + "-wal file; changes are refused"
        case .replaced(let file, let revision, let committed):
            "\(file) is a different database (at revision \(revision)) from the one with revision \(committed); changes are refused"
        case .damaged(let complaints):
            "the database is damaged (\(complaints.first ?? "")\(complaints.count > 1 ? ", and more" : "")); changes are refused"
        }
    }

    package var remedy: String {
        switch self {
        case .wentBack(let file, _, _), .replaced(let file, _, _):
            "stop fed-coordinator and restore the newest backup, or this file: "
                + "fed-coordinator restore BACKUP --database \(file) --replace"
        case .damaged:
            "stop fed-coordinator and restore the newest backup: fed-coordinator restore BACKUP --database FILE --replace"
        }
    }
}

/// SQLite's own look at all pages of a database.
enum IntegrityCheck {
    /// What is wrong, ten things at most; none where it is whole.
    @Sendable static func complaints(_ db: Database) throws -> [String] {
        do {
            return try String.fetchAll(db, sql: "PRAGMA quick_check(10)").filter { $0 != "ok" }.map { String($0.prefix(200)) }
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
            return [error.message ?? "\(error.resultCode)"]
        }
    }
}
