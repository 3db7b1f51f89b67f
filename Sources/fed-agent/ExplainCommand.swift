import Agent
import ArgumentParser
import Invocation
import Logging

/// What the agent of this node sees, wants and would do.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Shows what is seen on this node, what should be there, and what would be done, and does nothing.",
        discussion: """
            Reads the stored intent, the databases, the kernel, the flows, bgpd and zebra as an agent that starts would, and prints
            facts, design and plan. It works beside the running agent and changes nothing. It needs root, as the sockets that it asks do.

            EXIT STATUS: 0 the node is as designed, 1 something cannot be read, 2 something is to be done, is waited for or is a problem,
            64 wrong usage.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    @OptionGroup var node: NodeOptions

    @Option(name: [.short, .customLong("output")], help: "table or json.")
    var output: Format = .table

    @Option(help: "Seconds to wait for the databases.")
    var patience = 5

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: Logger.Level = .critical

    func run() async throws {
        var log = Logger(label: "fed-agent") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = logLevel
        let explainer = try Explainer(surroundings: try node.surroundings(), stateDirectory: node.stateDirectory, log: log)
        let explanation = await explainer.explain(within: .seconds(patience))
        print(output == .json ? try explanation.json() : explanation.text)
        if !explanation.isComplete { throw ExitCode(1) }
        if !explanation.isSettled { throw ExitCode(2) }
    }
}
