import FederationAPI
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import SwiftProtobuf

/// Says Welcome with the caller's name, then answers each report with its sequence number.
struct EchoAgentService: WireAgentService.SimpleServiceProtocol {
    let calls: CallCount

    func session(
        request: RPCAsyncSequence<WireAgentMessage, any Error>, response: RPCWriter<WireCoordinatorMessage>, context: ServerContext
    ) async throws {
        calls.add()
        let gateway = try context.callingGateway()
        let welcome = Welcome(federation: .init(unchecked: "demo"), epoch: "e", revision: 1, gateway: gateway)
        try await response.write(WireCoordinatorMessage(.welcome(welcome)))
        for try await wire in request {
            guard case .report(let part) = wire.message else { continue }
            try await response.write(WireCoordinatorMessage(.complete(revision: part.sequence)))
        }
    }
}

/// Answers with nothing much.
struct EchoAdminService: WireAdminService.SimpleServiceProtocol {
    let calls: CallCount

    func apply(request: WireApplyRequest, context: ServerContext) async throws -> WireChangeResult {
        calls.add()
        return WireChangeResult()
    }

    func plan(request: WirePlanRequest, response: RPCWriter<WireChangeResult>, context: ServerContext) async throws { calls.add() }
    func rollback(request: WireRollbackRequest, context: ServerContext) async throws -> WireChangeResult { counted() }
    func confirm(request: WireConfirmRequest, context: ServerContext) async throws -> WireConfirmResponse { counted() }
    func getHistory(request: WireGetHistoryRequest, context: ServerContext) async throws -> WireGetHistoryResponse { counted() }
    func getAudit(request: WireGetAuditRequest, context: ServerContext) async throws -> WireGetAuditResponse { counted() }
    func diff(request: WireDiffRequest, response: RPCWriter<WireDiffResponse>, context: ServerContext) async throws { calls.add() }
    func listAllocations(request: WireListAllocationsRequest, context: ServerContext) async throws -> WireListAllocationsResponse {
        counted()
    }
    func reserve(request: WireReserveRequest, context: ServerContext) async throws -> WireReserveResponse { counted() }
    func backup(request: WireBackupRequest, response: RPCWriter<WireBackupChunk>, context: ServerContext) async throws { calls.add() }
    func adopt(request: WireAdoptRequest, context: ServerContext) async throws -> WireAdoptResponse { counted() }
    func unpin(request: WireUnpinRequest, context: ServerContext) async throws -> WireUnpinResponse { counted() }
    func release(request: WireReleaseRequest, context: ServerContext) async throws -> WireReserveResponse { counted() }
    func whatIf(request: WireWhatIfRequest, response: RPCWriter<WireImpact>, context: ServerContext) async throws { calls.add() }
    func getBundle(request: WireGetBundleRequest, response: RPCWriter<WireBundleChunk>, context: ServerContext) async throws { calls.add() }
    func explain(request: WireExplainRequest, context: ServerContext) async throws -> WirePairExplanation { counted() }

    private func counted<Response: Message>() -> Response {
        calls.add()
        return Response()
    }

    func getGraph(request: WireGetGraphRequest, context: ServerContext) async throws -> WireGetGraphResponse {
        calls.add()
        var response = WireGetGraphResponse()
        response.epoch = try context.callingAdmin().description
        return response
    }

    func getStatus(request: WireGetStatusRequest, context: ServerContext) async throws -> WireGetStatusResponse {
        calls.add()
        return WireGetStatusResponse()
    }

    func getReports(request: WireGetReportsRequest, response: RPCWriter<WireGatewayState>, context: ServerContext) async throws {
        calls.add()
    }

    func verify(request: WireVerifyRequest, response: RPCWriter<WireVerifyResponse>, context: ServerContext) async throws {
        calls.add()
    }

    func proveIsolation(
        request: WireProveIsolationRequest, response: RPCWriter<WireIsolationPart>, context: ServerContext
    ) async throws {
        calls.add()
    }

    func listEvents(request: WireListEventsRequest, response: RPCWriter<WireListEventsResponse>, context: ServerContext) async throws {
        calls.add()
    }

    func verifyAt(request: WireVerifyAtRequest, response: RPCWriter<WireVerifyAtResponse>, context: ServerContext) async throws {
        calls.add()
    }

    /// Never ends by itself.
    func watch(request: WireWatchRequest, response: RPCWriter<WireFederationEvent>, context: ServerContext) async throws {
        calls.add()
        try await response.write(WireFederationEvent())
        try await Task.sleep(for: .seconds(3600))
    }
}

/// One session: what was sent is answered, and then it ends.
func openSession(
    _ client: GRPCClient<HTTP2ClientTransport.Posix>, waitForReady: Bool = false, sending parts: [ReportPart] = []
) async throws -> [CoordinatorMessage] {
    try await WireAgentService.Client(wrapping: client).session(
        options: TransportLimits().callOptions(waitForReady: waitForReady)
    ) { writer in
        for part in parts { try await writer.write(WireAgentMessage(.report(part))) }
    } onResponse: { response in
        var messages: [CoordinatorMessage] = []
        for try await wire in response.messages { messages.append(try CoordinatorMessage(wire)) }
        return messages
    }
}
