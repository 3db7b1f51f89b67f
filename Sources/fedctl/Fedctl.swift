import ArgumentParser
import FederationAPI
import Invocation
import Terminal
import Verification

/// The admin's hand and eye: reads its arguments, asks the coordinator, shows the answer.
@main
struct Fedctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fedctl",
        abstract: "Defines a federation of OVN clouds and verifies it.",
        discussion: """
            It talks to a fed-coordinator over mTLS, as the admin whose certificate is in the --certs folder \
            (ca.pem and admin.pem with its key, or admin-NAME.pem with its key; “fedctl pki” creates them).

            EXAMPLES
              fedctl pki init --federation demo
              fedctl plan -f topologies/two-clouds/federation.yaml
              fedctl apply -f topologies/two-clouds/federation.yaml --wait 30
              fedctl verify
              fedctl history
              fedctl --coordinator 192.168.100.1:7443 status

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .changesPending, .verifyFailed, .unknown, .conflict, .leak, .isolationViolated, .usage))

            ENVIRONMENT
              FEDCTL_COORDINATOR  default of --coordinator
              FEDCTL_CERTS        default of --certs
              FEDCTL_ADMIN        default of --admin
              NO_COLOR            if not empty, output has no colours
            """,
        version: version,
        groupedSubcommands: [
            CommandGroup(
                name: "LOOK:",
                subcommands: [
                    StatusCommand.self, VerifyCommand.self, ExplainCommand.self, IsolationCommand.self, WhatIfCommand.self,
                    CausesCommand.self, BundleCommand.self,
                    GetCommand.self, DescribeCommand.self, RoutesCommand.self, BGPVPNCommand.self, EventsCommand.self, WatchCommand.self,
                    TopCommand.self,
                    GraphCommand.self, HistoryCommand.self, DiffCommand.self, ExportCommand.self,
                ]),
            CommandGroup(
                name: "CHANGE:",
                subcommands: [
                    ValidateCommand.self, PlanCommand.self, ApplyCommand.self, ImportCommand.self, CreateCommand.self, SetCommand.self,
                    DeleteCommand.self,
                ]),
            CommandGroup(
                name: "REPAIR:",
                subcommands: [ConfirmCommand.self, RollbackCommand.self, UnpinCommand.self, BackupCommand.self, AdoptCommand.self]),
            CommandGroup(name: "NUMBERS:", subcommands: [AllocCommand.self]),
            CommandGroup(name: "SETUP:", subcommands: [PKICommand.self, CompletionCommand.self, VersionCommand.self]),
        ])

    static let version = "fedctl 0.1.0"

    @OptionGroup var connection: ConnectionOptions

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        // “fedctl help” explains commands; of what verify prints, it explains causes.
        if arguments.count == 2, arguments[0] == "help", let cause = CauseCode(rawValue: arguments[1]) {
            return Console.current().show(cause.page)
        }
        if let words = AtTime.verification(arguments) { return await run(words) }
        await run(arguments)
    }

    private static func run(_ arguments: [String]) async {
        if let complaint = Misspelling.complaint(arguments, of: Fedctl.self) {
            Console.current().complain(complaint.page)
            exit(withError: ExitCode(ExitStatus.usage.rawValue))
        }
        do {
            try await runWithEachOptionOnce(arguments)
        } catch let error as CommandError {
            Console.current().complain(error.page)
            exit(withError: ExitCode(ExitStatus.error.rawValue))
        } catch let failure as CallFailure {
            Console.current().complain(failure.commandError.page)
            exit(withError: ExitCode(failure.exitStatus.rawValue))
        } catch {
            exit(withError: error)
        }
    }
}
