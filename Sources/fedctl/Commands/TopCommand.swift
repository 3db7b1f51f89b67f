import ArgumentParser
import FederationAPI
import FederationViews
import Terminal

struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Shows live what is broken, what changes all the time and what is not applied yet, until interrupted.",
        discussion: """
            VPNs with the most failed pairs come first, then those whose verdicts changed most in the last five minutes. At a terminal the \
            screen is drawn anew every two seconds; elsewhere, and with --once, it is shown once. -o json shows it once, too.

            EXAMPLES
              fedctl top
              fedctl top --interval 10
              fedctl top --once
              fedctl top -o json | jq '.vpns[0]'

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """)

    @Option(help: ArgumentHelp("Time between two looks, 1 to 3600.", valueName: "seconds"))
    var interval = 2

    @Flag(help: "Show the screen once, and end.")
    var once = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if !(1...3600).contains(interval) { throw ValidationError("invalid --interval: must be 1 to 3600 seconds") }
    }

    func run() async throws {
        let console = Console.current()
        let isLive = console.showsProgress && !once && output.isForPeople
        try await connection.connected { coordinator in
            guard isLive else {
                let activity = try await coordinator.activity()
                return try output.show(activity, activity.page(height: nil), on: console)
            }
            var live = LivePage(on: console)
            defer { live.erase() }
            var shown: Activity?
            while true {
                do {
                    let activity = try await coordinator.activity()
                    shown = activity
                    live.draw(activity.page(height: console.height))
                } catch let failure as CallFailure where failure.isUnreachable {
                    // It may be restarting.
                    var page = shown?.page(height: console.height - 1) ?? Page()
                    page.line(StyledText("\(failure.commandError.reason); asked again in \(interval) s", .bad))
                    live.draw(page)
                }
                try await Task.sleep(for: .seconds(interval))
            }
        }
    }
}

extension AdminClient {
    fileprivate func activity() async throws -> Activity {
        let time = now()
        async let status = self.status()
        async let verdicts = self.verdicts(VerdictRequest(onlyBroken: true, mostPairs: VerificationResult.mostPairs))
        let log = try await eventLog(EventRequest(since: time - Activity.window, limit: 1000, mostPairs: 100))
        return Activity(try await status, try await verdicts, log, at: time)
    }
}
