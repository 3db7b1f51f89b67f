import ArgumentParser
import Coordinator
import FederationAPI
import Logging
import ServiceLifecycle

/// Reads its arguments, builds the service group, runs it.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the coordinator (this is what is done without a command's name).",
        discussion: """
            Stops at SIGTERM and SIGINT after agents were told; agents keep forwarding meanwhile. Certificates, key, trust \
            roots and revocation list are read again when they change, and at SIGHUP.
            """)

    @Option(help: "Where to listen: ADDRESS:PORT; port 0 takes a free one and logs it.")
    var listen: Endpoint

    @Option(help: "The SQLite file with revisions and allocations. It is made, with its directory (0700), if it is not there.")
    var database: String

    @Option(help: "PEM file with the coordinator's certificate, followed by intermediate ones if there are any.")
    var certificate: String

    @Option(help: "PEM file with the key of the certificate; for its owner's eyes only.")
    var key: String

    @Option(help: "PEM file with the authorities whose certificates peers must have.")
    var trustRoots: String

    @Option(help: "PEM file with the authority's revocation list. Without it revocation is not looked at.")
    var revocationList: String?

    @Option(help: "How much of one gateway's report is kept, in MiB. A gateway that reports more is sent away with the reason.")
    var reportLimit = 64

    @Option(help: "Least severe level that is logged: trace, debug, info, notice, warning, error or critical.")
    var logLevel: Logger.Level = .info

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
            log.critical("cannot go on", metadata: ["reason": "\(error)"])
            throw ExitCode.failure
        }
    }

    private func serve(_ credentials: Credentials, _ store: SQLiteStore, _ log: Logger) async throws {
        try credentials.keep(in: store)
        var limits = AgentBudget.Limits()
        limits.heldBytes = max(1, reportLimit) << 20
        let controlPlane = try await ControlPlane(store: store, log: log, limits: limits)
        let server = try CoordinatorServer(controlPlane: controlPlane, listen: listen, credentials: credentials)
        log.notice(
            "coordinator starts",
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
