import Agent
import ArgumentParser
import FederationModel
import Invocation
import Logging
import NetworkTypes

/// What the agent of this node sees, wants and would do.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Shows why a VPN's prefixes are or are not advertised and reached; without a VPN, what would be done on this node.",
        discussion: """
            With a VPN it asks the running agent, and shows each step of a prefix's way: from OVN to bgpd for one of this cloud, from bgpd to
            OVN for one of another. Without, it needs no running agent: it reads the stored intent, the databases, the kernel, the flows, bgpd
            and zebra as an agent that starts would, prints facts, design and plan, and changes nothing. It needs root, as the sockets do.

            EXAMPLES
              fed-agent explain
              fed-agent explain blue
              fed-agent explain blue 10.1.0.11

            EXIT STATUS: 0 all is as it should be, 1 something cannot be read or no agent answers, 2 something is to be done, is waited for or is
            wrong, 64 wrong usage.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    @Argument(help: "The VPN that the running agent is asked about.")
    var vpn: String?

    @Argument(help: "An address or a prefix.")
    var prefix: String?

    @OptionGroup var node: NodeOptions
    @OptionGroup var console: ConsoleOptions

    @Option(name: [.short, .customLong("output")], help: "table or json.")
    var output: Format = .table

    @Option(help: "Seconds to wait for the databases.")
    var patience = 5

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: Logger.Level = .critical

    func validate() throws { if let vpn { _ = try request(vpn) } }

    func run() async throws {
        if let vpn {
            let request = try request(vpn)
            let explanation = try await console.asking { try await $0.explain(request) }
            let options = try OutputOptions.parse(["--output", output.rawValue])
            try options.show(explanation, explanation.page)
            if !explanation.holds { throw ExitCode(2) }
            return
        }
        var log = Logger(label: "fed-agent") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = logLevel
        let explainer = try Explainer(surroundings: try node.surroundings(), stateDirectory: node.stateDirectory, log: log)
        let explanation = await explainer.explain(within: .seconds(patience))
        print(output == .json ? try explanation.json() : explanation.text)
        if !explanation.isComplete { throw ExitCode(1) }
        if !explanation.isSettled { throw ExitCode(2) }
    }

    private func request(_ vpn: String) throws -> ConsoleRequest {
        do {
            let name = try VPNName(parsing: vpn)
            guard let text = prefix else { return .explain(vpn: name, prefix: nil) }
            let parsed = text.contains("/") ? try IPPrefix(parsing: text) : IPPrefix(host: try IPAddress(parsing: text))
            return .explain(vpn: name, prefix: parsed)
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
