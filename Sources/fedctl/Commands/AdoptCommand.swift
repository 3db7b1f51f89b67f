import ArgumentParser
import FederationAPI
import FederationModel
import Terminal

struct AdoptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Makes agents accept a database that was restored from a backup.",
        discussion: """
            Agents keep the state of the lost database and refuse the restored one until it is adopted. The command first shows \
            which agents wait and which VPNs they would lose: apply the newest federation file before.

            EXAMPLES
              fedctl adopt --dry-run
              fedctl adopt
              fedctl adopt --yes

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage, words: [.ok: "agents accept this database, or would, or already did"]))
            """)

    @Flag(help: "Show which agents wait; change nothing.")
    var dryRun = false

    @Flag(help: "Do not ask at a terminal; without a terminal, agree that agents lose VPNs.")
    var yes = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let console = Console.current()
        try await connection.connected { coordinator in
            let outlook = try await coordinator.adopt(isRehearsal: true)
            console.show(Self.page(outlook))
            guard outlook.changes, !dryRun else { return }
            let lost = Set(outlook.agents.flatMap(\.lost)).sorted()
            if !yes {
                if console.canAsk {
                    guard console.asks("Make agents accept this database?") else {
                        throw CommandError("nothing was changed", remedy: "fedctl adopt --dry-run shows it again")
                    }
                } else if !lost.isEmpty {
                    throw CommandError(
                        "agents would lose \(lost.map(\.text).joined(separator: ", ")); nothing was changed",
                        remedy: "apply the federation file that has them, or run fedctl adopt --yes")
                }
            }
            _ = try await coordinator.adopt()
            var page = Page()
            page.line(StyledText("agents now accept this database, within half a minute", .good))
            console.show(page)
        }
    }

    static func page(_ outlook: Adoption) -> Page {
        var page = Page()
        guard outlook.changes else {
            page.line("nothing to adopt: this database was not restored, or agents already accept it")
            return page
        }
        var table = Table(
            [.init("GATEWAY"), .init("HOLDS REVISION", .trailing), .init("WOULD LOSE")],
            emptyNote: "no agent waits now; agents that connect later also accept this database")
        for agent in outlook.agents {
            table.add([
                StyledText("\(agent.gateway)"), StyledText("\(agent.revision)"),
                agent.lost.isEmpty ? StyledText("nothing", .good) : StyledText(agent.lost.map(\.text).joined(separator: ", "), .bad),
            ])
        }
        page.table(table)
        return page
    }
}
