import ArgumentParser
import Federation
import FederationAPI
import FederationModel
import FederationViews
import Terminal
import Verification

struct WhatIfCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whatif",
        abstract:
            "Shows which pairs an outage would cost, or what another federation file would change of who reaches whom; touches nothing.",
        discussion: """
            An outage is “cloud NAME down”, “gateway CLOUD/NODE down” or “link CLOUD CLOUD down” (the underlay between two clouds). \
            LOST pairs work now and would not. MOVES are pairs whose gateway port OVN has to move to another gateway of the cloud: \
            whether the router may go there is OVN’s to know. Pairs that do not work now are only counted.

            EXAMPLES
              fedctl whatif cloud paris down
              fedctl whatif gateway paris/gw1 down
              fedctl whatif link paris tokyo down
              fedctl whatif -f new.yaml

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .changesPending, .usage, words: [
                .ok: "nothing would be lost", .changesPending: "pairs would be lost, or gained by the file",
            ]))
            """)

    @Argument(help: ArgumentHelp("What fails.", valueName: "outage"))
    var outage: [String] = []

    @Option(name: .shortAndLong, help: "Another federation file; - is standard input.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard outage.isEmpty != (file == nil) else {
            throw ValidationError(
                "name an outage (“cloud NAME down”, “gateway CLOUD/NODE down”, “link CLOUD CLOUD down”), or a file with -f")
        }
        if file == nil { _ = try reading() }
    }

    func run() async throws {
        if let file { try await show(FederationText(path: file)) } else { try await show(reading()) }
    }

    private func reading() throws -> Outage { try fedctl.reading(outage.joined(separator: " ")) }

    private func show(_ outage: Outage) async throws {
        let (impacts, pairs) = try await connection.connected { coordinator in
            let graph = try await coordinator.graph().required()
            for cloud in outage.clouds { _ = try find(cloud, in: graph.clouds, "cloud") }
            if case .gateway(let id) = outage {
                _ = try find(id.node, in: graph.clouds[id.cloud]?.gateways ?? [:], "gateway of \(id.cloud)")
            }
            return (
                try await coordinator.impacts(of: outage),
                VerificationResult(try await coordinator.verdicts(VerdictRequest(mostPairs: 1))).size
            )
        }
        let view = OutageView(outage: outage, pairs: pairs, impacts: impacts)
        try output.show(view, view.page(wide: output.isWide), on: Console.current())
        try (impacts.contains { $0.effect == .lost } ? ExitStatus.changesPending : .ok).end()
    }

    /// Of the plan, who reaches whom.
    private func show(_ file: FederationText) async throws {
        let console = Console.current()
        try file.check(on: console, refused: "cannot be tried")
        let request = PlanRequest.file(text: file.text, fileName: file.fileName, yesRemove: Int(UInt32.max))
        let answer = ChangeReply(try await connection.connected { try await $0.plan(request) }, of: file)
        guard answer.accepted, var plan = answer.plan else {
            console.complain(answer.objections(refused: "cannot be tried"))
            return try answer.exitStatus.end()
        }
        plan.objects = []
        plan.gateways = []
        plan.findings = []
        let isSame = plan.gained.isEmpty && plan.lost.isEmpty
        var page = Page()
        if isSame { page.line("with \(file.fileName) everybody reaches whom they reach now") }
        try output.show(
            plan, isSame ? page : plan.page(wide: output.isWide, headline: "with \(file.fileName):"), on: console)
        try (isSame ? ExitStatus.ok : .changesPending).end()
    }
}

extension Outage {
    fileprivate var clouds: [CloudName] {
        switch self {
        case .cloud(let cloud): [cloud]
        case .gateway(let gateway): [gateway.cloud]
        case .link(let a, let b): [a, b]
        }
    }
}
