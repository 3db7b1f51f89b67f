import FederationAPI
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import ServiceLifecycle

/// The coordinator as it listens: both services behind mTLS, and what runs beside them.
package struct CoordinatorServer: Service {
    package let office: Office
    private let endpoint: FederationAPI.Endpoint
    private let secure: SecureServer
    private let grpc: GRPCServer<HTTP2ServerTransport.Posix>

    package init(
        office: Office, listen endpoint: FederationAPI.Endpoint, credentials: Credentials, limits: TransportLimits = TransportLimits(),
        connections: ConnectionLimits = .ofThisProcess
    ) throws {
        self.office = office
        self.endpoint = endpoint
        secure = try SecureServer(listen: endpoint, credentials: credentials, limits: limits, connections: connections, log: office.log)
        grpc = GRPCServer(
            transport: secure.transport, services: [AgentServiceProvider(office: office), AdminServiceProvider(office: office)],
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
        let keeper = RollKeeper(office: office)
        // Before anything is changed.
        await office.checkStore()
        // Before the first agent asks: what was not confirmed while we were away must not be given to anybody.
        await office.endProbationIfOver()
        let expiry = ExpiryWatch(office: office, credentials: secure.credentials, peers: secure.peers)
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await secure.run { revoked in
                        for case .gateway(_, let gateway) in revoked {
                            office.log.notice(
                                "what the gateway said is forgotten: its certificate was revoked", metadata: ["gateway": "\(gateway)"])
                            office.forget(gateway)
                        }
                    }
                }
                group.addTask { await keeper.run() }
                group.addTask { await PinKeeper(office: office).run() }
                group.addTask { await ProbationWatch(office: office).run() }
                group.addTask { await VNIChangeWatch(office: office).run() }
                group.addTask { await VerdictWatch(office: office).run() }
                group.addTask { await StoreWatch(office: office).run() }
                group.addTask { await expiry.run() }
                group.addTask {
                    guard let address = try await address else { return }
                    office.log.notice("listening", metadata: ["address": "\(address)"])
                }
                defer { group.cancelAll() }
                do {
                    try await grpc.serve()
                } catch {
                    throw ListenFailure(error, at: endpoint) ?? error
                }
            }
        } onGracefulShutdown: {
            office.log.notice("stopping")
            office.stop()
            grpc.beginGracefulShutdown()
        }
        await keeper.save()
        await office.keepPins()
        office.log.notice("stopped")
    }
}
