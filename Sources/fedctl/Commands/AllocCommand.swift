import ArgumentParser
import Federation
import FederationAPI
import FederationModel
import FederationViews
import NetworkTypes
import Terminal

struct AllocCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alloc",
        abstract: "Manages the ledger of values that must be unique: AS, VNI, route targets, RD indexes, addresses.",
        discussion: """
            EXAMPLES
              fedctl alloc list --kind vni
              fedctl alloc check
              fedctl alloc reserve vni 20001-20010 --reason "old fabric"
              fedctl alloc release vni 20001-20010

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """,
        subcommands: [AllocList.self, AllocCheck.self, AllocReserve.self, AllocRelease.self])

    struct AllocList: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists what is held, in quarantine or reserved, with owner, age and reason.",
            discussion: """
                EXAMPLES
                  fedctl alloc list
                  fedctl alloc list --kind rt --state quarantined -o json

                EXIT STATUS
                \(ExitStatus.manual(.ok, .error, .usage))
                """)

        @Option(help: "Only this kind: as, vni, rt, rd-index, vtep, router-mac, probe-address or address.")
        var kind: LedgerEntry.Kind?
        @Option(help: "Only this state: held, quarantined or reserved.")
        var state: LedgerEntry.State?
        @OptionGroup var output: OutputOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let ledger = try await connection.connected { try await $0.ledger() }
            let entries = ledger.entries.filter { (kind == nil || $0.kind == kind) && (state == nil || $0.state == state) }
            try output.show(entries.map(LedgerLine.init), entries.page(now: now()), on: Console.current())
        }
    }

    struct AllocCheck: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Checks the ledger for problems before they become errors.",
            discussion: """
                Reports pools that run out, values outside of their pool, and targets that FRR would confuse.

                EXAMPLES
                  fedctl alloc check || mail -s ledger admin

                EXIT STATUS
                \(ExitStatus.manual(.ok, .error, .usage, words: [.error: "problems were found, or there is no coordinator"]))
                """)

        @OptionGroup var output: OutputOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let ledger = try await connection.connected { try await $0.ledger() }
            try output.show(ledger.problems, ledger.problems.page, on: Console.current())
            try (ledger.problems.isEmpty ? ExitStatus.ok : .error).end()
        }
    }

    struct AllocReserve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reserve", abstract: "Reserves values that are used outside of the federation.",
            discussion: """
                Makes a new revision with the same graph. If you keep a federation file, write “reserved:” in it instead.

                EXAMPLES
                  fedctl alloc reserve vni 20001-20010 --reason "old fabric"
                  fedctl alloc reserve rt 64900:500 --reason "old fabric" --dry-run

                EXIT STATUS
                \(ExitStatus.manual(.ok, .error, .changesPending, .conflict, .usage, words: [
                    .ok: "done, or nothing to change", .error: "one of the values is in use in the federation",
                    .changesPending: "--dry-run: it would be reserved",
                ]))
                """)

        @OptionGroup var values: ValueArguments
        @Option(help: "What uses the values.")
        var reason: String
        @OptionGroup var change: LedgerOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let reservation = Reservation(values: try values.parsed(), reason: reason)
            let order = ReserveOrder(reservation, terms: change.conditions, isRehearsal: change.dryRun)
            let outcome = try await connection.connected { try await $0.reserve(order) }
            try change.show(outcome, of: values, "reserved")
        }
    }

    struct AllocRelease: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "release", abstract: "Removes a reservation, or ends a quarantine early.",
            discussion: """
                End a quarantine only if no agent can still use the value: an agent that was offline could rejoin another tenant’s network.

                EXAMPLES
                  fedctl alloc release vni 20001-20010

                EXIT STATUS
                \(ExitStatus.manual(.ok, .error, .changesPending, .conflict, .usage, words: [
                    .error: "the values are not reserved by command and not in quarantine", .changesPending: "--dry-run: it would be released",
                ]))
                """)

        @OptionGroup var values: ValueArguments
        @OptionGroup var change: LedgerOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let order = ReleaseOrder(try values.parsed(), terms: change.conditions, isRehearsal: change.dryRun)
            let outcome = try await connection.connected { try await $0.release(order) }
            try change.show(outcome, of: values, "released")
        }
    }

    struct ValueArguments: ParsableArguments {
        @Argument(help: "as, vni, rt, router-mac or address.")
        var kind: String
        @Argument(help: "A value; for as and vni also a range, 20001-20010.")
        var value: String

        func validate() throws { _ = try parsed() }

        func parsed() throws -> Reservation.Values {
            do throws(ParseError) {
                return try Reservation.Values(kind: kind, parsing: value)
            } catch {
                throw ValidationError("\(error.reason); \(error.remedy)")
            }
        }
    }
}

/// On what conditions values are reserved or released, and how that is told.
struct LedgerOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("Reason for the change, shown in the history.", valueName: "text"))
    var message: String?

    @Flag(help: "Check whether it is possible; change nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("Only if this revision is in force.", valueName: "revision"))
    var base: UInt64?

    @OptionGroup var output: OutputOptions

    var conditions: ChangeConditions { ChangeConditions(base: base, message: message ?? "") }

    /// What became of the values, for programs.
    private struct Answer: Encodable {
        var kind: String
        var value: String
        /// In force afterwards.
        var revision: UInt64
        var changes: Bool
    }

    /// - Parameter done: what became of the values: `reserved`.
    func show(_ outcome: LedgerOutcome, of arguments: AllocCommand.ValueArguments, _ done: String) throws {
        let values = "\(arguments.kind) \(arguments.value)"
        var page = Page()
        if dryRun, outcome.changes {
            page.line(StyledText("\(values) would be \(done); revision \(outcome.revision) stays in force"))
        } else if outcome.changes {
            page.line(StyledText("\(values) is \(done); revision \(outcome.revision) is in force"))
        } else {
            page.line(StyledText("\(values): nothing to change; revision \(outcome.revision) stays in force"))
        }
        let answer = Answer(kind: arguments.kind, value: arguments.value, revision: outcome.revision, changes: outcome.changes)
        try output.show(answer, page, on: Console.current())
        try (dryRun && outcome.changes ? ExitStatus.changesPending : .ok).end()
    }
}

/// An option takes the words that this release knows.
extension LedgerEntry.Kind: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(rawValue: argument)
        guard isKnown else { return nil }
    }

    package static var allValueStrings: [String] { known.map(\.rawValue) }
}

extension LedgerEntry.State: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(rawValue: argument)
        guard isKnown else { return nil }
    }

    package static var allValueStrings: [String] { known.map(\.rawValue) }
}
