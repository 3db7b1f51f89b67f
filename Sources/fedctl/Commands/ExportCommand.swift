import ArgumentParser
import Federation
import Foundation
import Terminal

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a federation file in its one canonical form.",
        discussion: """
            Names in order, nothing that was left out, no comments: the same graph gives the same bytes, always. It takes the revision in \
            force, an older one, or a file of yours; at a terminal it says on standard error which revision it is. The file as it was applied, comments and all, is what “fedctl get graph -o yaml” gives.

            EXAMPLES
              fedctl export > federation.yaml
              fedctl export --revision 11 > before.yaml
              fedctl export -f federation.yaml | diff federation.yaml -

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """)

    @Option(name: .shortAndLong, help: "Take this federation file; - is standard input.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String?

    @Option(help: ArgumentHelp("Take this revision; without it, the one in force.", valueName: "number"))
    var revision: UInt64?

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if file != nil, revision != nil { throw ValidationError("give either a file or a revision") }
        if revision == 0 { throw ValidationError("revision 0 is before the first apply; take one of “fedctl history”") }
    }

    func run() async throws {
        let console = Console.current()
        let graph: FederationGraph
        if let path = file {
            let file = try FederationText(path: path)
            try file.check(on: console, refused: "cannot be exported")
            guard let read = FederationFile.read(text: file.text, fileName: file.fileName).graph else { return try ExitStatus.error.end() }
            graph = read
        } else {
            let applied = try await Coordinator.with(connection) { try await $0.graph(revision) }
            graph = try applied.required()
            if console.showsProgress, let summary = applied.summary { console.complain(Self.note(summary, isInForce: revision == nil)) }
        }
        console.write(FederationFile.write(graph))
    }

    /// Which revision it is, so that what is made of it can be based on it.
    private static func note(_ revision: RevisionView, isInForce: Bool) -> Page {
        var page = Page()
        let base = isInForce ? "; apply what you make of it with --base \(revision.number), and nobody’s change is undone" : ""
        page.line(StyledText("revision \(revision.number), made \(revision.made(now: now()))\(base)", .faint))
        return page
    }
}
