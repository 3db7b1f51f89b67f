import ArgumentParser
import Terminal

struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Makes a new revision with the graph of an old one.",
        discussion: """
            Values allocated at that time are used again, so every gateway gets what it had. It is planned and checked like an \
            apply, and it replaces a revision that awaits confirmation. At a terminal you are asked first; --yes skips the question.

            EXAMPLES
              fedctl rollback 11 --dry-run
              fedctl rollback 11 --wait 30 -m "kyoto was a mistake"

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .changesPending, .conflict, .leak, .usage, words: [
                .ok: "done, or nothing to change", .error: "refused, or there is no such revision",
                .changesPending: "--dry-run: there are changes; --wait: not all agents applied in time",
                .conflict: "--base is not in force, or another admin applied at the same moment",
            ]))
            """)

    @Argument(help: "The revision whose graph comes into force again; 0 is the empty federation.")
    var revision: UInt64

    @Flag(help: "Show what would change; change nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("Roll back only if this revision is in force.", valueName: "revision"))
    var base: UInt64?

    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let console = Console.current()
        try await connection.connected { coordinator in
            let making = ChangeWorkflow(coordinator: coordinator, console: console, output: output, change: change, asking: .always)
            if dryRun { return try await making.rehearse(rollbackTo: revision, base: base) }
            try await making.rollback(to: revision, base: base)
        }
    }
}
