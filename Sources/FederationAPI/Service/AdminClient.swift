import Crypto
import FederationModel
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import Verification

/// The coordinator, as an admin asks it. Each answer takes ten seconds at most, or the call fails.
///
/// Every call throws `CallFailure` where there is no answer, and whatever the closure throws that it was given.
package struct AdminClient: Sendable {
    /// How long an answer may take; a backup and events take their time.
    package static let patience = Duration.seconds(10)

    private let service: WireAdminService.Client<HTTP2ClientTransport.Posix>
    private let options: CallOptions
    private let endpoint: Endpoint
    private let trouble: ConnectionTrouble?

    /// - Parameters:
    ///   - endpoint: the client's, for those who read why a call failed.
    ///   - trouble: what the connection knows of itself.
    ///   - isPatient: a call waits for the connection, and as long as it takes.
    package init(
        wrapping client: GRPCClient<HTTP2ClientTransport.Posix>, at endpoint: Endpoint, limits: TransportLimits = TransportLimits(),
        trouble: ConnectionTrouble? = nil, isPatient: Bool = false
    ) {
        service = WireAdminService.Client(wrapping: client)
        var options = limits.callOptions(waitForReady: isPatient)
        if !isPatient { options.timeout = Self.patience }
        self.options = options
        self.endpoint = endpoint
        self.trouble = trouble
    }

    /// Connects, as long as `body` runs.
    package static func with<Result: Sendable>(
        _ endpoint: Endpoint, credentials: Credentials, log: Logger, _ body: @Sendable (AdminClient) async throws -> Result
    ) async throws -> Result {
        let secure = try SecureClient(connect: endpoint, credentials: credentials, log: log)
        // A connection that is still being made when we are done must not keep us.
        return try await withThrowingTaskGroup(of: Void.self) { group in
            let client = GRPCClient(transport: secure.transport)
            group.addTask { try await client.runConnections() }
            defer {
                client.beginGracefulShutdown()
                group.cancelAll()
            }
            return try await body(AdminClient(wrapping: client, at: endpoint, trouble: secure.trouble))
        }
    }

    // MARK: What changes the federation

    package func plan(_ request: PlanRequest) async throws -> ChangeResult {
        try await call {
            try await service.plan(WirePlanRequest(request), options: options) { response in
                var result: ChangeResult?
                for try await message in response.messages {
                    if result == nil { result = try ChangeResult(message) } else { try result?.append(message) }
                }
                guard let result else { throw ConversionError(field: "plan", reason: "missing") }
                return result
            }
        }
    }

    package func apply(_ order: ApplyOrder) async throws -> ChangeResult {
        try await call { try ChangeResult(try await service.apply(WireApplyRequest(order), options: options)) }
    }

    package func rollback(_ order: RollbackOrder) async throws -> ChangeResult {
        try await call { try ChangeResult(try await service.rollback(WireRollbackRequest(order), options: options)) }
    }

    /// - Parameter revision: nil: whichever awaits confirmation.
    /// - Returns: the revision that stays.
    package func confirm(_ revision: UInt64? = nil) async throws -> UInt64 {
        var request = WireConfirmRequest()
        if let revision { request.revision = revision }
        return try await call { [request] in try await service.confirm(request, options: options).revision }
    }

    package func reserve(_ order: ReserveOrder) async throws -> LedgerOutcome {
        try await call { LedgerOutcome(try await service.reserve(WireReserveRequest(order), options: options)) }
    }

    package func release(_ order: ReleaseOrder) async throws -> LedgerOutcome {
        try await call { LedgerOutcome(try await service.release(WireReleaseRequest(order), options: options)) }
    }

    // MARK: What is and was

    package func history(_ page: PageRequest = .init()) async throws -> RevisionHistory {
        var request = WireGetHistoryRequest()
        request.before = page.before ?? 0
        request.limit = UInt32(clamping: page.limit ?? 0)
        return try await call { [request] in try RevisionHistory(try await service.getHistory(request, options: options)) }
    }

    package func audit(_ page: PageRequest = .init()) async throws -> AuditTrail {
        var request = WireGetAuditRequest()
        request.before = page.before ?? 0
        request.limit = UInt32(clamping: page.limit ?? 0)
        return try await call { [request] in try AuditTrail(try await service.getAudit(request, options: options)) }
    }

    /// - Parameter revision: nil: the one in force.
    package func file(of revision: UInt64? = nil) async throws -> AppliedFile {
        var request = WireGetGraphRequest()
        request.revision = revision ?? 0
        return try await call { [request] in try AppliedFile(try await service.getGraph(request, options: options)) }
    }

    /// - Parameter to: nil: the revision in force.
    package func comparison(from: UInt64, to: UInt64? = nil) async throws -> RevisionComparison {
        var request = WireDiffRequest()
        request.from = from
        request.to = to ?? 0
        return try await call { [request] in
            try await service.diff(request, options: options) { response in
                var comparison: RevisionComparison?
                for try await message in response.messages {
                    if comparison == nil {
                        comparison = try RevisionComparison(message)
                    } else {
                        try comparison?.plan.append(message.plan)
                    }
                }
                guard let comparison else { throw ConversionError(field: "plan", reason: "missing") }
                return comparison
            }
        }
    }

    package func ledger() async throws -> LedgerListing {
        try await call { LedgerListing(try await service.listAllocations(WireListAllocationsRequest(), options: options)) }
    }

    package func status() async throws -> FederationStatus {
        try await call { try FederationStatus(try await service.getStatus(WireGetStatusRequest(), options: options)) }
    }

    /// One state per gateway, by name.
    package func gateways(_ selection: FederationSelection = .init()) async throws -> [GatewayState] {
        try await call {
            try await service.getReports(WireGetReportsRequest(selection), options: options) { response in
                var states: [GatewayState] = []
                for try await message in response.messages { try states.add(message) }
                return states
            }
        }
    }

    package func verdicts(_ request: VerdictRequest = .init()) async throws -> VerdictAnswer {
        try await call {
            // Many pairs take their time.
            let options = request.mostPairs == nil ? unhurried : options
            return try await service.verify(WireVerifyRequest(request), options: options) { response in
                var answer: VerdictAnswer?
                for try await message in response.messages {
                    if answer == nil { answer = try VerdictAnswer(message) } else { try answer?.append(message) }
                }
                guard let answer else { throw ConversionError(field: "summary", reason: "missing") }
                return answer
            }
        }
    }

    /// Hands on a bundle piece by piece.
    package func bundle(_ body: @Sendable @escaping (Data) async throws -> Void) async throws {
        try await call {
            try await service.getBundle(WireGetBundleRequest(), options: unhurried) { response in
                for try await message in response.messages { try await body(message.data) }
            }
        }
    }

    package func impacts(of outage: Outage) async throws -> [Impact] {
        var request = WireWhatIfRequest()
        request.outage = outage.description
        return try await call { [request] in
            try await service.whatIf(request, options: options) { response in
                var impacts: [Impact] = []
                for try await message in response.messages { impacts.append(try Impact(message)) }
                return impacts
            }
        }
    }

    package func isolation(_ order: IsolationOrder) async throws -> IsolationAnswer {
        var request = WireProveIsolationRequest()
        request.vpns = (order.vpns ?? []).sorted().map(\.text)
        request.statement = order.wantsStatement
        return try await call { [request] in
            try await service.proveIsolation(request, options: options) { response in
                var answer: IsolationAnswer?
                for try await message in response.messages {
                    if answer == nil { answer = try IsolationAnswer(message) } else { try answer?.append(message) }
                }
                guard let answer else { throw ConversionError(field: "summary", reason: "missing") }
                return answer
            }
        }
    }

    package func explain(_ question: PairQuestion) async throws -> PairExplanation {
        try await call { try PairExplanation(try await service.explain(WireExplainRequest(question), options: options)) }
    }

    package func eventLog(_ request: EventRequest) async throws -> EventLog {
        try await call {
            try await service.listEvents(WireListEventsRequest(request), options: options) { response in
                var log: EventLog?
                for try await message in response.messages {
                    if log == nil { log = try EventLog(message) } else { try log?.append(message) }
                }
                guard let log else { throw ConversionError(field: "events", reason: "missing") }
                return log
            }
        }
    }

    /// - Parameter time: milliseconds since 1970.
    package func verdicts(at time: Int64, _ selection: FederationSelection = .init()) async throws -> PastVerdicts {
        var request = WireVerifyAtRequest()
        request.atMilliseconds = time
        request.vpn = selection.vpn?.text ?? ""
        request.cloud = selection.cloud?.text ?? ""
        return try await call { [request] in
            try await service.verifyAt(request, options: unhurried) { response in
                var past: PastVerdicts?
                for try await message in response.messages {
                    if past == nil { past = try PastVerdicts(message) } else { try past?.append(message) }
                }
                guard let past else { throw ConversionError(field: "time", reason: "missing") }
                return past
            }
        }
    }

    /// What happens from now on, until the coordinator ends it. Events that this release does not know are passed over.
    /// - Parameter selection: the first event is `verdicts`, of these; nil: it is whatever happens first.
    package func watch(
        withVerdicts selection: FederationSelection? = nil, _ body: @Sendable @escaping (FederationEvent) async throws -> Void
    ) async throws {
        var request = WireWatchRequest()
        request.withVerdicts = selection != nil
        request.vpn = selection?.vpn?.text ?? ""
        request.cloud = selection?.cloud?.text ?? ""
        try await call { [request] in
            try await service.watch(request, options: unhurried) { response in
                for try await message in response.messages {
                    if let event = try FederationEvent(message) { try await body(event) }
                }
            }
        }
    }

    // MARK: The database as a whole

    /// Hands on a backup piece by piece.
    /// - Returns: what it holds, once it was seen to be whole.
    package func backup(_ body: @Sendable @escaping (Data) async throws -> Void) async throws -> BackupHeader {
        try await call {
            try await service.backup(WireBackupRequest(), options: unhurried) { response in
                var header: BackupHeader?
                var digest = SHA256()
                var size: UInt64 = 0
                for try await message in response.messages {
                    switch try BackupPart(message) {
                    case .header(let first): header = first
                    case .data(let data):
                        size += UInt64(data.count)
                        guard let header, size <= header.size else { throw IncompleteBackup() }
                        digest.update(data: data)
                        try await body(data)
                    }
                }
                guard let header, size == header.size, Data(digest.finalize()) == header.digest else { throw IncompleteBackup() }
                return header
            }
        }
    }

    /// - Parameter isRehearsal: nothing is changed.
    package func adopt(isRehearsal: Bool = false) async throws -> Adoption {
        var request = WireAdoptRequest()
        request.dryRun = isRehearsal
        return try await call { [request] in try Adoption(try await service.adopt(request, options: options)) }
    }

    // MARK: Names

    /// - Parameter isRehearsal: nothing is changed.
    package func unpin(_ selector: AttachmentSelector, of cloud: CloudName, isRehearsal: Bool = false) async throws -> Unpinning {
        var request = WireUnpinRequest()
        request.cloud = cloud.text
        request.selector = WireAttachmentSelector(selector)
        request.dryRun = isRehearsal
        return try await call { [request] in try Unpinning(try await service.unpin(request, options: options)) }
    }

    // MARK: Calls

    /// Without a time: a silent connection is noticed by its own.
    private var unhurried: CallOptions {
        var options = options
        options.timeout = nil
        return options
    }

    private func call<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as RPCError {
            throw CallFailure(CallFailure.Cause(error), at: endpoint, trouble: trouble?.latest)
        } catch let error as ConversionError {
            throw CallFailure(.notUnderstood(error), at: endpoint)
        } catch is IncompleteBackup {
            throw CallFailure(.incompleteBackup, at: endpoint)
        }
    }

    private struct IncompleteBackup: Error {}
}
