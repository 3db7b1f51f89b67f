import FederationAPI
import FederationModel

/// Why a store did not do it. Nothing was changed.
package enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Somebody else applied meanwhile.
    case conflict(base: UInt64, current: UInt64)
    /// A revision waits for its confirmation, and this change would not end that.
    case awaitingConfirmation(PendingCommit)
    /// There is nothing to confirm; `current` is in force.
    case nothingPending(revision: UInt64, current: UInt64)
    /// The database is another federation's.
    case wrongFederation(file: String, stored: FederationID, wanted: FederationID)
    /// Another process has the database open.
    case inUse(file: String)
    /// What is stored cannot be understood.
    case damaged(String)
    /// The file has hard links.
    case severalNames(file: String, count: Int)
    /// There was a database, and now there is none.
    case vanished(file: String, mark: CommitMark)
    /// What is stored is not to be built upon.
    case faulty(StoreFault)
    /// The directory or file cannot be made or opened.
    case inaccessible(file: String, reason: String)

    package var description: String {
        switch self {
        case .conflict(let base, let current):
            "revision \(current) is in force, but this is based on revision \(base); look at what changed and apply again"
        case .awaitingConfirmation(let pendingCommit):
            "revision \(pendingCommit.revision) of \(pendingCommit.author) awaits confirmation; confirm it or roll back first"
        case .nothingPending(let revision, let current):
            "revision \(revision) does not await confirmation, revision \(current) is in force; see the history"
        case .wrongFederation(let file, let stored, let wanted):
            "\(file) holds federation \(stored), but our certificate is for federation \(wanted); use the right file or certificate"
        case .inUse(let file):
            "\(file) is in use by another process; only one coordinator may use it"
        case .damaged(let what):
            "the database is damaged: \(what); restore it from a backup"
        case .severalNames(let file, let count):
            "\(file) has \(count) hard links, but SQLite finds its log by only one name; remove the others: "
                + "find its directory -samefile \(file)"
        case .vanished(let file, let mark):
            "\(file) is empty or missing, but revision \(mark.revision) was committed there; put it back with its -wal file, or restore a "
                + "backup: fed-coordinator restore BACKUP --database \(file); to begin an empty federation instead: rm \(file).mark"
        case .faulty(let fault): "\(fault.reason); \(fault.remedy)"
        case .inaccessible(let file, let reason):
            "\(file): \(reason)"
        }
    }
}
