import FederationAPI
import FederationModel
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import Synchronization
import Testing

/// A folder with an authority of federation `demo`, and what it issued; gone with the test.
final class World: Sendable {
    let folder: String
    let authority: CertificateAuthority
    let log = RecordedLog()

    init(now: Date = Date()) throws {
        folder = FileManager.default.temporaryDirectory.path + "/federation-api-\(getpid())-\(UUID().uuidString)"
        authority = try CertificateAuthority.create(in: folder + "/certs", federation: FederationID(parsing: "demo"), now: now)
        _ = try authority.issue(.coordinator(addresses: ["127.0.0.1", "localhost"]))
        _ = try authority.issue(.gateway(World.paris))
        _ = try authority.issue(.admin(CertificateSubject.defaultAdmin))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    static let paris = GatewayID(cloud: CloudName(unchecked: "paris"), node: NodeName(unchecked: "gw1"))
    static let tokyo = GatewayID(cloud: CloudName(unchecked: "tokyo"), node: NodeName(unchecked: "gw1"))

    var certs: String { authority.folder }

    func files(_ name: String, trustRoots: String? = nil, revocationList: Bool = false) -> CredentialFiles {
        CredentialFiles(
            certificate: "\(certs)/\(name).pem", key: "\(certs)/\(name).key", trustRoots: trustRoots ?? "\(certs)/ca.pem",
            revocationList: revocationList ? "\(certs)/crl.pem" : nil)
    }

    var quiet: Logger { Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() } }

    /// A server with the two services, on a port of loopback (0: a free one), as long as `body` runs.
    func withServer<T: Sendable>(
        port: UInt16 = 0, limits: TransportLimits = TransportLimits(), connections: ConnectionLimits = .ofThisProcess,
        body: (RunningServer) async throws -> T
    ) async throws -> T {
        let credentials = try Credentials(
            files: files("coordinator", revocationList: true), side: .server, log: log.logger)
        let server = try SecureServer(
            listen: Endpoint(host: "127.0.0.1", port: port), credentials: credentials, limits: limits, connections: connections,
            log: log.logger)
        let calls = CallCount()
        let grpc = GRPCServer(
            transport: server.transport, services: [EchoAgentService(calls: calls), EchoAdminService(calls: calls)],
            interceptors: [server.authorization])
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await grpc.serve() }
            group.addTask { await server.run(every: .milliseconds(100)) }
            guard let port = try await server.transport.listeningAddress.ipv4?.port else { throw WorldError("the server has no port") }
            defer {
                grpc.beginGracefulShutdown()
                group.cancelAll()
            }
            return try await body(
                RunningServer(
                    port: UInt16(port), connections: server.connections, peers: server.peers, credentials: credentials, calls: calls))
        }
    }

    /// A client with the certificate of that name.
    func withClient<T: Sendable>(
        _ name: String, port: UInt16, limits: TransportLimits = TransportLimits(), files: CredentialFiles? = nil,
        body: (GRPCClient<HTTP2ClientTransport.Posix>, ConnectionTrouble) async throws -> T
    ) async throws -> T {
        let credentials = try Credentials(files: files ?? self.files(name), side: .client, log: quiet)
        let client = try SecureClient(
            connect: Endpoint(host: "127.0.0.1", port: port), credentials: credentials, limits: limits, log: quiet)
        return try await withGRPCClient(transport: client.transport) { try await body($0, client.trouble) }
    }
}

struct RunningServer: Sendable {
    let port: UInt16
    let connections: ConnectionRegistry
    let peers: PeerCertificates
    let credentials: Credentials
    let calls: CallCount
}

struct WorldError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// How many calls reached a service.
final class CallCount: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .relaxed) }
    func add() { count.add(1, ordering: .relaxed) }
}

/// Keeps what the server logs, to see why it refused.
final class RecordedLog: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }
    var logger: Logger { Logger(label: "recorded") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .debug
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            let values = (event.metadata ?? [:]).map { "\($0)=\($1)" }.sorted().joined(separator: " ")
            log.lines.withLock { $0.append("\(event.level) \(event.message) \(values)") }
        }
    }
}

/// Waits until it is so, ten seconds at most.
func eventually(_ limit: Duration = .seconds(10), _ condition: () -> Bool) async -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while clock.now < end {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(20))
    }
    return condition()
}
