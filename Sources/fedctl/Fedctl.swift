import ArgumentParser
import Invocation
import Terminal

/// The admin's hand and eye: reads its arguments, asks the coordinator, shows the answer.
@main
struct Fedctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fedctl",
        abstract: "Says what a federation of OVN clouds is to be, and sees whether it is.",
        discussion: """
            It talks to a fed-coordinator over mTLS, as the admin whose certificate lies in the --certs folder \
            (ca.pem and admin.pem with its key, or admin-NAME.pem with its key; “fedctl pki” makes them).

            EXAMPLES
              fedctl pki init --federation demo
              fedctl plan -f topologies/two-clouds/federation.yaml
              fedctl apply -f topologies/two-clouds/federation.yaml --wait 30
              fedctl verify
              fedctl history
              fedctl --coordinator 192.168.100.1:7443 status

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .changesPending, .verifyFailed, .unknown, .conflict, .leak, .usage))

            ENVIRONMENT
              FEDCTL_COORDINATOR  what --coordinator is by default
              FEDCTL_CERTS        what --certs is by default
              FEDCTL_ADMIN        what --admin is by default
              NO_COLOR            if not empty, nothing is coloured
            """,
        version: "fedctl 0.1.0",
        subcommands: [
            ValidateCommand.self, PlanCommand.self, ApplyCommand.self, ConfirmCommand.self, RollbackCommand.self, HistoryCommand.self,
            DiffCommand.self, ExportCommand.self, GetCommand.self, DescribeCommand.self, CreateCommand.self, SetCommand.self,
            DeleteCommand.self, AllocCommand.self, GraphCommand.self, StatusCommand.self, RoutesCommand.self, VerifyCommand.self,
            WatchCommand.self, BackupCommand.self, AdoptCommand.self, PKICommand.self,
        ])

    @OptionGroup var connection: ConnectionOptions

    static func main() async {
        do {
            try refuseRepeatedOptions()
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let complaint as Complaint {
            Console.current().complain(complaint.page)
            exit(withError: ExitCode(ExitStatus.error.rawValue))
        } catch let failure as CallFailure {
            Console.current().complain(failure.complaint.page)
            exit(withError: ExitCode(failure.exitStatus.rawValue))
        } catch {
            exit(withError: error)
        }
    }
}
