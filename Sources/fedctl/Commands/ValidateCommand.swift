import ArgumentParser
import FederationFile
import FederationModel
import Terminal

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Checks federation files without a coordinator.",
        discussion: """
            It checks the file alone: syntax, names, duplicate values. Allocations and facts from agents are checked \
            only by “fedctl plan”.

            EXAMPLES
              fedctl validate -f federation.yaml
              fedctl validate -f prod.yaml -f staging.yaml

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage, words: [.ok: "every file can be read (warnings do not count)", .error: "one has errors"]))
            """)

    @Option(
        name: .shortAndLong, help: "The federation file; - is standard input. May be repeated: each file is checked separately.",
        completion: .file(extensions: ["yaml", "yml"]))
    var file: [String]

    @OptionGroup var output: OutputOptions

    func run() throws {
        let console = Console.current()
        let files = try file.map { path throws(CommandError) in try FederationText(path: path) }
        let readings = files.map { FederationYAML.read(text: $0.text, fileName: $0.fileName) }
        if output.isForPeople {
            for (file, reading) in zip(files, readings) { Self.show(file, reading, on: console) }
        } else {
            try output.show(readings.flatMap(\.diagnostics), Page(), on: console)
        }
        try (readings.contains { $0.graph == nil } ? ExitStatus.error : .ok).end()
    }

    private static func show(_ file: FederationText, _ reading: FederationYAML.Reading, on console: Console) {
        console.complain(reading.diagnostics.page(refused: "cannot be applied"))
        guard let graph = reading.graph else { return }
        var page = Page()
        page.line(
            "\(file.fileName): \(count(graph.clouds.count, "cloud")), \(count(graph.gateways.count, "gateway")), \(count(graph.vpns.count, "VPN"))"
        )
        console.show(page)
    }
}
