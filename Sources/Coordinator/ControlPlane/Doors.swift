import FederationAPI
import FederationModel
import Verification

// The doors of the control plane: each caller sees what it needs, and only the server, which hands out the doors, sees the whole.

/// What is in force, what was, and who tried what.
package protocol RevisionReading: Sendable {
    /// Revision and pending commit as of one moment.
    var inForce: InForce { get }
    /// A revision that was in force once, as it is stored. Number 0 is the empty federation before the first apply.
    /// - Throws: `Refusal.noRevision`
    func record(of number: UInt64) async throws -> RevisionRecord
    /// The same, compiled: of a large federation that is work.
    /// - Throws: `Refusal.noRevision`, `Refusal.busy`
    func revision(_ number: UInt64) async throws -> Revision
    /// Summaries, the newest first.
    /// - Parameter before: only revisions with lower numbers; nil: all.
    func history(before: UInt64?, limit: Int) async throws -> [RevisionSummary]
    /// Entries, the newest first.
    /// - Parameter before: only entries with lower numbers; nil: all.
    func audit(before: UInt64?, limit: Int) async throws -> [AuditEntry]
}

/// What gateways hold, say and do.
package protocol GatewayReading: Sendable {
    /// Gateways whose agents have a session.
    var connected: Set<GatewayID> { get }
    /// What is remembered of agents.
    var records: [GatewayID: AgentRecord] { get }
    /// What gateways reported, as it is to be believed now.
    func observations() -> [GatewayID: GatewayObservation]
    /// The judgement of this moment, by VPN, origin and viewer.
    func verdicts(_ selection: FederationSelection) -> [PairVerdict]
    /// All that verdicts are made of at this moment, and the revision that its intents are of.
    func inputs() -> (revision: Revision, inputs: VerificationInputs)
    /// What an outage would do to the pairs as they are now.
    func impacts(of outage: Outage) -> [Impact]
    /// One pair, step by step, as of this moment.
    func explanation(_ question: PairQuestion) throws(PairQuestionError) -> PairExplanation
    /// The proof of this moment, and the revision whose intents were compared.
    /// - Parameter selection: nil: all VPNs.
    func isolation(of selection: Set<VPNName>?) -> (revision: Revision, proof: IsolationProof)
    /// What all verdicts come to (`FederationEvent.verdicts`), and everything that happens after that.
    func watch(_ selection: FederationSelection) -> AsyncThrowingStream<FederationEvent, any Error>
}

/// What was seen and done.
package protocol PastReading: Sendable {
    /// What was written down of what happened, up to now.
    func events(_ request: EventRequest) async throws -> EventLog
    /// The verdicts of a time that is written down.
    /// - Throws: `AdminRefusal` where it is not.
    func verdicts(at time: Int64) async throws -> PastVerdicts
}

/// What admins change.
package protocol FederationChanges: Sendable {
    func plan(text: String, fileName: String, yesRemove: Int) async throws -> ChangeResult
    func plan(rollbackTo number: UInt64, yesRemove: Int) async throws -> ChangeResult
    func apply(_ order: ApplyOrder, by author: Principal) async throws -> ChangeResult
    func rollback(_ order: RollbackOrder, by author: Principal) async throws -> ChangeResult
    func confirm(_ number: UInt64?, by author: Principal) async throws -> UInt64
    func reserve(
        _ reservation: Reservation, _ terms: ChangeConditions, rehearsing isRehearsal: Bool, by author: Principal
    ) async throws -> LedgerOutcome
    func release(
        _ values: Reservation.Values, _ terms: ChangeConditions, rehearsing isRehearsal: Bool, by author: Principal
    ) async throws -> LedgerOutcome
    func unpin(
        _ selector: AttachmentSelector, of cloud: CloudName, rehearsing isRehearsal: Bool, by author: Principal
    ) async throws -> Unpinning
}

/// What the coordinator changes by itself.
package protocol AutomaticChanges: Sendable {
    var inForce: InForce { get }
    /// Another number whenever agents have applied or refused anything.
    var acknowledgements: UInt64 { get }
    /// Rolls a pending commit back whose time is over.
    func rollBackIfUnconfirmed() async
    /// Takes VNI changes a step on whose agents are ready.
    /// - Returns: false where it is to be tried again though nothing changed.
    func advanceVNIChanges() async -> Bool
}

/// Where agents' sessions take place.
package protocol AgentSessionHost: Sendable {
    var limits: AgentBudget.Limits { get }
    /// Milliseconds since 1970.
    var clock: @Sendable () -> Int64 { get }
    /// A gateway begins a call; whoever enters leaves.
    func enter(_ gateway: GatewayID) throws(BudgetBreach)
    func leave(_ gateway: GatewayID)
    /// An agent says who it is and what it holds.
    func begin(_ gateway: GatewayID, hello: Hello) -> AgentSession
    /// An agent says something after its Hello.
    /// - Throws: where the session cannot be gone on with.
    func receive(_ message: AgentMessage, in session: AgentSession) throws
    /// The next message for the agent; nil where it knows everything.
    func next(for session: AgentSession) -> CoordinatorMessage?
    func end(_ session: AgentSession, reason: String)
}

/// The database as a whole.
package protocol DatabaseCare: Sendable {
    /// Looks at the store, reading all of it.
    func checkStore() async
    /// Copies it as it is at one moment: the header, then the data.
    func backup(by author: Principal, _ send: (BackupPart) async throws -> Void) async throws
    /// Lets agents take it in place of those that it was restored from.
    func adopt(rehearsing isRehearsal: Bool, by author: Principal) async throws -> Adoption
}
