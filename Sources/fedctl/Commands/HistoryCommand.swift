import ArgumentParser
import FederationAPI
import Terminal

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Lists the revisions, the newest first: who, when, how much, why.",
        discussion: """
            --audit lists instead what the coordinator was asked to change, and what it refused of that, leaks among it. What fedctl \
            itself stops (a file with errors, a base that moved before the plan) is not.

            EXAMPLES
              fedctl history
              fedctl history --limit 5 -o wide
              fedctl history --audit
              fedctl history -o json | jq '.revisions[] | select(.author == "ada")'

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """)

    @Option(help: ArgumentHelp("At most so many.", valueName: "n"))
    var limit: UInt32 = 20

    @Option(help: ArgumentHelp("Only those before this number.", valueName: "number"))
    var before: UInt64 = 0

    @Flag(help: "List attempts instead of revisions.")
    var audit = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if limit == 0 { throw ValidationError("--limit is a number from 1") }
    }

    func run() async throws {
        let console = Console.current()
        let page = PageRequest(before: before == 0 ? nil : before, limit: Int(limit))
        try await connection.connected { coordinator in
            if audit {
                let audit = try await coordinator.audit(page)
                try output.show(audit, audit.page, on: console)
            } else {
                let history = try await coordinator.history(page)
                try output.show(history, history.page(now: now()), on: console)
            }
        }
    }
}
