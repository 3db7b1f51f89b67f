import ArgumentParser
import Terminal

struct ConfirmCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm",
        abstract: "Confirms the revision that was applied with --confirm.",
        discussion: """
            Without confirmation the coordinator rolls back to the previous revision when the time is over.

            EXAMPLES
              fedctl apply -f federation.yaml --confirm 5m && fedctl verify --wait 60 && fedctl confirm
              fedctl confirm 12

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage, words: [.error: "no revision awaits confirmation, or another one does"]))
            """)

    @Argument(help: ArgumentHelp("Only if this revision awaits confirmation.", valueName: "revision"))
    var revision: UInt64?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let number = try await connection.connected { try await $0.confirm(revision) }
        var page = Page()
        page.line(StyledText("revision \(number) stays in force", .good))
        Console.current().show(page)
    }
}
