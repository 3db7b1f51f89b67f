import ArgumentParser
import FederationViews
import Terminal
import Verification

struct CausesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "causes",
        abstract: "Explains the causes that verify names: what they mean, where they come from, how to look, what mends them.",
        discussion: """
            Without a cause it lists all, by the step that they break. “fedctl help CAUSE” does the same. It asks no coordinator.

            EXAMPLES
              fedctl causes
              fedctl causes not-steered
              fedctl help underlay-mtu

            EXIT STATUS
            \(ExitStatus.manual(.ok, .usage))
            """)

    @Argument(help: ArgumentHelp("A cause as verify prints it.", valueName: "cause"))
    var cause: CauseCode?

    @OptionGroup var output: OutputOptions

    @Flag(help: ArgumentHelp("All of them as docs/causes.md.", visibility: .hidden))
    var markdown = false

    func run() throws {
        let console = Console.current()
        if markdown { return print(CauseCode.markdown, terminator: "") }
        if let cause {
            try output.show(CauseEntry(cause), cause.page, on: console)
        } else {
            try output.show(CauseCode.allCases.map(CauseEntry.init), CauseCode.listPage, on: console)
        }
    }
}

extension CauseCode: ExpressibleByArgument {}

/// One cause with its entry, for programs.
struct CauseEntry: Encodable {
    var code: String
    var step: RouteStep
    var state: VerdictState
    var manual: CauseManual

    init(_ code: CauseCode) {
        self.code = code.rawValue
        step = code.step
        state = code.state
        manual = code.manual
    }
}
