import FederationAPI
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import ServiceLifecycle

/// The coordinator as it listens: both services behind mTLS, and what runs beside them.
package struct CoordinatorServer: Service {
    package let controlPlane: ControlPlane
    private let endpoint: FederationAPI.Endpoint
    private let secure: SecureServer
    private let grpc: GRPCServer<HTTP2ServerTransport.Posix>
    private let history: HistoryLimits

    /// - Parameter history: how much is kept of what happened.
    package init(
        controlPlane: ControlPlane, listen endpoint: FederationAPI.Endpoint, credentials: Credentials,
        limits: TransportLimits = TransportLimits(),
        connections: ConnectionLimits = .ofThisProcess, history: HistoryLimits = HistoryLimits()
    ) throws {
        self.controlPlane = controlPlane
        self.history = history
        self.endpoint = endpoint
        secure = try SecureServer(
            listen: endpoint, credentials: credentials, limits: limits, connections: connections, log: controlPlane.log)
        grpc = GRPCServer(
            transport: secure.transport,
            services: TreatyServices.serving(
                agents: AgentServiceProvider(host: controlPlane),
                admins: AdminServiceProvider(
                    changes: controlPlane, revisions: controlPlane, observed: controlPlane, past: controlPlane, database: controlPlane,
                    feed: controlPlane.events, problems: controlPlane.problems, sign: { try credentials.sign($0) }, log: controlPlane.log)),
            interceptors: [secure.authorization])
    }

    /// Where it listens, as soon as it does: the port that was taken for port 0. Nil if it could not.
    package var address: FederationAPI.Endpoint? {
        get async throws {
            guard let address = try await grpc.listeningAddress else { return nil }
            if let ipv4 = address.ipv4 { return FederationAPI.Endpoint(host: ipv4.host, port: UInt16(clamping: ipv4.port)) }
            if let ipv6 = address.ipv6 { return FederationAPI.Endpoint(host: ipv6.host, port: UInt16(clamping: ipv6.port)) }
            return nil
        }
    }

    /// Until the service group shuts down: then agents and watchers are sent away, and what is known is stored.
    package func run() async throws {
        let registryWriter = AgentRegistryWriter(
            registry: controlPlane.registry, store: controlPlane.store, log: controlPlane.log)
        // Before anything is changed.
        await controlPlane.checkStore()
        // Before the first agent asks: what was not confirmed while we were away must not be given to anybody.
        await controlPlane.rollBackIfUnconfirmed()
        let expiry = ExpiryWatch(
            problems: controlPlane.problems, clock: controlPlane.clock, credentials: secure.credentials, peers: secure.peers)
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await secure.run { revoked in
                        for case .gateway(_, let gateway) in revoked {
                            controlPlane.log.notice(
                                "the gateway's reports were deleted: its certificate was revoked", metadata: ["gateway": "\(gateway)"])
                            controlPlane.forget(gateway)
                        }
                    }
                }
                group.addTask { await registryWriter.run() }
                group.addTask { await AttachmentPinWriter { await controlPlane.storePins() }.run() }
                group.addTask { await PendingCommitWatch(changes: controlPlane).run() }
                group.addTask { await VNIChangeWatch(changes: controlPlane).run() }
                group.addTask { await VerdictWatch(board: controlPlane.verdicts).run() }
                group.addTask { await controlPlane.eventWriter.run(keeping: history) }
                group.addTask { await StoreWatch(database: controlPlane).run() }
                group.addTask { await expiry.run() }
                group.addTask {
                    guard let address = try await address else { return }
                    controlPlane.log.notice("listening", metadata: ["address": "\(address)"])
                }
                defer { group.cancelAll() }
                do {
                    try await grpc.serve()
                } catch {
                    throw ListenFailure(error, at: endpoint) ?? error
                }
            }
        } onGracefulShutdown: {
            controlPlane.log.notice("stopping")
            controlPlane.stop()
            grpc.beginGracefulShutdown()
        }
        await registryWriter.save()
        await controlPlane.storePins()
        await controlPlane.eventWriter.save(isForced: true)
        controlPlane.log.notice("stopped")
    }
}
