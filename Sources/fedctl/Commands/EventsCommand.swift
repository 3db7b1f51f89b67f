import ArgumentParser
import FederationAPI
import FederationModel
import FederationViews
import Terminal

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Shows what happened: changes of verdicts, agents that came and went, revisions, repairs.",
        discussion: """
            The coordinator writes events down and keeps them for a week (fed-coordinator run --keep-events). Pairs of which the same \
            became the same at one moment are one event. A restart of the coordinator is no event of the pairs: only those that are \
            not again what they were within 30 s are told. Times are UTC, by the coordinator’s clock.

            EXAMPLES
              fedctl events --since 2h
              fedctl events --vpn blue --from paris --to tokyo --since 03:00
              fedctl events --follow
              fedctl events --since 1d -o json | jq '.events[] | select(.verdicts.after.state == "failed")'

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """)

    @Option(help: ArgumentHelp("Only what concerns this VPN.", valueName: "name"), transform: reading)
    var vpn: VPNName?

    @Option(help: ArgumentHelp("Only pairs with this origin (left of the arrow), and its agents.", valueName: "cloud"), transform: reading)
    var from: CloudName?

    @Option(help: ArgumentHelp("Only pairs with this viewer (right of the arrow), and its agents.", valueName: "cloud"), transform: reading)
    var to: CloudName?

    @Option(
        help: ArgumentHelp("Only events since then: 2h, 03:00 or 2026-11-29T03:00:00Z.", valueName: "time"),
        transform: { try PastTime(parsing: $0) })
    var since: PastTime?

    @Option(help: ArgumentHelp("At most so many, the newest (default: 50; with --since 1000).", valueName: "n"))
    var limit: Int?

    @Flag(name: .shortAndLong, help: "Go on with events as they happen, until interrupted.")
    var follow = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if let limit, !(1...EventRequest.most).contains(limit) {
            throw ValidationError("invalid --limit: must be 1 to \(EventRequest.most)")
        }
        if follow, output.output == .yaml { throw ValidationError("-o yaml is not line-based; use -o json with --follow") }
    }

    private var request: EventRequest {
        EventRequest(
            vpn: vpn, origin: from, viewer: to, since: since?.milliseconds, limit: limit ?? (since == nil ? 50 : 1000),
            mostPairs: output.output == .table ? 1 : 1000)
    }

    func run() async throws {
        let console = Console.current()
        let request = request
        do {
            try await connection.connected { coordinator in
                guard follow else {
                    let log = try await log(of: request, from: coordinator)
                    return try output.show(EventLogView(log), log.page(for: request, wide: output.isWide), on: console)
                }
                try await coordinator.watch(withVerdicts: .init()) { happened in
                    if case .verdicts = happened.kind {
                        let log = try await log(of: request, from: coordinator)
                        if output.output == .json {
                            for event in log.events { try console.writeLine(EventView(event).json) }
                        } else {
                            console.show(log.page(for: request, wide: output.isWide))
                        }
                    } else if happened.isKept, let kind = request.part(of: happened.kind) {
                        let event = EventView(FederationEvent(at: happened.at, kind))
                        if output.output == .json {
                            try console.writeLine(event.json)
                        } else {
                            for line in event.lines(wide: output.isWide) {
                                try console.writeLine(line.rendered(coloured: console.isColoured))
                            }
                        }
                    }
                }
            }
        } catch is ReaderGone {}
    }

    /// A name that nothing has selects nothing, and would look like peace.
    private func log(of request: EventRequest, from coordinator: AdminClient) async throws -> EventLog {
        let log = try await coordinator.eventLog(request)
        if log.events.isEmpty, request.isChoice {
            let graph = try await coordinator.graph().required()
            if let vpn { _ = try find(vpn, in: graph.vpns, "VPN") }
            for cloud in [from, to] { if let cloud { _ = try find(cloud, in: graph.clouds, "cloud") } }
        }
        return log
    }
}

/// Nobody reads what we write any more (`| head`).
struct ReaderGone: Error {}

extension Console {
    func writeLine(_ text: String) throws(ReaderGone) { if !write(text + "\n") { throw ReaderGone() } }
}
