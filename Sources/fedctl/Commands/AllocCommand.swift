import ArgumentParser
import Federation
import FederationAPI
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
            let ledger = try await Coordinator.with(connection) { try await $0.allocations() }
            let entries = ledger.entries.filter { (kind == nil || $0.kind == kind) && (state == nil || $0.state == state) }
            try output.show(entries, entries.page(now: now()), on: Console.current())
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
            let ledger = try await Coordinator.with(connection) { try await $0.allocations() }
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
                  fedctl alloc reserve rt 64900:500 --reason "old fabric"

                EXIT STATUS
                \(ExitStatus.manual(.ok, .error, .conflict, .usage, words: [.error: "something of the federation has one of the values"]))
                """)

        @OptionGroup var values: ValueArguments
        @Option(help: "Whose the values are.")
        var reason: String
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let revision = try await Coordinator.with(connection) { try await $0.reserve(values.kind, values.value, reason: reason) }
            var page = Page()
            page.line(StyledText("\(values.kind) \(values.value) is reserved; revision \(revision) is in force"))
            Console.current().show(page)
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
                \(ExitStatus.manual(.ok, .error, .conflict, .usage, words: [.error: "the values are neither reserved by command nor in quarantine"]))
                """)

        @OptionGroup var values: ValueArguments
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let revision = try await Coordinator.with(connection) { try await $0.release(values.kind, values.value) }
            var page = Page()
            page.line(StyledText("\(values.kind) \(values.value) is released; revision \(revision) is in force"))
            Console.current().show(page)
        }
    }

    struct ValueArguments: ParsableArguments {
        @Argument(help: "as, vni, rt, router-mac or address.")
        var kind: String
        @Argument(help: "A value; of as and vni also a range, 20001-20010.")
        var value: String

        func validate() throws {
            do throws(ParseError) {
                _ = try Reservation.Values(kind: kind, parsing: value)
            } catch {
                throw ValidationError("\(error.reason); \(error.remedy)")
            }
        }
    }
}

extension LedgerEntry.Kind: ExpressibleByArgument {}
extension LedgerEntry.State: ExpressibleByArgument {}
