import FederationModel
import Verification

/// What an admin does with a federation, as the coordinator does it (admin.proto). `AdminServer` brings the calls, `AdminClient` makes them.
///
/// Whoever refuses throws `AdminRefusal`; any other error is told as one that the coordinator could not help.
package protocol AdminService: Sendable {
    /// What would change. Changes nothing.
    func plan(_ request: PlanRequest) async throws -> ChangeResult
    func apply(_ order: ApplyOrder, by admin: Principal) async throws -> ChangeResult
    func rollback(_ order: RollbackOrder, by admin: Principal) async throws -> ChangeResult
    /// - Parameter revision: nil: whichever awaits confirmation.
    /// - Returns: the revision that stays.
    func confirm(_ revision: UInt64?, by admin: Principal) async throws -> UInt64
    func reserve(_ order: ReserveOrder, by admin: Principal) async throws -> LedgerOutcome
    func release(_ order: ReleaseOrder, by admin: Principal) async throws -> LedgerOutcome
    /// Has a name of the cloud looked for anew.
    /// - Parameter isRehearsal: nothing is changed.
    func unpin(_ selector: AttachmentSelector, of cloud: CloudName, isRehearsal: Bool, by admin: Principal) async throws -> Unpinning

    func history(_ page: PageRequest) async throws -> RevisionHistory
    func audit(_ page: PageRequest) async throws -> AuditTrail
    /// - Parameter revision: nil: the one in force.
    func file(of revision: UInt64?) async throws -> AppliedFile
    /// - Parameters:
    ///   - from: 0 is the empty federation before the first apply.
    ///   - to: nil: the revision in force.
    func comparison(from: UInt64, to: UInt64?) async throws -> RevisionComparison
    func ledger() async throws -> LedgerListing

    func status() async throws -> FederationStatus
    /// By gateway.
    func gateways(_ selection: FederationSelection) async throws -> [GatewayState]
    func verdicts(_ request: VerdictRequest) async throws -> VerdictAnswer
    /// All that verdicts are made of at this moment.
    func bundle() async throws -> VerificationBundle
    /// What an outage would do to the pairs.
    func impacts(of outage: Outage) async throws -> [Impact]
    /// One pair, both ways, step by step.
    func explanation(_ question: PairQuestion) async throws -> PairExplanation
    func isolation(_ order: IsolationOrder) async throws -> IsolationAnswer
    /// What was written down of what happened.
    func eventLog(_ request: EventRequest) async throws -> EventLog
    /// The verdicts of a former time.
    /// - Parameter time: milliseconds since 1970.
    func verdicts(at time: Int64, _ selection: FederationSelection) async throws -> PastVerdicts
    /// What happens from now on.
    /// - Parameter selection: the first event is `verdicts`, of these; nil: it is whatever happens first.
    func events(withVerdicts selection: FederationSelection?) async throws -> AsyncThrowingStream<FederationEvent, any Error>

    /// The whole database as it is at one moment: the header, then the data.
    func backup(by admin: Principal, _ send: (BackupPart) async throws -> Void) async throws
    /// Lets agents take a restored database in place of the one that it was a backup of.
    /// - Parameter isRehearsal: nothing is changed.
    func adopt(isRehearsal: Bool, by admin: Principal) async throws -> Adoption
}
