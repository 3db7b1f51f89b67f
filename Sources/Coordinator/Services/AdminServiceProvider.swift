import Federation
import FederationAPI
import GRPCCore
import Verification

/// The admins' service.
package struct AdminServiceProvider: WireAdminService.SimpleServiceProtocol {
    let office: Office

    package init(office: Office) { self.office = office }

    package func apply(request: WireApplyRequest, context: ServerContext) async throws -> WireApplyResponse {
        let admin = try context.callingAdmin()
        do {
            let application = try await office.apply(
                text: request.text, fileName: request.fileName.isEmpty ? "federation.yaml" : request.fileName, author: admin.text,
                isDryRun: request.dryRun)
            return WireApplyResponse(application)
        } catch let error as StoreError {
            guard case .conflict = error else { throw RPCError(code: .internalError, message: error.description) }
            throw RPCError(code: .aborted, message: error.description)
        } catch {
            // A full disk, mostly: the admin must hear of it, and that nothing happened.
            office.log.error("revision cannot be made", metadata: ["error": "\(error)"])
            throw RPCError(code: .internalError, message: "the revision cannot be made, and nothing was changed: \(error)")
        }
    }

    package func getGraph(request: WireGetGraphRequest, context: ServerContext) async throws -> WireGetGraphResponse {
        let revision = office.current
        var response = WireGetGraphResponse()
        response.revision = revision.number
        response.epoch = revision.epoch
        response.text = revision.text
        response.allocations = revision.allocations.map(WireAllocation.init(_:))
        return response
    }

    package func getStatus(request: WireGetStatusRequest, context: ServerContext) async throws -> WireGetStatusResponse {
        WireGetStatusResponse(revision: office.current, records: office.roll.all, connected: office.sessions.connected)
    }

    package func getReports(
        request: WireGetReportsRequest, response: RPCWriter<WireGatewayState>, context: ServerContext
    ) async throws {
        let selection = try Selection(vpn: request.vpn, cloud: request.cloud)
        let intents = office.current.intents
        let testimonies = office.testimonies.all(at: office.clock())
        let connected = office.sessions.connected
        let owners = selection.distinguishers(in: intents)
        for gateway in Set(intents.keys).union(testimonies.keys).sorted() where selection.includes(gateway.cloud) {
            let state = GatewayState(
                gateway: gateway, isConnected: connected.contains(gateway), intent: intents[gateway].map(selection.cut),
                testimony: testimonies[gateway].map { selection.cut($0, to: owners) })
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
