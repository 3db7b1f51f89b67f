import ArgumentParser
import Terminal

struct ConfirmCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm",
        abstract: "Keeps the revision that was applied with --confirm.",
        discussion: """
            Without it the coordinator goes back to the revision before, as soon as the time is over.

            EXAMPLES
              fedctl apply -f federation.yaml --confirm 5m && fedctl verify --wait 60 && fedctl confirm
              fedctl confirm 12

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage, words: [.error: "nothing waits for a confirmation, or another revision does"]))
            """)

    @Argument(help: ArgumentHelp("Only if it is this one that waits.", valueName: "revision"))
    var revision: UInt64?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let number = try await connection.connected { try await $0.confirm(revision) }
        var page = Page()
        page.line(StyledText("revision \(number) stays in force", .good))
        Console.current().show(page)
    }
}
