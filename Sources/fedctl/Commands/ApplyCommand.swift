import ArgumentParser
import Federation
import FederationAPI
import Terminal

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Makes a federation file the next revision.",
        discussion: """
            The file is checked here first, and everything that is wrong with it is said at once. Then the coordinator decides; \
            what it allocated before stays as it is. The same file twice changes nothing.

            EXAMPLES
              fedctl apply -f federation.yaml --dry-run
              fedctl apply -f federation.yaml --wait 30
              fedctl get graph -o yaml | sed 's/blue/azure/' | fedctl apply -f -

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .changesPending, .usage, words: [
                .ok: "applied, or nothing to change", .error: "refused: the file has errors, or an agent refused its part",
                .changesPending: "--dry-run: there are changes; --wait: not all agents applied them in time",
            ]))
            """)

    @Option(name: .shortAndLong, help: "The federation file; - is standard input.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @Flag(help: "Say what would change, and change nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("Wait until all agents applied it, so long at most.", valueName: "seconds"))
    var wait: Int?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if let wait, wait < 0 { throw ValidationError("--wait is a number of seconds, from 0") }
        if dryRun, wait != nil { throw ValidationError("--dry-run applies nothing that --wait could wait for") }
    }

    func run() async throws {
        let console = Console.current()
        let file = try FederationText(path: file)
        let reading = FederationFile.read(text: file.text, fileName: file.fileName)
        guard reading.errors.isEmpty else { return try refuse(reading.diagnostics, on: console) }
        try await Coordinator.with(connection) { coordinator in
            let response = try await coordinator.apply(text: file.text, fileName: file.fileName, isDryRun: dryRun)
            let diagnostics = response.diagnostics.map { Diagnostic($0, in: file.text) }
            guard response.accepted else { return try refuse(diagnostics, on: console) }
            console.complain(diagnostics.page)
            let changes = try AppliedChanges(response, dryRun: dryRun)
            try output.show(changes, changes.page, on: console)
            try changes.exitStatus.end()
            if let wait { try await settle(coordinator, within: wait, on: console) }
        }
    }

    private func refuse(_ diagnostics: [Diagnostic], on console: Console) throws {
        console.complain(diagnostics.page)
        try ExitStatus.error.end()
    }

    private func settle(_ coordinator: Coordinator, within seconds: Int, on console: Console) async throws {
        let settling = try await waiting(seconds, on: console) {
            Settling(status: try await coordinator.status())
        } isDone: {
            $0.isDone
        } progress: {
            $0.progress
        }
        console.complain(settling.page)
        try settling.exitStatus.end()
    }
}
