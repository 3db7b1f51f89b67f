import Agent
import ArgumentParser
import FederationAPI
import Invocation
import Logging
import NetworkTypes
import OVSDB
import ServiceLifecycle

@main
struct FedAgent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fed-agent",
        abstract: "Joins this gateway node's routers to the federation's VPNs.",
        discussion: """
            Watches the cloud's OVN databases, drives FRR, the kernel and Open vSwitch so that tenants' addresses travel as
            BGP EVPN routes over VXLAN, and reports to the coordinator. Who it is, its certificate says. When it stops, or the
            coordinator is away, everything goes on as it is.

            EXAMPLE:
              fed-agent --coordinator 192.0.2.10:7443 --certificate /etc/ovn-federation/paris.gw1.pem \\
                --key /etc/ovn-federation/paris.gw1.key --trust-roots /etc/ovn-federation/ca.pem

            EXIT STATUS: 0 stopped by a signal, 1 could not start or go on, 64 wrong usage.
            """,
        version: GatewayAgent.software)

    @Option(help: "Where the coordinator listens: HOST:PORT.")
    var coordinator: String

    @Option(help: "This gateway's certificate (PEM), as `fedctl pki issue gateway` made it.")
    var certificate: String

    @Option(help: "Its private key (PEM).")
    var key: String

    @Option(help: "The federation's certificate authority (PEM).")
    var trustRoots: String

    @Option(
        help: "The authority's revocation list (PEM): the coordinator's certificate must not be in it. It is read again when it changes.")
    var revocationList: String?

    @Option(help: "Where the last intent is kept.")
    var stateDirectory = "/var/lib/ovn-federation"

    @Option(help: "The database of the local Open vSwitch.")
    var ovs = "unix:/run/openvswitch/db.sock"

    @Option(help: "The northbound database; by default ovn-nb-remote of the local Open vSwitch, else beside the southbound.")
    var northbound: String?

    @Option(help: "The southbound database; by default ovn-remote of the local Open vSwitch.")
    var southbound: String?

    @Option(help: "Certificate for ssl: databases (PEM).")
    var databaseCertificate: String?

    @Option(help: "Its private key (PEM).")
    var databaseKey: String?

    @Option(help: "The databases' certificate authority (PEM).")
    var databaseTrustRoots: String?

    @Option(help: "Where FRR's vty sockets are.")
    var frrDirectory = "/run/frr"

    @Option(help: "Where Open vSwitch's management sockets are.")
    var ovsRunDirectory = "/run/openvswitch"

    @Flag(help: "Take the coordinator's database even if it is another one, or older, than the one the stored intent came from.")
    var acceptNewEpoch = false

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: LogLevel = .info

    static func main() async { await mainWithEachOptionOnce() }

    func run() async throws {
        var log = Logger(label: "fed-agent") { OneLineLogHandler(label: $0) }
        log.logLevel = logLevel.level
        let credentials = try Credentials(
            files: CredentialFiles(certificate: certificate, key: key, trustRoots: trustRoots, revocationList: revocationList),
            side: .client, log: log)
        let directory = try StateDirectory(path: stateDirectory, log: log)
        try credentials.keep(in: directory)
        let agent = try GatewayAgent(
            surroundings: GatewayAgent.Surroundings(databases: try remotes(), frrDirectory: frrDirectory, switchDirectory: ovsRunDirectory),
            store: directory, acceptsNewEpoch: acceptNewEpoch, log: log)
        let board = ReportBoard()
        let session = CoordinatorSession(
            endpoint: try Endpoint(parsing: coordinator), credentials: credentials, listener: agent, board: board, log: log)
        let reporter = Reporter(agent: agent, board: board, log: log)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: Work { try await agent.run() }),
                    .init(service: Work { await reporter.run() }),
                    .init(service: Work { try await session.run() }),
                    .init(service: Work { [log] in await ExpiryLog(credentials: credentials, log: log).run() }),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: log))
        log.notice("started", metadata: ["identity": "\(credentials.identity)", "coordinator": "\(coordinator)"])
        try await group.run()
        log.notice("stopped; nothing is withdrawn")
    }

    private func remotes() throws -> Databases.Remotes {
        var tls: OVSDBTLS?
        switch (databaseCertificate, databaseKey, databaseTrustRoots) {
        case (let certificate?, let key?, let roots?):
            tls = OVSDBTLS(certificateFile: certificate, privateKeyFile: key, trustRootsFile: roots)
        case (nil, nil, nil): break
        default: throw ValidationError("--database-certificate, --database-key and --database-trust-roots go together.")
        }
        return Databases.Remotes(
            local: try OVSDBRemote.list(parsing: ovs), southbound: try southbound.map { try OVSDBRemote.list(parsing: $0) },
            northbound: try northbound.map { try OVSDBRemote.list(parsing: $0) }, tls: tls)
    }
}

/// A log level as the command line says it.
struct LogLevel: ExpressibleByArgument {
    let level: Logger.Level

    static let info = LogLevel(level: .info)

    init(level: Logger.Level) { self.level = level }

    init?(argument: String) {
        guard let level = Logger.Level(rawValue: argument) else { return nil }
        self.level = level
    }

    var defaultValueDescription: String { level.rawValue }
    static var allValueStrings: [String] { Logger.Level.allCases.map(\.rawValue) }
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
        }
    }
}
