import FederationModel
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf
import Verification

/// Brings the calls of admins to the service, in domain values.
struct AdminServer: WireAdminService.SimpleServiceProtocol {
    let service: any AdminService

    func plan(request: WirePlanRequest, response: RPCWriter<WireChangeResult>, context: ServerContext) async throws {
        let result = try await refusing { try await service.plan(PlanRequest(request)) }
        for message in WireChangeResult.messages(result) { try await response.write(message) }
    }

    func apply(request: WireApplyRequest, context: ServerContext) async throws -> WireChangeResult {
        let admin = try context.callingAdmin()
        return WireChangeResult(try await refusing { try await service.apply(ApplyOrder(request), by: admin) }.outcome)
    }

    func rollback(request: WireRollbackRequest, context: ServerContext) async throws -> WireChangeResult {
        let admin = try context.callingAdmin()
        return WireChangeResult(try await refusing { try await service.rollback(RollbackOrder(request), by: admin) }.outcome)
    }

    func confirm(request: WireConfirmRequest, context: ServerContext) async throws -> WireConfirmResponse {
        let admin = try context.callingAdmin()
        var response = WireConfirmResponse()
        response.revision = try await refusing { try await service.confirm(request.hasRevision ? request.revision : nil, by: admin) }
        return response
    }

    func reserve(request: WireReserveRequest, context: ServerContext) async throws -> WireReserveResponse {
        let admin = try context.callingAdmin()
        return WireReserveResponse(try await refusing { try await service.reserve(ReserveOrder(request), by: admin) })
    }

    func release(request: WireReleaseRequest, context: ServerContext) async throws -> WireReserveResponse {
        let admin = try context.callingAdmin()
        return WireReserveResponse(try await refusing { try await service.release(ReleaseOrder(request), by: admin) })
    }

    func getHistory(request: WireGetHistoryRequest, context: ServerContext) async throws -> WireGetHistoryResponse {
        WireGetHistoryResponse(try await refusing { try await service.history(PageRequest(before: request.before, limit: request.limit)) })
    }

    func getAudit(request: WireGetAuditRequest, context: ServerContext) async throws -> WireGetAuditResponse {
        WireGetAuditResponse(try await refusing { try await service.audit(PageRequest(before: request.before, limit: request.limit)) })
    }

    func getGraph(request: WireGetGraphRequest, context: ServerContext) async throws -> WireGetGraphResponse {
        WireGetGraphResponse(try await refusing { try await service.file(of: request.revision == 0 ? nil : request.revision) })
    }

    func diff(request: WireDiffRequest, response: RPCWriter<WireDiffResponse>, context: ServerContext) async throws {
        let comparison = try await refusing { try await service.comparison(from: request.from, to: request.to == 0 ? nil : request.to) }
        for message in WireDiffResponse.messages(comparison) { try await response.write(message) }
    }

    func listAllocations(request: WireListAllocationsRequest, context: ServerContext) async throws -> WireListAllocationsResponse {
        WireListAllocationsResponse(try await refusing { try await service.ledger() })
    }

    func getStatus(request: WireGetStatusRequest, context: ServerContext) async throws -> WireGetStatusResponse {
        WireGetStatusResponse(try await refusing { try await service.status() })
    }

    func getReports(request: WireGetReportsRequest, response: RPCWriter<WireGatewayState>, context: ServerContext) async throws {
        try context.checkReading(of: request.cloud)
        let states = try await refusing {
            try await service.gateways(FederationSelection(vpn: request.vpn, cloud: request.cloud))
        }
        for state in states {
            for message in WireGatewayState.messages(state) { try await response.write(message) }
        }
    }

    func verify(request: WireVerifyRequest, response: RPCWriter<WireVerifyResponse>, context: ServerContext) async throws {
        try context.checkReading(of: request.cloud)
        let answer = try await refusing { try await service.verdicts(try VerdictRequest(request)) }
        try await WireVerifyResponse.send(answer) { try await response.write($0) }
    }

    func getBundle(request: WireGetBundleRequest, response: RPCWriter<WireBundleChunk>, context: ServerContext) async throws {
        let data = try await refusing { try await service.bundle().encoded() }
        for start in stride(from: 0, to: data.count, by: 1 << 20) {
            var chunk = WireBundleChunk()
            chunk.data = data[start..<min(start + 1 << 20, data.count)]
            try await response.write(chunk)
        }
    }

    func whatIf(request: WireWhatIfRequest, response: RPCWriter<WireImpact>, context: ServerContext) async throws {
        let impacts = try await refusing { try await service.impacts(of: parse(request.outage, "outage")) }
        for impact in impacts { try await response.write(WireImpact(impact)) }
    }

    func explain(request: WireExplainRequest, context: ServerContext) async throws -> WirePairExplanation {
        WirePairExplanation(try await refusing { try await service.explanation(PairQuestion(request)) })
    }

    func proveIsolation(
        request: WireProveIsolationRequest, response: RPCWriter<WireIsolationPart>, context: ServerContext
    ) async throws {
        let answer = try await refusing {
            let names: [VPNName] = try parse(try few(request.vpns, "vpns", TextLimits.entries), "vpns")
            return try await service.isolation(
                IsolationOrder(vpns: names.isEmpty ? nil : Set(names), wantsStatement: request.statement))
        }
        for message in WireIsolationPart.messages(answer) { try await response.write(message) }
    }

    func listEvents(request: WireListEventsRequest, response: RPCWriter<WireListEventsResponse>, context: ServerContext) async throws {
        let log = try await refusing { try await service.eventLog(try EventRequest(request)) }
        try await WireListEventsResponse.send(log) { try await response.write($0) }
    }

    func verifyAt(request: WireVerifyAtRequest, response: RPCWriter<WireVerifyAtResponse>, context: ServerContext) async throws {
        let past = try await refusing {
            try await service.verdicts(
                at: moment(request.atMilliseconds), try FederationSelection(vpn: request.vpn, cloud: request.cloud))
        }
        try await WireVerifyAtResponse.send(past) { try await response.write($0) }
    }

    func watch(request: WireWatchRequest, response: RPCWriter<WireFederationEvent>, context: ServerContext) async throws {
        try await refusing {
            let selection = request.withVerdicts ? try FederationSelection(vpn: request.vpn, cloud: request.cloud) : nil
            let events = try await service.events(withVerdicts: selection)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for try await event in events { try await response.write(WireFederationEvent(event)) } }
                group.addTask { try? await context.cancellation.cancelled }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    func backup(request: WireBackupRequest, response: RPCWriter<WireBackupChunk>, context: ServerContext) async throws {
        let admin = try context.callingAdmin()
        try await refusing { try await service.backup(by: admin) { try await response.write(WireBackupChunk($0)) } }
    }

    func unpin(request: WireUnpinRequest, context: ServerContext) async throws -> WireUnpinResponse {
        let admin = try context.callingAdmin()
        return WireUnpinResponse(
            try await refusing {
                let selector = try convert(request.selector, "selector", AttachmentSelector.init(_:))
                return try await service.unpin(
                    selector, of: try parse(request.cloud, "cloud"), isRehearsal: request.dryRun, by: admin)
            })
    }

    func adopt(request: WireAdoptRequest, context: ServerContext) async throws -> WireAdoptResponse {
        let admin = try context.callingAdmin()
        return WireAdoptResponse(try await refusing { try await service.adopt(isRehearsal: request.dryRun, by: admin) })
    }

    /// Tells a refusal with its reason and remedy in the status details.
    private func refusing<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let refusal as AdminRefusal {
            throw RPCError(refusal)
        } catch let error as ConversionError {
            throw RPCError(AdminRefusal(error))
        } catch let error as RPCError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw RPCError(
                AdminRefusal(.failed, "the request failed, nothing was changed: \(error)", remedy: "read the coordinator’s log"))
        }
    }
}

extension PageRequest {
    /// Zeros say nothing.
    fileprivate init(before: UInt64, limit: UInt32) {
        self.init(before: before == 0 ? nil : before, limit: limit == 0 ? nil : Int(clamping: limit))
    }
}

extension RPCError {
    init(_ refusal: AdminRefusal) {
        let code: RPCError.Code =
            switch refusal.code {
            case .conflict: .aborted
            case .awaitingConfirmation, .notConfirmable, .ledger, .database: .failedPrecondition
            case .unknownRevision: .notFound
            case .invalidRequest: .invalidArgument
            case .busy: .resourceExhausted
            case .failed: .internalError
            }
        // For those who read no details. Trailers are short, and “ is three bytes and nine percent-encoded.
        let message = TextLimits.cut(refusal.description, to: 512)
        guard let detail = try? Google_Protobuf_Any(message: WireRefusal(refusal)) else {
            self.init(code: code, message: message)
            return
        }
        self.init(GoogleRPCStatus(code: code, message: message, details: [.any(detail)]))
    }
}

extension AdminRefusal {
    /// Nil where the error has none in its details.
    init?(_ error: RPCError) {
        guard let status = try? error.unpackGoogleRPCStatus() else { return nil }
        for detail in status.details {
            guard let any = detail.any, any.isA(WireRefusal.self), let wire = try? WireRefusal(unpackingAny: any),
                let refusal = try? AdminRefusal(wire)
            else { continue }
            self = refusal
            return
        }
        return nil
    }
}
