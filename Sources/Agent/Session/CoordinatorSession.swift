import FederationAPI
import FederationModel
import GRPCCore
import Logging
import Synchronization

/// The conversation with the coordinator: intent comes down, acknowledgements and reports go up. It is begun anew for ever;
/// while it is down, the agent goes on with the intent that it has.
package struct CoordinatorSession: Sendable {
    /// The agent, as far as the session needs it.
    package protocol Listener: Sendable {
        func hello() async -> Hello
        /// - Throws: `IntentKeeper.Refusal` to end the session.
        func receive(_ message: CoordinatorMessage) async throws
    }

    /// Between sessions, and between heartbeats.
    static let pause = Duration.seconds(1)
    static let pauseAfterRefusal = Duration.seconds(30)
    static let heartbeat = Duration.seconds(5)

    private let endpoint: FederationAPI.Endpoint
    private let credentials: Credentials
    private let listener: any Listener
    private let board: ReportBoard
    private let link: CoordinatorLink
    private let log: Logger

    package init(
        endpoint: FederationAPI.Endpoint, credentials: Credentials, listener: any Listener, board: ReportBoard,
        link: CoordinatorLink = CoordinatorLink(), log: Logger
    ) {
        self.endpoint = endpoint
        self.credentials = credentials
        self.listener = listener
        self.board = board
        self.link = link
        self.log = log
    }

    /// Until cancelled.
    package func run() async throws {
        let limits = TransportLimits()
        let secure = try SecureClient(connect: endpoint, credentials: credentials, limits: limits, log: log)
        try await withGRPCClient(transport: secure.transport) { client in
            let service = AgentClient(wrapping: client, limits: limits)
            while !Task.isCancelled {
                do {
                    try await converse(service)
                    log.notice("session with the coordinator ended")
                    link.ended("the session ended", at: GatewayAgent.now)
                    try await Task.sleep(for: Self.pause)
                } catch let refusal as IntentKeeper.Refusal {
                    link.ended("\(refusal)", at: GatewayAgent.now)
                    log.error("coordinator refused; the current intent stays in force", metadata: ["reason": "\(refusal)"])
                    try await Task.sleep(for: Self.pauseAfterRefusal)
                } catch let error as RPCError where error.code == .resourceExhausted {
                    link.ended("the coordinator refused this gateway's messages: \(error.message)", at: GatewayAgent.now)
                    // To tell the same again at once would come to the same.
                    log.error(
                        "the coordinator refused this gateway's messages; the current intent stays in force",
                        metadata: ["reason": "\(error.message)"]
                    )
                    try await Task.sleep(for: Self.pauseAfterRefusal)
                } catch is CancellationError {
                    return
                } catch {
                    link.ended("\(secure.trouble.latest ?? "\(error)")", at: GatewayAgent.now)
                    log.warning(
                        "no session with the coordinator; the current intent stays in force",
                        metadata: ["reason": "\(error)", "trouble": "\(secure.trouble.latest ?? "none")"])
                    try await Task.sleep(for: Self.pause)
                }
            }
        }
    }

    private func converse(_ service: AgentClient) async throws {
        let hello = await listener.hello()
        let (welcomes, welcomed) = AsyncStream<Void>.makeStream()
        let sent = Mutex(SentReport())
        try await service.session { writer in
            try await writer.write(.hello(hello))
            for await _ in welcomes { break }
            try await report(to: writer, after: sent)
        } hear: { message in
            try await listener.receive(message)
            switch message {
            case .base: sent.withLock { $0.asked(for: .base, at: GatewayAgent.now) }
            case .vpn(let vpn): sent.withLock { $0.asked(for: .vpn(vpn.name), at: GatewayAgent.now) }
            default: break
            }
            if case .welcome(let welcome) = message {
                link.began(at: GatewayAgent.now)
                log.notice("session with the coordinator", metadata: ["gateway": "\(welcome.gateway)", "revision": "\(welcome.revision)"])
                welcomed.finish()
            }
        }
    }

    private func report(to writer: AgentClient.Writer, after sent: borrowing Mutex<SentReport>) async throws {
        while !Task.isCancelled {
            if let newest = board.newest {
                let messages = sent.withLock { $0.messages(for: newest) }
                for message in messages { try await writer.write(message) }
                if messages.isEmpty { try await writer.write(.heartbeat(sentAt: newest.observedAt)) }
            }
            await board.change(within: Self.heartbeat)
        }
    }
}
