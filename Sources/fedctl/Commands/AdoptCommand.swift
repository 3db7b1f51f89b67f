import ArgumentParser
import FederationAPI
import FederationModel
import Terminal

struct AdoptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Lets agents take a database that was restored from a backup.",
        discussion: """
            Agents that hold what the lost database gave them go on with it, and refuse the restored one until this is said. It first shows \
            who waits and which VPNs they would lose: apply the newest federation file before.

            EXAMPLES
              fedctl adopt --dry-run
              fedctl adopt
              fedctl adopt --yes

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage, words: [.ok: "agents take this database, or would, or did before"]))
            """)

    @Flag(help: "Say who waits, and change nothing.")
    var dryRun = false

    @Flag(help: "Do not ask at a terminal; without a terminal, take from agents the VPNs that they would lose.")
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
                    guard console.asks("Let agents take this database?") else {
                        throw CommandError("nothing was changed", remedy: "fedctl adopt --dry-run shows it again")
                    }
                } else if !lost.isEmpty {
                    throw CommandError(
                        "agents would lose \(lost.map(\.text).joined(separator: ", ")); nothing was changed",
                        remedy: "apply the federation file that has them, or say fedctl adopt --yes")
                }
            }
            _ = try await coordinator.adopt()
            var page = Page()
            page.line(StyledText("agents take this database from now on, within half a minute", .good))
            console.show(page)
        }
    }

    static func page(_ outlook: Adoption) -> Page {
        var page = Page()
        guard outlook.changes else {
            page.line("there is nothing to adopt: this database was not restored, or agents take it already")
            return page
        }
        var table = Table(
            [.init("GATEWAY"), .init("HOLDS REVISION", .trailing), .init("WOULD LOSE")],
            emptyNote: "no agent waits now: those that connect later take this database too")
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
