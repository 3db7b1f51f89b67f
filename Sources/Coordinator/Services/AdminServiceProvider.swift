import FederationAPI
import FederationModel
import GRPCCore
import Verification

/// The admins' service.
package struct AdminServiceProvider: WireAdminService.SimpleServiceProtocol {
    let office: Office

    package init(office: Office) { self.office = office }

    package func getStatus(request: WireGetStatusRequest, context: ServerContext) async throws -> WireGetStatusResponse {
        var response = WireGetStatusResponse(revision: office.current, records: office.roll.all, connected: office.sessions.connected)
        if let probation = office.probation { response.probation = WireProbation(probation) }
        response.problems = office.notices.problems.map(WireCoordinatorProblem.init(_:))
        return response
    }

    package func getReports(
        request: WireGetReportsRequest, response: RPCWriter<WireGatewayState>, context: ServerContext
    ) async throws {
        let selection = try Selection(vpn: request.vpn, cloud: request.cloud)
        let intents = office.current.intents
        let testimonies = office.testimonies.all(at: office.clock())
        let connected = office.sessions.connected
        let marks = selection.marks(in: intents)
        for gateway in Set(intents.keys).union(testimonies.keys).sorted() where selection.includes(gateway.cloud) {
            let state = GatewayState(
                gateway: gateway, isConnected: connected.contains(gateway), intent: intents[gateway].map(selection.cut),
                testimony: testimonies[gateway].map { selection.cut($0.within(intents[gateway]), to: marks) })
            for message in state.messages { try await response.write(message) }
        }
    }

    package func verify(request: WireVerifyRequest, response: RPCWriter<WirePairVerdict>, context: ServerContext) async throws {
        let selection = try Selection(vpn: request.vpn, cloud: request.cloud)
        for verdict in office.verdicts() where selection.includes(verdict) {
            try await response.write(WirePairVerdict(verdict))
        }
    }

    package func watch(request: WireWatchRequest, response: RPCWriter<WireFederationEvent>, context: ServerContext) async throws {
        let events = office.events.watch()
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
