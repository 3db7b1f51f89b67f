import FederationModel

/// What must survive: revisions, allocations, the pending commit, who did what, and what is remembered of agents.
/// What it says is done is on disk.
package protocol Store: Sendable {
    /// The revision in force; number 0 before the first apply.
    func latest() async throws -> Revision

    /// The revision in force as a pending commit; nil where there is none.
    func pendingCommit() async throws -> PendingCommit?

    /// Makes the next revision in one transaction: compares the revision in force with the one that the draft was made
    /// from, and writes the draft with its ledger. Returns once it is durable; whatever is thrown, nothing was changed.
    ///
    /// - Parameter base: the revision that the draft was made from. If another one is in force now, `StoreError.conflict`
    ///   is thrown: nobody overwrites what he has not seen, and no allocation is made from an old ledger. While a
    ///   revision awaits confirmation, `StoreError.awaitingConfirmation` is thrown for drafts that do not end that.
    func commit(_ draft: RevisionDraft, on base: UInt64) async throws -> Revision

    /// Confirms a pending commit: the revision stays.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Throws: `StoreError.nothingPending` where that revision is not, or not any more.
    func confirm(_ revision: UInt64, by author: String, at now: Int64) async throws

    /// A revision that was in force once, with the ledger of then; nil where there is none of that number. Number 0 is there always.
    func revision(_ number: UInt64) async throws -> Revision?

    /// Summaries, the newest first.
    /// - Parameter before: only revisions with lower numbers; nil: all.
    func history(before: UInt64?, limit: Int) async throws -> [RevisionSummary]

    /// Writes down what changed nothing. What changed something is written down with the change.
    /// - Parameter entry: its number is the store's.
    func record(_ entry: AuditEntry) async throws

    /// Entries, the newest first.
    /// - Parameter before: only entries with lower numbers; nil: all.
    func audit(before: UInt64?, limit: Int) async throws -> [AuditEntry]

    /// Every agent that was ever heard.
    func agents() async throws -> [AgentRecord]

    func save(_ agents: [AgentRecord]) async throws

    /// What the names of attachments mean, sorted.
    func pins() async throws -> [CloudName: [AttachmentPin]]

    func save(_ changes: AttachmentPins.Changes) async throws

    /// Removes what is remembered of these gateways' agents.
    func forget(_ gateways: Set<GatewayID>) async throws

    /// Why nothing may be changed; nil where all is well, as far as was looked.
    var fault: StoreFault? { get }

    /// Reads all that is stored and sees whether it is whole. What is found is `fault` from then on.
    func check() async throws

    /// Databases that this one was restored from, the latest first.
    func successions() async throws -> [Succession]

    /// This database takes the place of all that it was restored from.
    /// - Parameter now: milliseconds since 1970.
    func adopt(by author: String, at now: Int64) async throws

    /// A directory for our eyes only, with room for what is stored.
    var directory: String { get }

    /// Writes all that is stored, as it is at one moment, into a new file (0600), and checks it there.
    /// - Throws: also where the file exists.
    func backup(to path: String) async throws -> StoreContents
}

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
            "revision \(current) is in force, not \(base) on which this was based; look at what changed and apply again"
        case .awaitingConfirmation(let pendingCommit):
            "revision \(pendingCommit.revision) of \(pendingCommit.author) waits for its confirmation; confirm it or go back first"
        case .nothingPending(let revision, let current):
            "revision \(revision) does not wait for a confirmation, and revision \(current) is in force; see the history"
        case .wrongFederation(let file, let stored, let wanted):
            "\(file) holds federation \(stored), and our certificate is of federation \(wanted); give the right file or certificate"
        case .inUse(let file):
            "\(file) is in use by another process; one coordinator at a time may have it"
        case .damaged(let what):
            "the database is damaged: \(what); restore it from a backup"
        case .severalNames(let file, let count):
            "\(file) has \(count) names (hard links), and SQLite finds its log by one of them only; remove the others: "
                + "find its directory -samefile \(file)"
        case .vanished(let file, let mark):
            "\(file) is empty or missing, and revision \(mark.revision) was committed there; put it back with its -wal file, or restore a "
                + "backup: fed-coordinator restore BACKUP --database \(file); to begin an empty federation instead: rm \(file).mark"
        case .faulty(let fault): "\(fault.reason); \(fault.remedy)"
        case .inaccessible(let file, let reason):
            "\(file): \(reason)"
        }
    }
}
