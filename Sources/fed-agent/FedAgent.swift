import Agent
import ArgumentParser
import Invocation

/// The front door of the agent: to run it, and to see what it thinks without it.
@main
struct FedAgent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fed-agent",
        abstract: "Joins this gateway node's routers to the federation's VPNs.",
        discussion: """
            EXAMPLES
              fed-agent --coordinator 192.0.2.10:7443 --certificate /etc/ovn-federation/paris.gw1.pem \\
                --key /etc/ovn-federation/paris.gw1.key --trust-roots /etc/ovn-federation/ca.pem
              fed-agent run --help
              fed-agent check
              fed-agent status
              fed-agent explain blue 10.1.0.11
              fed-agent cleanup
              fed-agent replay /var/log/fed-agent.recording
            """,
        version: GatewayAgent.software,
        subcommands: [
            RunCommand.self, StatusCommand.self, CheckCommand.self, ExplainCommand.self, CleanupCommand.self, ReplayCommand.self,
        ],
        defaultSubcommand: RunCommand.self)

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
