import Coordinator
import FederationAPI
import FederationModel
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import NetworkTypes
import ServiceLifecycle
import Synchronization
import Verification

typealias Client = GRPCClient<HTTP2ClientTransport.Posix>

let quiet: Logger = {
    var log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    log.logLevel = .critical
    return log
}()

/// A development PKI in a directory, with certificates by request.
struct TestPKI: Sendable {
    let directory: String
    let authority: CertificateAuthority

    init(in directory: String, federation: String = "demo") throws {
        self.directory = directory
        authority = try CertificateAuthority.create(in: directory, federation: FederationID(federation)!)
        _ = try authority.issue(.coordinator(addresses: ["127.0.0.1"]))
        _ = try authority.issue(.admin(CertificateSubject.defaultAdmin))
    }

    func files(_ name: String) -> CredentialFiles {
        CredentialFiles(
            certificate: "\(directory)/\(name).pem", key: "\(directory)/\(name).key", trustRoots: "\(directory)/ca.pem",
            revocationList: name == "coordinator" ? "\(directory)/crl.pem" : nil)
    }

    /// Connects as `admin` or `paris/gw1`, whose certificate is issued if there is none.
    func withClient<Result: Sendable>(
        _ name: String, at endpoint: FederationAPI.Endpoint, limits: TransportLimits = TransportLimits(),
        _ body: @Sendable (Client) async throws -> Result
    ) async throws -> Result {
        var file = name
        if name.contains("/") {
            let subject = CertificateSubject.gateway(gateway(name))
            file = subject.fileName
            if !FileManager.default.fileExists(atPath: "\(directory)/\(file).pem") { _ = try authority.issue(subject) }
        }
        let credentials = try Credentials(files: files(file), side: .client, log: quiet)
        let secure = try SecureClient(connect: endpoint, credentials: credentials, limits: limits, log: quiet)
        return try await withGRPCClient(transport: secure.transport) { try await body($0) }
    }
}

/// A real coordinator on a loopback port, in this process, over a database of its own.
struct Loopback: Sendable {
    let pki: TestPKI
    let controlPlane: ControlPlane
    let endpoint: FederationAPI.Endpoint

    /// Runs a coordinator on `directory`'s database while `body` runs, and stops it gracefully.
    static func with<Result: Sendable>(
        _ directory: String, pki: TestPKI, limits: AgentBudget.Limits = .init(),
        clock: @escaping @Sendable () -> Int64 = ControlPlane.wallClock,
        _ body: @Sendable (Loopback) async throws -> Result
    ) async throws -> Result {
        let credentials = try Credentials(files: pki.files("coordinator"), side: .server, log: quiet)
        let store = try SQLiteStore(path: directory + "/coordinator.sqlite", federation: credentials.identity.federation)
        let controlPlane = try await ControlPlane(store: store, log: quiet, limits: limits, clock: clock)
        let server = try CoordinatorServer(
            controlPlane: controlPlane, listen: FederationAPI.Endpoint(host: "127.0.0.1", port: 0), credentials: credentials)
        let group = ServiceGroup(services: [server], logger: quiet)
        let running = Task { try await group.run() }
        let outcome: Swift.Result<Result, any Error>
        do {
            guard let endpoint = try await server.address else { throw SampleError.refused("no address") }
            outcome = .success(try await body(Loopback(pki: pki, controlPlane: controlPlane, endpoint: endpoint)))
        } catch {
            outcome = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await running.value
        try store.close()
        return try outcome.get()
    }

    /// One coordinator with everything new.
    static func fresh<Result: Sendable>(
        limits: AgentBudget.Limits = .init(), _ body: @Sendable (Loopback) async throws -> Result
    ) async throws -> Result {
        try await withDirectory { directory in
            try await with(directory, pki: TestPKI(in: directory + "/certs"), limits: limits, body)
        }
    }

    func withAdmin<Result: Sendable>(_ body: @Sendable (AdminClient) async throws -> Result) async throws -> Result {
        try await pki.withClient("admin", at: endpoint) { try await body(AdminClient(wrapping: $0, at: endpoint, isPatient: true)) }
    }

    @discardableResult
    func apply(_ text: String) async throws -> ChangeResult { try await withAdmin { try await $0.apply(ApplyOrder(text: text)) } }

    func plan(_ text: String, fileName: String = "federation.yaml") async throws -> ChangeResult {
        try await withAdmin { try await $0.plan(.file(text: text, fileName: fileName, yesRemove: 0)) }
    }

    func status() async throws -> FederationStatus { try await withAdmin { try await $0.status() } }

    func verdicts() async throws -> [PairVerdict] { try await withAdmin { try await $0.verdicts().pairs ?? [] } }

    /// Connects as the agent of a gateway while `body` runs.
    func withAgent<Result: Sendable>(
        _ name: String, hello: Hello? = Hello(software: "test-agent"), _ body: @Sendable (TestAgent) async throws -> Result
    ) async throws -> Result {
        try await pki.withClient(name, at: endpoint) { client in
            let agent = TestAgent()
            if let hello { agent.say(.hello(hello)) }
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await agent.run(client) }
                defer {
                    agent.hangUp()
                    group.cancelAll()
                }
                return try await body(agent)
            }
        }
    }
}

extension TestPKI {
    /// Connects as admin of a coordinator that may be starting still.
    func withPatientAdmin<Result: Sendable>(
        at endpoint: FederationAPI.Endpoint, _ body: @Sendable (AdminClient) async throws -> Result
    ) async throws -> Result {
        try await withClient("admin", at: endpoint) { try await body(AdminClient(wrapping: $0, at: endpoint, isPatient: true)) }
    }
}

/// An agent that says what the test wants and writes down what it hears.
final class TestAgent: Sendable {
    private struct State: Sendable {
        var heard: [CoordinatorMessage] = []
        var end: RPCError?
    }

    private let state = Mutex(State())
    private let outgoing: AsyncStream<AgentMessage>
    private let mouth: AsyncStream<AgentMessage>.Continuation

    init() { (outgoing, mouth) = AsyncStream.makeStream(of: AgentMessage.self) }

    var heard: [CoordinatorMessage] { state.withLock { $0.heard } }
    /// How the session ended; nil while it stands.
    var end: RPCError? { state.withLock { $0.end } }

    func say(_ message: AgentMessage) { mouth.yield(message) }
    func hangUp() { mouth.finish() }

    func run(_ client: Client) async {
        do {
            try await AgentClient(wrapping: client, isPatient: false).session { [outgoing] writer in
                for await message in outgoing { try await writer.write(message) }
            } hear: { message in
                self.state.withLock { $0.heard.append(message) }
            }
            finish(RPCError(code: .cancelled, message: "the coordinator ended the stream"))
        } catch let error as RPCError {
            finish(error)
        } catch {
            finish(RPCError(code: .unknown, message: "\(error)"))
        }
    }

    private func finish(_ error: RPCError) { state.withLock { $0.end = error } }

    /// Waits for the end of a revision.
    /// - Returns: what was heard since the last call, without the end.
    func until(revision: UInt64, ignoring count: Int = 0) async throws -> [CoordinatorMessage] {
        let found = try await eventually { self.heard.last == .complete(revision: revision) || self.end != nil }
        guard found, end == nil else { throw end ?? RPCError(code: .deadlineExceeded, message: "revision \(revision) did not come") }
        return heard.dropFirst(count).filter { $0 != .complete(revision: revision) }
    }

    /// Tells a whole report in which nothing is wrong and nothing is bound, and acknowledges all that was heard.
    func reportAll(_ intent: GatewayIntent, chassis: String) {
        say(.acknowledgement(.base, .applied(intent.base.version)))
        for vpn in intent.vpns.values { say(.acknowledgement(.vpn(vpn.name), .applied(vpn.version))) }
        let sessions = intent.base.peers.map { PeerSession(address: $0.address, asn: $0.asn, state: "Established", prefixesReceived: 0) }
        var sequence: UInt64 = 0
        func tell(_ content: ReportPart.Content) {
            sequence += 1
            say(.report(ReportPart(sequence: sequence, observedAt: 0, content: content)))
        }
        tell(.base(BaseReport(sessions: sessions, software: "test-agent")))
        for vpn in intent.vpns.values.sorted(by: { $0.name < $1.name }) {
            tell(
                .vpn(
                    VPNReport(
                        name: vpn.name,
                        attachments: vpn.attachments.map {
                            AttachmentReport(selector: $0.selector, routers: ["id"], hosted: ["id"], chassis: chassis, subnets: [])
                        },
                        effective: EffectiveVPN(
                            encapsulation: vpn.encapsulation, routeDistinguisher: vpn.routeDistinguisher, importTargets: vpn.importTargets,
                            exportTargets: vpn.exportTargets, routerMAC: intent.base.routerMAC, isUp: true))))
        }
        tell(.received([], isFirst: true, isLast: true))
    }
}
