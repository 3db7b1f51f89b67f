import ArgumentParser
import Federation
import Terminal

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Says what is wrong with a federation file, without a coordinator.",
        discussion: """
            It sees what the file alone shows: syntax, names, values that are used twice. What is allocated, and what agents know, \
            only “fedctl plan” looks at.

            EXAMPLES
              fedctl validate -f federation.yaml
              git diff --name-only | grep '\\.yaml$' | xargs -n 1 fedctl validate -f

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage, words: [.ok: "the file can be read (warnings do not count)", .error: "it has errors"]))
            """)

    @Option(name: .shortAndLong, help: "The federation file; - is standard input.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        let console = Console.current()
        let file = try FederationText(path: file)
        let reading = FederationFile.read(text: file.text, fileName: file.fileName)
        if output.isForPeople {
            console.complain(reading.diagnostics.page(refused: "cannot be applied"))
            if let graph = reading.graph {
                var page = Page()
                page.line(
                    "\(file.fileName): \(count(graph.clouds.count, "cloud")), \(count(graph.gateways.count, "gateway")), \(count(graph.vpns.count, "VPN"))"
                )
                console.show(page)
            }
        } else {
            try output.show(reading.diagnostics, Page(), on: console)
        }
        try (reading.graph == nil ? ExitStatus.error : .ok).end()
    }
}
