import FederationAPI
import FederationModel
import Verification

/// What must survive: revisions, allocations, the pending commit, who did what, and what is remembered of agents.
/// What it says is done is on disk. It keeps what it is given and gives it back; what that means is for others to say.
package protocol Store: Sendable {
    /// The revision in force, number 0 before the first apply, and whether it awaits confirmation: both as of one moment.
    func inForce() async throws -> (revision: RevisionRecord, pendingCommit: PendingCommit?)

    /// Makes a revision the next one in one transaction, with its ledger, and writes down who did. Returns once it is durable; whatever is
    /// thrown, nothing was changed.
    ///
    /// - Parameters:
    ///   - next: its number is one more than that of the revision that it was made from. If another one than that is in force,
    ///     `StoreError.conflict` is thrown: nobody overwrites what he has not seen, and no allocation is made from an old ledger. So it is for
    ///     a revision of another database. While a revision awaits confirmation, `StoreError.awaitingConfirmation` is thrown for those that do
    ///     not end that.
    ///   - deadline: when it is rolled back unless it is confirmed, in milliseconds since 1970; nil: it stays.
    /// - Returns: what awaits confirmation now.
    func commit(_ next: RevisionRecord, until deadline: Int64?) async throws -> PendingCommit?

    /// Confirms a pending commit: the revision stays.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Throws: `StoreError.nothingPending` where that revision is not, or not any more.
    func confirm(_ revision: UInt64, by author: Principal, at now: Int64) async throws

    /// A revision that was in force once, with the ledger of then; nil where there is none of that number. Number 0 is there always.
    func revision(_ number: UInt64) async throws -> RevisionRecord?

    /// Summaries, the newest first.
    /// - Parameter before: only revisions with lower numbers; nil: all.
    func history(before: UInt64?, limit: Int) async throws -> [RevisionSummary]

    /// Writes down what changed nothing. What changed something is written down with the change.
    /// - Parameter entry: its number is the store's.
    func record(_ entry: AuditEntry) async throws

    /// Entries, the newest first.
    /// - Parameter before: only entries with lower numbers; nil: all.
    func audit(before: UInt64?, limit: Int) async throws -> [AuditEntry]

    /// Writes events down, in one transaction, and that all that happened until now is written. One caller at a time.
    ///
    /// - Parameters:
    ///   - events: each change of verdicts with all its pairs.
    ///   - now: until when all is written, in milliseconds since 1970; nil: until when it was.
    func append(_ events: [FederationEvent], until now: Int64?) async throws

    /// Of which time anything is written down; nil: nothing is.
    func recording() async throws -> Recording?

    func events(_ request: EventRequest) async throws -> EventLog

    /// The verdicts of a time, as far as they are written down.
    /// - Parameter time: milliseconds since 1970, not before what is recorded.
    func verdicts(at time: Int64) async throws -> PastVerdicts

    /// The verdicts that were written down last.
    func lastVerdicts() async throws -> [PairName: Judgement]

    /// Removes what is more than is to be kept, in short transactions. Not while `append` runs.
    /// - Parameter now: milliseconds since 1970.
    func prune(_ limits: HistoryLimits, at now: Int64) async throws

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
    func adopt(by author: Principal, at now: Int64) async throws

    /// A directory for our eyes only, with room for what is stored.
    var directory: String { get }

    /// Writes all that is stored, as it is at one moment, into a new file (0600), and checks it there.
    /// - Throws: also where the file exists.
    func backup(to path: String) async throws -> StoreContents

    /// Lets go of what is stored, so that another one can open it; what is asked afterwards fails.
    func close() async throws
}
