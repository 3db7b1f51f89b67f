import ArgumentParser
import FederationViews
import Terminal

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Shows events as they happen, one per line, until interrupted.",
        discussion: """
            Times are UTC, by the coordinator’s clock. -o json writes one JSON object a line.

            EXAMPLES
              fedctl watch
              fedctl watch -o json | jq -c 'select(.event == "drift-repaired")'

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage, words: [
                .ok: "the coordinator stopped, or the output was closed", .error: "the connection failed",
            ]))
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if output.output == .yaml { throw ValidationError("-o yaml is not line-based; use -o json") }
    }

    func run() async throws {
        let console = Console.current()
        let isForPrograms = output.output == .json
        do {
            try await connection.connected { coordinator in
                try await coordinator.watch { happened in
                    let event = EventView(happened)
                    let line = isForPrograms ? try event.json : event.line.rendered(coloured: console.isColoured)
                    try console.writeLine(line)
                }
            }
        } catch is ReaderGone {}
    }
}
