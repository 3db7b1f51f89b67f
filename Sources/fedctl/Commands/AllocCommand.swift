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
        abstract: "Shows and keeps the ledger of everything that must be unique: AS, VNI, route targets, RD indexes, addresses.",
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
            commandName: "check", abstract: "Says what is odd about the ledger before it becomes an error.",
            discussion: """
                Pools that run out, values outside of their pool, targets that FRR would take for others.

                EXAMPLES
                  fedctl alloc check || mail -s ledger admin

                EXIT STATUS
                \(ExitStatus.manual(.ok, .error, .usage, words: [.error: "something is odd, or there is no coordinator"]))
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
            commandName: "reserve", abstract: "Keeps values from being allocated, because something outside of the federation has them.",
            discussion: """
                A new revision with the same graph. Who keeps a file may write “reserved:” in it instead.

                EXAMPLES
                  fedctl alloc reserve vni 20001-20010 --reason "old fabric"
                  fedctl alloc reserve rt 64900:500 --reason "old fabric" --dry-run

                EXIT STATUS
                \(ExitStatus.manual(.ok, .error, .changesPending, .conflict, .usage, words: [
                    .ok: "done, or nothing to change", .error: "something of the federation has one of the values",
                    .changesPending: "--dry-run: it would be reserved",
                ]))
                """)

        @OptionGroup var values: ValueArguments
        @Option(help: "Whose the values are.")
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
            commandName: "release", abstract: "Takes a reservation back, or ends a quarantine before its time.",
            discussion: """
                End a quarantine only if no agent can still have the value: one that was away meanwhile would come back into a tenant’s network.

                EXAMPLES
                  fedctl alloc release vni 20001-20010

                EXIT STATUS
                \(ExitStatus.manual(.ok, .error, .changesPending, .conflict, .usage, words: [
                    .error: "the values are neither reserved by command nor in quarantine", .changesPending: "--dry-run: it would be released",
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
        @Argument(help: "A value; of as and vni also a range, 20001-20010.")
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
    @Option(name: .shortAndLong, help: ArgumentHelp("What it is for, for the history.", valueName: "text"))
    var message: String?

    @Flag(help: "Say whether it can be done, and change nothing.")
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

extension LedgerEntry.Kind: ExpressibleByArgument {}
extension LedgerEntry.State: ExpressibleByArgument {}
