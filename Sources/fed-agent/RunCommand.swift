import Agent
import ArgumentParser
import FederationAPI
import Invocation
import Logging
import ServiceLifecycle

/// The agent itself.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Joins this gateway node's routers to the federation's VPNs.",
        discussion: """
            Watches the cloud's OVN databases, drives FRR, the kernel and Open vSwitch so that tenants' addresses travel as
            BGP EVPN routes over VXLAN, and reports to the coordinator. Its certificate is its identity. When it stops, or the
            coordinator is unreachable, forwarding continues unchanged.

            EXIT STATUS: 0 stopped by a signal, 1 failed to start or to continue, 64 invalid command line.
            """)

    @Option(help: "Where the coordinator listens: HOST:PORT.")
    var coordinator: String

    @Option(help: "This gateway's certificate (PEM), from `fedctl pki issue gateway`.")
    var certificate: String

    @Option(help: "Its private key (PEM).")
    var key: String

    @Option(help: "The federation's certificate authority (PEM).")
    var trustRoots: String

    @Option(
        help: "The authority's revocation list (PEM), checked for the coordinator's certificate and reloaded when it changes.")
    var revocationList: String?

    @OptionGroup var node: NodeOptions
    @OptionGroup var console: ConsoleOptions

    @Flag(help: "Accept the coordinator's database even if it is a different or older one than that of the stored intent.")
    var acceptNewEpoch = false

    @Option(
        help:
            "Record what the agent sees and decides in this file, for `fed-agent replay`; it is readable for root only, and of full ones two stay."
    )
    var record: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: Logger.Level = .info

    func run() async throws {
        var log = Logger(label: "fed-agent") { OneLineLogHandler(label: $0) }
        log.logLevel = logLevel
        let credentials = try Credentials(
            files: CredentialFiles(certificate: certificate, key: key, trustRoots: trustRoots, revocationList: revocationList),
            side: .client, log: log)
        let directory = try StateDirectory(path: node.stateDirectory, log: log)
        let lock = try await StateLock.taken(node.stateDirectory, within: .seconds(1))
        defer { withExtendedLifetime(lock) {} }
        try credentials.keep(in: directory)
        let agent = try GatewayAgent(
            surroundings: try node.surroundings(), store: directory, acceptsNewEpoch: acceptNewEpoch, recording: record, log: log)
        let board = ReportBoard()
        let link = CoordinatorLink()
        let session = CoordinatorSession(
            endpoint: try Endpoint(parsing: coordinator), credentials: credentials, listener: agent, board: board, link: link, log: log)
        let reporter = Reporter(agent: agent, board: board, log: log)
        let server = ConsoleServer(directory: console.runtimeDirectory, log: log) { request in
            await agent.answer(request, board.newest, link)
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: Work { try await agent.run() }),
                    .init(service: Work { await reporter.run() }),
                    .init(service: Work { try await session.run() }),
                    .init(service: Work { await server.run() }),
                    .init(service: Work { [log] in await ExpiryLog(credentials: credentials, log: log).run() }),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: log))
        log.notice("started", metadata: ["identity": "\(credentials.identity)", "coordinator": "\(coordinator)"])
        try await group.run()
        log.notice("stopped; routes stay in place")
    }
}

/// A part of the agent as a service: it ends when the group is told to stop.
struct Work: Service {
    let body: @Sendable () async throws -> Void

    init(_ body: @escaping @Sendable () async throws -> Void) { self.body = body }

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown(body)
        } catch is CancellationError {
            // That is what the shutdown does, and no failure.
        } catch  where Task.isShuttingDownGracefully {
            // What is interrupted while it connects says so in its own words.
        }
    }
}
