import ArgumentParser
import Coordinator
import FederationAPI
import Invocation
import Logging
import ServiceLifecycle

/// The front door of the coordinator: reads its arguments, builds the service group, runs it.
@main
struct FedCoordinator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fed-coordinator",
        abstract: "Holds the federation graph and gives each cloud's agents their part.",
        discussion: """
            Stops at SIGTERM and SIGINT after agents were told; agents keep forwarding meanwhile. Certificates, key, trust \
            roots and revocation list are read again when they change, and at SIGHUP.
            """, version: "fed-coordinator 0.1.0")

    @Option(help: "Where to listen: ADDRESS:PORT; port 0 takes a free one and logs it.")
    var listen: Endpoint

    @Option(help: "The SQLite file with revisions and allocations. It is made, with its directory (0700), if it is not there.")
    var database: String

    @Option(help: "PEM file with the coordinator's certificate, followed by intermediate ones if there are any.")
    var certificate: String

    @Option(help: "PEM file with the key of the certificate.")
    var key: String

    @Option(help: "PEM file with the authorities whose certificates peers must have.")
    var trustRoots: String

    @Option(help: "PEM file with the authority's revocation list. Without it revocation is not looked at.")
    var revocationList: String?

    @Option(help: "Least severe level that is logged: trace, debug, info, notice, warning, error or critical.")
    var logLevel: Logger.Level = .info

    static func main() async { await mainWithEachOptionOnce() }

    func run() async throws {
        LoggingSystem.bootstrap(StreamLogHandler.standardError(label:))
        var log = Logger(label: "fed-coordinator")
        log.logLevel = logLevel
        do {
            let credentials = try Credentials(
                files: CredentialFiles(certificate: certificate, key: key, trustRoots: trustRoots, revocationList: revocationList),
                side: .server, log: log)
            let store = try SQLiteStore(path: database, federation: credentials.identity.federation)
            let office = try await Office(store: store, log: log)
            let server = try CoordinatorServer(office: office, listen: listen, credentials: credentials)
            log.notice(
                "coordinator starts",
                metadata: ["federation": "\(office.current.federation)", "revision": "\(office.current.number)", "database": "\(database)"])
            var configuration = ServiceGroupConfiguration(
                services: [CredentialsReload(credentials: credentials, log: log), server], gracefulShutdownSignals: [.sigterm, .sigint],
                logger: log)
            // An agent that does not read its goodbye must not keep us.
            configuration.maximumGracefulShutdownDuration = .seconds(10)
            try await ServiceGroup(configuration: configuration).run()
            try store.close()
        } catch {
            log.critical("cannot go on", metadata: ["reason": "\(error)"])
            throw ExitCode.failure
        }
    }
}

extension Endpoint: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
