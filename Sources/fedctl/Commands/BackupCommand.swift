import ArgumentParser
import FederationAPI
import FederationModel
import Terminal

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies the coordinator’s database into a file, while it runs.",
        discussion: """
            One SQLite file (0600) with all revisions, allocations, agents and the audit log; it is checked before sending and on arrival. \
            “fed-coordinator restore” restores it; see docs/backup.md. Keys and certificates are not in it.

            EXAMPLES
              fedctl backup federation.db
              fedctl backup /backup/federation-$(date +%F).db --replace

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage, words: [.error: "no backup was made: the database is damaged, or the transfer was incomplete"]))
            """)

    @Argument(help: ArgumentHelp("The file to create.", valueName: "file"), completion: .file())
    var file: String

    @Flag(help: "Replace an existing file, once the backup is complete.")
    var replace = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let summary = try await connection.connected { coordinator in
            let whole = try WholeFile(file, replacing: replace)
            let header = try await coordinator.backup { try whole.write($0) }
            try whole.finish()
            return BackupSummary(file: file, header)
        }
        var page = Page()
        page.line(StyledText("\(summary.file): revision \(summary.revision) of \(summary.federation), \(summary.bytes) bytes"))
        try output.show(summary, page, on: Console.current())
    }
}

/// A backup that was made, for programs.
struct BackupSummary: Hashable, Sendable, Encodable {
    var file: String
    var federation: FederationID
    var epoch: String
    var revision: UInt64
    var bytes: UInt64

    init(file: String, _ header: BackupHeader) {
        self.file = file
        federation = header.federation
        epoch = header.epoch
        revision = header.revision
        bytes = header.size
    }
}
