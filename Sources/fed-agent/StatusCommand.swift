import Agent
import ArgumentParser
import Invocation
import Terminal

/// What the running agent knows and does.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows what is federated on this node, where the agent knows it from, and what is wrong.",
        discussion: """
            Asks the running agent on a socket of this node; the coordinator is not needed. With -o json it prints all prefixes.

            EXIT STATUS: 0 all is as it should be, 1 no agent answers, 2 something is wrong, waited for or cannot be seen, 64 wrong usage.
            """)

    @OptionGroup var console: ConsoleOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let status = try await console.asking { try await $0.status() }
        try output.show(status, status.page)
        if !status.isSettled { throw ExitCode(2) }
    }
}

/// Where the running agent listens.
struct ConsoleOptions: ParsableArguments {
    @Option(help: "Directory of the agent's socket.")
    var runtimeDirectory = ConsolePath.directory

    var client: ConsoleClient { ConsoleClient(directory: runtimeDirectory) }

    /// Exit status 1 with the reason where the agent does not answer.
    func asking<Value: Sendable>(_ question: (ConsoleClient) async throws -> Value) async throws -> Value {
        do {
            return try await question(client)
        } catch let failure as ConsoleClient.Failure {
            throw Complaint(failure.description)
        }
    }
}

/// How answers are printed.
struct OutputOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, yaml
    }

    @Option(name: [.short, .customLong("output")], help: "table, json or yaml.")
    var output: Format = .table

    /// Pages are broken for the terminal, or for 80 columns.
    func show(_ value: some Encodable, _ page: Page) throws {
        let format = OutputFormat(rawValue: output.rawValue) ?? .table
        let console = Console.current()
        console.write(
            try format.text(of: value, page: page, coloured: console.isColoured, columns: console.columns ?? Console.defaultWidth))
    }
}

/// A failure that is told and ends with status 1.
struct Complaint: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
