import ArgumentParser
import Coordinator
import Foundation

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies the database into one checked file on the coordinator's machine; the coordinator may be running.",
        discussion: """
            From another machine: fedctl backup FILE. Copy the database file itself only while the coordinator is stopped.

            EXAMPLES
              fed-coordinator backup /backup/federation.db --database /var/lib/ovn-federation-coordinator/federation.db
            """)

    @Argument(help: ArgumentHelp("The file to create; it must not exist.", valueName: "file"))
    var file: String

    @Option(help: "The coordinator's SQLite file.")
    var database: String

    func run() throws {
        let contents = try Backup.write(from: database, to: file)
        print("\(file): federation \(contents.federation), revision \(contents.revision), database \(contents.epoch)")
    }
}

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Replaces the coordinator's database with a backup; the database must not be in use.",
        discussion: """
            The backup is checked first. For agents the restored database is a new one (another epoch): they keep forwarding and accept \
            nothing from it until “fedctl adopt”. See docs/backup.md.

            EXAMPLES
              fed-coordinator restore /backup/federation.db --database /var/lib/ovn-federation-coordinator/federation.db
            """)

    @Argument(help: ArgumentHelp("The backup.", valueName: "file"))
    var file: String

    @Option(help: "The coordinator's SQLite file.")
    var database: String

    @Flag(help: "Replace an existing database. The old one is kept next to it.")
    var replace = false

    func run() throws {
        let outcome = try Restore.run(file, to: database, replacing: replace, at: Int64(Date().timeIntervalSince1970 * 1000))
        print("\(database): federation \(outcome.contents.federation), revision \(outcome.contents.revision)")
        if let former = outcome.former { print("the former database is \(former)") }
        print(
            """
            Next: check that the coordinator's user owns the file, start fed-coordinator, then
              fedctl apply -f FILE    if there is a newer federation file than this revision
              fedctl adopt            makes agents accept this database
            """)
    }
}
