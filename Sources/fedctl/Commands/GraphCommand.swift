import ArgumentParser
import Federation
import FederationFile
import FederationModel
import FederationViews
import Terminal
import Verification

struct GraphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draws the federation: clouds, and which clouds reach each other in every VPN.",
        discussion: """
            With a coordinator, lines have the colour of their verdict: green is ok or programmed (the legend says which), red and dashed is \
            failed, amber and dashed is unknown or degraded, grey has nothing to reach, or waits for a tenant. With -f, a file is drawn without a coordinator.

            EXAMPLES
              fedctl graph -o svg > federation.svg
              fedctl graph -o dot --vpn blue | dot -Tpng > blue.png
              fedctl graph -o mermaid -f federation.yaml

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case dot, mermaid, svg
    }

    @Option(name: .shortAndLong, help: "dot, mermaid or svg.")
    var output: Format = .dot

    @Option(name: .shortAndLong, help: "Draw this federation file; - is standard input.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String?

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let console = Console.current()
        let graph: FederationGraph
        var verdicts: [PairVerdict] = []
        if let file {
            let file = try FederationText(path: file)
            try file.check(on: console, refused: "cannot be drawn")
            guard let read = FederationYAML.read(text: file.text, fileName: file.fileName).graph else { return try ExitStatus.error.end() }
            graph = read
        } else {
            (graph, verdicts) = try await connection.connected { coordinator in
                (try await coordinator.graph().required(), try await coordinator.verify(vpn: selection.vpn, cloud: selection.cloud).pairs)
            }
        }
        try selection.check(against: graph)
        let drawing = Drawing(graph, reaches: try selection.reaches(of: graph), verdicts: verdicts)
        switch output {
        case .dot: console.write(drawing.dot)
        case .mermaid: console.write(drawing.mermaid)
        case .svg: console.write(drawing.svg)
        }
    }
}

extension SelectionOptions {
    /// Who reaches whom by the policies, in what is selected. The numbers that are allocated for it here are not shown: only what they join.
    fileprivate func reaches(of graph: FederationGraph) throws -> Set<Reach> {
        let compilation: Compilation
        do {
            var ledger = Ledger()
            try ledger.allocate(for: graph, at: 0)
            compilation = try Compilation(graph, with: ledger, epoch: "", revision: 1)
        } catch {
            throw CommandError("cannot draw the file: \(error)", remedy: "check it: fedctl plan -f FILE")
        }
        let vpns = vpn.map { [$0] } ?? Array(graph.vpns.keys)
        return Set(vpns.flatMap { compilation.reaches(of: $0) }.filter { cloud == nil || $0.from == cloud || $0.to == cloud })
    }
}
