import ArgumentParser
import Federation
import FederationAPI
import Foundation
import Terminal

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows what a federation file would change; changes nothing.",
        discussion: """
            The coordinator computes what an apply would commit: changes of clouds and VPNs, of the intent of each gateway, \
            and of reachability. --out saves the plan, with its file, for “fedctl apply PLAN”: exactly what was approved \
            happens, or nothing. -o markdown is for merge requests. A file that differs only in comments or layout changes no gateway, but \
            an apply stores it as a revision: that counts as a change (“changesText” in JSON).

            EXAMPLES
              fedctl plan -f federation.yaml
              fedctl plan -f federation.yaml --out tonight.plan; fedctl apply tonight.plan
              fedctl plan -f federation.yaml -o markdown > plan.md

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .changesPending, .leak, .usage, words: [
                .ok: "nothing would change", .error: "refused: errors in the file or in the plan", .changesPending: "there are changes",
            ]))
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, wide, json, yaml, markdown
    }

    @Option(name: .shortAndLong, help: "The federation file; - is standard input.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @Option(help: ArgumentHelp("Save the plan to this file.", valueName: "plan"), completion: .file())
    var out: String?

    @Option(help: ArgumentHelp("Agree to lose this number of reachable pairs and prefixes (the plan shows it).", valueName: "n"))
    var yesRemove: UInt32 = 0

    @Option(name: .shortAndLong, help: "table, wide (every gateway and pair), json, yaml or markdown.")
    var output: Format = .table

    @OptionGroup var connection: ConnectionOptions

    private static let refused = "cannot be applied"

    func run() async throws {
        let console = Console.current()
        let file = try FederationText(path: file)
        try file.check(on: console, refused: Self.refused)
        let request = PlanRequest.file(text: file.text, fileName: file.fileName, yesRemove: Int(yesRemove))
        let answer = ChangeReply(try await connection.connected { try await $0.plan(request) }, of: file)
        if let plan = answer.plan {
            switch output {
            case .table, .wide: if answer.accepted || !plan.isEmpty { console.show(answer.page(plan, wide: output == .wide, now: now())) }
            case .markdown: console.write(plan.markdown())
            case .json: try console.show(plan, Page(), as: .json)
            case .yaml: try console.show(plan, Page(), as: .yaml)
            }
        }
        console.complain(answer.accepted ? answer.remarks : answer.objections(refused: Self.refused))
        guard answer.accepted, let plan = answer.plan else { return try answer.exitStatus.end() }
        if output == .table || output == .wide { console.show(plan.lastLine) }
        if let out { try SavedPlan(plan: plan, text: file.text, madeAt: now()).save(to: out) }
        try (plan.changesNothing ? ExitStatus.ok : .changesPending).end()
    }
}
