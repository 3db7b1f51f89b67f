import ArgumentParser
import FederationAPI
import Invocation

/// The front door of the coordinator: to run it, and to look after its database while it does not run.
@main
struct FedCoordinator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fed-coordinator",
        abstract: "Holds the federation graph and distributes each gateway's part to its agent.",
        discussion: """
            EXAMPLES
              fed-coordinator --listen 192.0.2.10:7443 --database /var/lib/ovn-federation-coordinator/federation.db \\
                --certificate coordinator.pem --key coordinator.key --trust-roots ca.pem --revocation-list crl.pem
              fed-coordinator run --help
              fed-coordinator backup /backup/federation.db --database /var/lib/ovn-federation-coordinator/federation.db
              fed-coordinator restore /backup/federation.db --database /var/lib/ovn-federation-coordinator/federation.db
            """,
        version: "fed-coordinator 0.1.0",
        subcommands: [RunCommand.self, BackupCommand.self, RestoreCommand.self], defaultSubcommand: RunCommand.self)

    static func main() async {
        do {
            // Of the command that has no name on the command line.
            try RunCommand.refuseRepeatedOptions()
        } catch {
            exit(withError: error)
        }
        await mainWithEachOptionOnce()
    }
}

extension Endpoint: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
