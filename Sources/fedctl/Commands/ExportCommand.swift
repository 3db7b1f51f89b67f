import ArgumentParser
import FederationAPI
import FederationFile
import FederationModel
import FederationViews
import Foundation
import Terminal

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a federation file in its one canonical form, or the configuration of a route server.",
        discussion: """
            Names sorted, omitted keys omitted, no comments: the same graph always gives the same bytes. It exports the revision in \
            force, an older one, or a file; at a terminal it prints the revision on standard error. For the file as applied, with comments, use “fedctl get graph -o yaml”.

            EXAMPLES
              fedctl export > federation.yaml
              fedctl export --revision 11 > before.yaml
              fedctl export -f federation.yaml | diff federation.yaml -
              fedctl export --route-server frr --name spine --output spine.conf

            With --route-server it writes what the route server accepts from each gateway: routes with its VTEP as next hop, its AS as path \
            and the route targets of its VPNs. It reflects the revision in force, so export it again after each change \
            (see docs/security.md).

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """)

    @Option(name: .shortAndLong, help: "Export this federation file; - is standard input.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String?

    @Option(help: ArgumentHelp("Export this revision (default: the one in force).", valueName: "number"))
    var revision: UInt64?

    enum RouteServerSyntax: String, CaseIterable, ExpressibleByArgument { case frr }

    @Option(help: ArgumentHelp("Write the configuration of a route server for this software: frr.", valueName: "software"))
    var routeServer: RouteServerSyntax?

    @Option(help: ArgumentHelp("The route server (default: the only one).", valueName: "name-or-address"))
    var name: String?

    @Option(help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"), completion: .file())
    var output: String?

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if file != nil, revision != nil { throw ValidationError("give either a file or a revision") }
        if routeServer != nil, file != nil || revision != nil {
            throw ValidationError("--route-server exports the revision in force: omit --file and --revision")
        }
        if routeServer == nil, name != nil { throw ValidationError("--name needs --route-server frr") }
        if revision == 0 { throw ValidationError("revision 0 is before the first apply; choose one from “fedctl history”") }
    }

    func run() async throws {
        let console = Console.current()
        if routeServer != nil {
            let states = try await connection.connected { try await $0.gateways() }
            try write(RouteServerExport(states, name: name).text, on: console)
            return
        }
        let graph: FederationGraph
        if let path = file {
            let file = try FederationText(path: path)
            try file.check(on: console, refused: "cannot be exported")
            guard let read = FederationYAML.read(text: file.text, fileName: file.fileName).graph else { return try ExitStatus.error.end() }
            graph = read
        } else {
            let applied = try await connection.connected { try await $0.graph(revision) }
            graph = try applied.required()
            if console.showsProgress, let summary = applied.summary { console.complain(Self.note(summary, isInForce: revision == nil)) }
        }
        try write(FederationYAML.write(graph), on: console)
    }

    private func write(_ text: String, on console: Console) throws {
        guard let output else {
            console.write(text)
            return
        }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
        } catch {
            throw CommandError("cannot write \(output): \(error.localizedDescription)", remedy: "choose a writable path")
        }
    }

    /// Which revision it is, so that what is made of it can be based on it.
    private static func note(_ revision: RevisionSummary, isInForce: Bool) -> Page {
        var page = Page()
        let base = isInForce ? "; apply your edit with --base \(revision.number) so that no other change is undone" : ""
        page.line(StyledText("revision \(revision.number), made \(revision.made(now: now()))\(base)", .faint))
        return page
    }
}
