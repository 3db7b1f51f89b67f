import ArgumentParser
import Coordinator
import Foundation

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies the database into one file, checked, on the coordinator's machine; it may run meanwhile.",
        discussion: """
            From another machine: fedctl backup FILE. To copy the file itself is right only after the coordinator was stopped.

            EXAMPLES
              fed-coordinator backup /backup/federation.db --database /var/lib/ovn-federation-coordinator/federation.db
            """)

    @Argument(help: ArgumentHelp("The file to make; it must not exist.", valueName: "file"))
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
        abstract: "Puts a backup in the place of the coordinator's database, which must not be in use.",
        discussion: """
            The backup is checked first. The restored database is a new one to agents (another epoch): they forward as they did, and take \
            nothing from it until “fedctl adopt” says so. docs/backup.md tells the way.

            EXAMPLES
              fed-coordinator restore /backup/federation.db --database /var/lib/ovn-federation-coordinator/federation.db
            """)

    @Argument(help: ArgumentHelp("The backup.", valueName: "file"))
    var file: String

    @Option(help: "The coordinator's SQLite file.")
    var database: String

    @Flag(help: "Take the place of a database that is there. It is kept beside it.")
    var replace = false

    func run() throws {
        let outcome = try Restore.run(file, to: database, replacing: replace, at: Int64(Date().timeIntervalSince1970 * 1000))
        print("\(database): federation \(outcome.contents.federation), revision \(outcome.contents.revision)")
        if let former = outcome.former { print("the former database is \(former)") }
        print(
            """
            Next: see that the file belongs to the coordinator's user, start fed-coordinator, then
              fedctl apply -f FILE    if there is a newer federation file than this revision
              fedctl adopt            lets agents take this database
            """)
    }
}
