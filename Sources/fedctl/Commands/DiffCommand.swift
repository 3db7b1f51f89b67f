import ArgumentParser
import FederationViews
import NetworkTypes
import Terminal

struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Shows what changed between two revisions: the federation, the ledger and the file.",
        discussion: """
            Three parts: clouds, VPNs, gateways and reachability; the ledger, with reservations made by command; the file. \
            Revision 0 is the empty federation before the first apply. The second number defaults to the revision in force.

            EXAMPLES
              fedctl diff 11..12
              fedctl diff 11..
              fedctl diff 1..12 -o json | jq '.plan.lost'

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .changesPending, .usage, words: [
                .ok: "they are the same", .changesPending: "they differ", .error: "there is no such revision, or no coordinator",
            ]))
            """)

    @Argument(help: ArgumentHelp("Two revisions: 11..12.", valueName: "from..to"), transform: RevisionRange.init(parsing:))
    var range: RevisionRange

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let difference = try await connection.connected {
            RevisionDifference(try await $0.comparison(from: range.from, to: range.to))
        }
        try output.show(difference, difference.page(wide: output.isWide), on: Console.current())
        try (difference.isEmpty ? ExitStatus.ok : .changesPending).end()
    }
}

/// `11..12`, `11..`.
struct RevisionRange: Hashable, Sendable {
    var from: UInt64
    /// Nil: the revision in force.
    var to: UInt64?

    init(parsing text: String) throws {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].isEmpty, let from = UInt64(parts[0]), parts[2].isEmpty || (UInt64(parts[2]) ?? 0) > 0 else {
            throw ValidationError("invalid pair of revisions \(cited(text)): write it like 11..12, or 11.. for the one in force")
        }
        self.from = from
        to = UInt64(parts[2])
    }
}
