import ArgumentParser
import FederationAPI
import FederationViews
import Terminal

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows the state of the whole federation on one screen.",
        discussion: """
            Pairs that fail only because an agent has not applied a change yet count as pending.

            EXAMPLES
              fedctl status
              fedctl status -o json | jq -r .state

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .changesPending, .verifyFailed, .unknown, .usage, words: [
                .ok: "every agent applied the revision, and every pair is OK, PROGRAMMED, DEGRADED, WAITING or EMPTY",
                .verifyFailed: "a pair failed, or an agent refused its part",
            ]))
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let request = VerdictRequest(mostPairs: output.isForPeople ? VerificationResult.mostPairs : nil)
        let overview = try await connection.connected { coordinator in
            Overview(status: try await coordinator.status(), verification: VerificationResult(try await coordinator.verdicts(request)))
        }
        try output.show(overview, overview.page(now: now()), on: Console.current())
        try overview.exitStatus.end()
    }
}
