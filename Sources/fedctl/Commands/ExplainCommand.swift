import ArgumentParser
import FederationModel
import NetworkTypes
import Terminal
import Verification

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Walks the way of one pair’s packets and of their answers, step by step, with what is seen at each.",
        discussion: """
            FROM sends packets to TO. Each of them is a cloud, or a cloud and an address in it. Without an address the walk is \
            about one prefix of the cloud: one that is broken, if any is. The first broken step is the answer; later ones are not \
            looked at. The VPN need not be named if only one has both ends.

            EXAMPLES
              fedctl explain paris tokyo
              fedctl explain paris/10.1.0.11 tokyo/10.2.0.11 --vpn blue

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .verifyFailed, .unknown, .usage, words: [
                .ok: "both ways are OK, PROGRAMMED, DEGRADED, WAITING or EMPTY", .verifyFailed: "one of the two ways is broken",
            ]))
            """)

    @Argument(
        help: ArgumentHelp("Who sends: a cloud, or a cloud and an address in it.", valueName: "from"), transform: PairQuestion.End.reading)
    var from: PairQuestion.End

    @Argument(help: ArgumentHelp("Who is to be reached.", valueName: "to"), transform: PairQuestion.End.reading)
    var to: PairQuestion.End

    @Option(help: ArgumentHelp("The VPN; needed if several have both ends.", valueName: "name"), transform: reading)
    var vpn: VPNName?

    @OptionGroup var output: OutputOptions
    @OptionGroup var bundle: BundleOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if from.cloud == to.cloud { throw ValidationError("both ends are in \(from.cloud): packets inside a cloud are OVN’s affair") }
    }

    func run() async throws {
        let question = PairQuestion(vpn: vpn, from: from, to: to)
        if let bundle = try bundle.read() {
            let explanation: PairExplanation
            do throws(PairQuestionError) {
                explanation = try bundle.inputs.explanation(question)
            } catch {
                throw CommandError(error.reason, remedy: error.remedy)
            }
            return try show(explanation, under: bundle.heading)
        }
        let explanation = try await connection.connected { coordinator in
            let graph = try await coordinator.graph().required()
            if let vpn { _ = try find(vpn, in: graph.vpns, "VPN") }
            for end in [from, to] { _ = try find(end.cloud, in: graph.clouds, "cloud") }
            return try await coordinator.explain(question)
        }
        try show(explanation)
    }

    private func show(_ explanation: PairExplanation, under heading: Page = Page()) throws {
        var page = heading
        page.append(explanation.page(from: from, to: to))
        try output.show(explanation, page, on: Console.current())
        try explanation.exitStatus.end()
    }
}

extension PairQuestion.End {
    /// `tokyo`, `tokyo/10.2.0.11`.
    static func reading(_ text: String) throws -> Self {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return Self(cloud: try fedctl.reading(parts[0]), address: parts.count == 2 ? try fedctl.reading(parts[1]) : nil)
    }
}
