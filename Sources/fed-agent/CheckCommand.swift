import Agent
import ArgumentParser
import Invocation
import Logging
import Terminal

/// What a node lacks for an agent.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Looks whether this node has what an agent needs, and says for each failure what to type.",
        discussion: """
            Kernel, sysctls, firewall, the way to every VTEP of the stored intent, FRR, Open vSwitch, OVN, permissions, clock. It needs no running
            agent and changes nothing; give it the options that the agent is given.

            EXIT STATUS: 0 nothing is wrong, 1 something could not be found out, 2 something is wrong, 64 wrong usage.
            """)

    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Seconds to wait for the databases.")
    var patience = 5

    func run() async throws {
        var log = Logger(label: "fed-agent") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = .critical
        let preflight = Preflight(surroundings: try node.surroundings(), stateDirectory: node.stateDirectory, log: log)
        let report = await preflight.run(within: .seconds(patience))
        try output.show(report, report.page)
        if report.exitStatus != 0 { throw ExitCode(report.exitStatus) }
    }
}

extension CheckReport {
    /// A line for each look, what to do below it.
    var page: Page {
        var page = Page()
        for finding in findings {
            let (word, style): (String, Style?) =
                switch finding.state {
                case .good: ("ok  ", .good)
                case .note: ("note", .doubtful)
                case .bad: ("BAD ", .bad)
                case .unknown: ("?   ", .doubtful)
                }
            page.line(StyledText(word, style) + StyledText("  \(finding.subject): \(finding.text)"))
            if !finding.remedy.isEmpty { page.line(StyledText(finding.remedy), indentation: 6) }
        }
        return page
    }
}
