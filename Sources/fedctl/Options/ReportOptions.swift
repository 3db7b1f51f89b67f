import ArgumentParser
import FederationViews
import Terminal

/// For whom `verify` writes: as other commands, and for build servers and tickets.
enum ReportFormat: String, Hashable, Sendable, CaseIterable, ExpressibleByArgument {
    case table, wide, json, yaml, junit, markdown, sarif
}

struct ReportOptions: ParsableArguments {
    @Option(name: [.customShort("o"), .customLong("output")], help: "table, wide (more columns), json, yaml, junit, markdown or sarif.")
    var format: ReportFormat = .table

    /// Nil: one that other commands do not have.
    var output: OutputFormat? { OutputFormat(rawValue: format.rawValue) }

    /// Shows an answer on standard output: the page to people, the value to programs.
    func show(_ value: some Encodable, _ page: Page, on console: Console) throws { try console.show(value, page, as: output ?? .table) }

    /// The answer of `verify`.
    func show(_ verification: VerificationResult, page: Page, on console: Console) throws {
        switch format {
        case .junit: console.write(verification.junit)
        case .markdown: console.write(verification.markdown)
        case .sarif: console.write(try verification.sarif)
        default: try show(verification, page, on: console)
        }
    }
}
