import ArgumentParser
import Terminal

struct OutputOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "table, wide (more columns), json or yaml.")
    var output: OutputFormat = .table

    /// Not for programs.
    var isForPeople: Bool { output == .table || output == .wide }
    var isWide: Bool { output == .wide }

    /// Shows an answer on standard output: the page to people, the value to programs.
    func show(_ value: some Encodable, _ page: Page, on console: Console) throws { try console.show(value, page, as: output) }
}

extension OutputFormat: ExpressibleByArgument {}
