import ArgumentParser
import FederationAPI
import Terminal

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Lists the revisions, newest first: who, when, how much, why.",
        discussion: """
            --audit lists requested changes instead, including refused ones (leaks, for example). What fedctl \
            itself stops (a file with errors, a changed base before the plan) is not recorded.

            EXAMPLES
              fedctl history
              fedctl history --limit 5 -o wide
              fedctl history --audit
              fedctl history -o json | jq '.revisions[] | select(.author == "ada")'

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """)

    @Option(help: ArgumentHelp("Maximum number of entries.", valueName: "n"))
    var limit: UInt32 = 20

    @Option(help: ArgumentHelp("Only entries before this number.", valueName: "number"))
    var before: UInt64 = 0

    @Flag(help: "List attempts instead of revisions.")
    var audit = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if limit == 0 { throw ValidationError("invalid --limit: must be at least 1") }
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
