import FederationAPI
import FederationModel
import GRPCCore
import Verification

/// The admins' service.
package struct AdminServiceProvider: WireAdminService.SimpleServiceProtocol {
    let controlPlane: ControlPlane

    package init(controlPlane: ControlPlane) { self.controlPlane = controlPlane }

    package func getStatus(request: WireGetStatusRequest, context: ServerContext) async throws -> WireGetStatusResponse {
        var response = WireGetStatusResponse(
            revision: controlPlane.current, records: controlPlane.registry.all, connected: controlPlane.sessions.connected)
        if let pendingCommit = controlPlane.pendingCommit { response.probation = WireProbation(pendingCommit) }
        response.problems = controlPlane.problems.problems.map(WireCoordinatorProblem.init(_:))
        return response
    }

    package func getReports(
        request: WireGetReportsRequest, response: RPCWriter<WireGatewayState>, context: ServerContext
    ) async throws {
        let selection = try Selection(vpn: request.vpn, cloud: request.cloud)
        let intents = controlPlane.current.intents
        let reports = controlPlane.reports.all(at: controlPlane.clock())
        let connected = controlPlane.sessions.connected
        let marks = selection.marks(in: intents)
        for gateway in Set(intents.keys).union(reports.keys).sorted() where selection.includes(gateway.cloud) {
            let state = GatewayState(
                gateway: gateway, isConnected: connected.contains(gateway), intent: intents[gateway].map(selection.cut),
                testimony: reports[gateway].map { selection.cut($0.within(intents[gateway]), to: marks) })
            for message in state.messages { try await response.write(message) }
        }
    }

    package func verify(request: WireVerifyRequest, response: RPCWriter<WirePairVerdict>, context: ServerContext) async throws {
        let selection = try Selection(vpn: request.vpn, cloud: request.cloud)
        for verdict in controlPlane.verdicts() where selection.includes(verdict) {
            try await response.write(WirePairVerdict(verdict))
        }
    }

    package func watch(request: WireWatchRequest, response: RPCWriter<WireFederationEvent>, context: ServerContext) async throws {
        let events = controlPlane.events.watch()
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for try await event in events { try await response.write(event) } }
                group.addTask { try? await context.cancellation.cancelled }
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch is WatcherTooSlow {
            throw RPCError(code: .resourceExhausted, message: "more happens than this watcher reads; watch again and read faster")
        }
    }
}
