import ArgumentParser
import Coordinator
import FederationAPI
import Invocation
import Logging
import ServiceLifecycle

/// Reads its arguments, builds the service group, runs it.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the coordinator (the default command).",
        discussion: """
            Stops on SIGTERM and SIGINT after informing the agents, which keep forwarding. Certificates, key, trust \
            roots and revocation list are reloaded when they change, and on SIGHUP.
            """)

    @Option(help: "Where to listen: ADDRESS:PORT; port 0 picks a free port and logs it.")
    var listen: Endpoint

    @Option(help: "The SQLite file with revisions and allocations. It is created, with its directory (0700), if missing.")
    var database: String

    @Option(help: "PEM file with the coordinator's certificate, followed by intermediate certificates, if any.")
    var certificate: String

    @Option(help: "PEM file with the certificate's private key; only its owner may read it.")
    var key: String

    @Option(help: "PEM file with the certificate authorities of the peers.")
    var trustRoots: String

    @Option(help: "PEM file with the authority's revocation list. Without it, revocation is not checked.")
    var revocationList: String?

    @Option(help: "Maximum size of one gateway's report, in MiB. A gateway that reports more is refused with the reason.")
    var reportLimit = 64

    @Option(help: "Days for which events and verdicts are kept (fedctl events, fedctl at TIME verify).")
    var keepEvents = 7

    @Option(help: "Minimum log level: trace, debug, info, notice, warning, error or critical.")
    var logLevel: Logger.Level = .info

    func validate() throws {
        if !(1...3650).contains(keepEvents) { throw ValidationError("invalid --keep-events: must be 1 to 3650 days") }
    }

    func run() async throws {
        LoggingSystem.bootstrap(OneLineLogHandler.init(label:))
        var log = Logger(label: "fed-coordinator")
        log.logLevel = logLevel
        do {
            let credentials = try Credentials(
                files: CredentialFiles(certificate: certificate, key: key, trustRoots: trustRoots, revocationList: revocationList),
                side: .server, log: log)
            let store = try SQLiteStore(path: database, federation: credentials.identity.federation)
            let outcome: Result<Void, any Error>
            do {
                try await serve(credentials, store, log)
                outcome = .success(())
            } catch {
                outcome = .failure(error)
            }
            // However it ended: the file is whole without its log.
            try store.close()
            try outcome.get()
        } catch {
            log.critical("cannot continue", metadata: ["reason": "\(error)"])
            throw ExitCode.failure
        }
    }

    private func serve(_ credentials: Credentials, _ store: SQLiteStore, _ log: Logger) async throws {
        try credentials.keep(in: store)
        var limits = AgentBudget.Limits()
        limits.heldBytes = max(1, reportLimit) << 20
        let controlPlane = try await ControlPlane(store: store, log: log, limits: limits)
        let server = try CoordinatorServer(
            controlPlane: controlPlane, listen: listen, credentials: credentials, history: HistoryLimits(days: keepEvents))
        log.notice(
            "coordinator starting",
            metadata: [
                "federation": "\(controlPlane.current.federation)", "revision": "\(controlPlane.current.number)", "database": "\(database)",
            ])
        var configuration = ServiceGroupConfiguration(
            services: [CredentialsReload(credentials: credentials, log: log), server, StopDeadline(seconds: 12, log: log)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
        // An agent that does not read its goodbye must not keep us.
        configuration.maximumGracefulShutdownDuration = .seconds(10)
        try await ServiceGroup(configuration: configuration).run()
    }
}
