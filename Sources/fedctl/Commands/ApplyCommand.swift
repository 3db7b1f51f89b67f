import ArgumentParser
import Federation
import FederationAPI
import Terminal

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Makes a federation file, or a saved plan, the next revision.",
        discussion: """
            The file is checked locally first, and all errors are reported at once. Then the coordinator plans, and commits \
            exactly that plan if its base revision is still in force; if not, the changes of others are shown. \
            Allocated values stay. Applying the same file again changes nothing.

            A file describes the whole federation and undoes changes that others made in the meantime. So the plan shows who made the \
            revision in force, and at a terminal you are asked before it is applied (not for a saved plan; --yes does not ask). \
            Without a terminal there is no question: scripts should use --base, or a saved plan.

            With --confirm the coordinator rolls back automatically unless “fedctl confirm” comes in time, even after a restart: \
            for changes that may cut you off.

            EXAMPLES
              fedctl apply -f federation.yaml --dry-run
              fedctl apply -f federation.yaml --wait 30 -m "kyoto joins blue"
              fedctl apply -f federation.yaml --confirm 5m && fedctl verify --wait 60 && fedctl confirm
              fedctl plan -f federation.yaml --out tonight.plan; fedctl apply tonight.plan
              fedctl get graph -o yaml | sed 's/blue/azure/' | fedctl apply -f -

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .changesPending, .conflict, .leak, .usage, words: [
                .ok: "applied, or nothing to change", .error: "refused: errors in the file or in the plan, or an agent refused its part",
                .changesPending: "--dry-run: there are changes; --wait: not all agents applied in time",
                .conflict: "the base revision is no longer in force; nothing was changed",
            ]))
            """)

    @Argument(help: ArgumentHelp("A plan saved by “fedctl plan --out”.", valueName: "plan"), completion: .file())
    var plan: String?

    @Option(name: .shortAndLong, help: "The federation file; - is standard input.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String?

    @Flag(help: "Show what would change; change nothing, like “fedctl plan”.")
    var dryRun = false

    @Option(help: ArgumentHelp("Apply only if this revision is in force.", valueName: "revision"))
    var base: UInt64?

    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard (plan == nil) != (file == nil) else { throw ValidationError("give either a federation file with -f, or a saved plan") }
        if dryRun, change.wait != nil { throw ValidationError("--wait has no effect with --dry-run: nothing is applied") }
        if dryRun, change.confirm != nil { throw ValidationError("--confirm has no effect with --dry-run: nothing is applied") }
        if plan != nil, base != nil { throw ValidationError("a saved plan already has a base; omit --base") }
    }

    func run() async throws {
        let console = Console.current()
        let saved = try plan.map { try SavedPlan(path: $0) }
        let file = try saved.map { FederationText(fileName: plan ?? "", text: $0.text) } ?? FederationText(path: self.file ?? "-")
        try file.check(on: console)
        try await connection.connected { coordinator in
            let making = ChangeWorkflow(
                coordinator: coordinator, console: console, output: output, change: change, asking: saved == nil ? .always : .never)
            if dryRun { return try await making.rehearse(file, base: base, saved: saved) }
            try await making.apply(file, base: base, saved: saved)
        }
    }
}
