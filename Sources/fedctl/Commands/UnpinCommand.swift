import ArgumentParser
import FederationAPI
import FederationModel
import Terminal

struct UnpinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpin",
        abstract: "Has the name of an attachment looked for anew.",
        discussion: """
            A name in the federation file is looked for once, and means what was found by its id from then on. When that is gone \
            and nothing of its project has the name (attachment-gone), or it was the wrong one, this has the cloud's agents look again: \
            what has the name is taken, and where several do, none until the file selects one by id (attachment-ambiguous).

            EXAMPLES
              fedctl unpin paris router blue-router --dry-run
              fedctl unpin paris router blue-router
              fedctl unpin paris network web --project 5f3c8a0e --yes

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .changesPending, .usage, words: [
                .ok: "it is looked for anew", .error: "the name is not pinned", .changesPending: "--dry-run: it would be looked for anew",
            ]))
            """)

    @Argument(help: "The cloud.", transform: reading)
    var cloud: CloudName

    @Argument(help: "router, network, port or bgpvpn.")
    var kind: AttachmentSelector.Kind

    @Argument(help: "The name, as the federation file has it.")
    var name: String

    @Option(help: "The project, where the federation file has one.")
    var project: String?

    @Flag(help: "Show what the name means; change nothing.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let console = Console.current()
        let selector = AttachmentSelector(kind: kind, key: .name, value: name, project: project)
        let wouldChange = try await connection.connected { coordinator in
            let outlook = try await coordinator.unpin(selector, of: cloud, isRehearsal: true)
            console.show(Self.page(outlook, cloud))
            guard outlook.changes, !dryRun else { return outlook.changes }
            if !yes {
                guard console.canAsk else {
                    throw CommandError("nothing was changed: nobody can be asked", remedy: "say it with --yes")
                }
                guard console.asks("Look for it anew?") else {
                    throw CommandError("nothing was changed", remedy: "--dry-run shows it again")
                }
            }
            _ = try await coordinator.unpin(selector, of: cloud)
            var page = Page()
            page.line(StyledText("it is looked for anew; see: fedctl verify --cloud \(cloud)", .good))
            console.show(page)
            return false
        }
        try (wouldChange ? ExitStatus.changesPending : .ok).end()
    }

    static func page(_ outlook: Unpinning, _ cloud: CloudName) -> Page {
        var page = Page()
        let pin = outlook.pin
        guard outlook.changes else {
            page.line("\(pin.selector) of \(cloud) is looked for already: no agent has found it yet")
            return page
        }
        let vpns = outlook.vpns.map(\.text).joined(separator: ", ")
        page.line(
            "\(pin.selector) of \(cloud) means \(pin.id)\(pin.project.map { " of project \($0)" } ?? ""), in \(vpns.isEmpty ? "no VPN" : vpns)"
        )
        page.line("looked for anew it is what has the name then; where several do, none, and its routes are withdrawn", indentation: 2)
        return page
    }
}

extension AttachmentSelector.Kind: ExpressibleByArgument {}
