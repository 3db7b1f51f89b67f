import ArgumentParser
import FederationAPI
import FederationModel
import FederationViews
import Foundation
import Terminal

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Drafts a federation file with what a cloud has and the file in force does not.",
        discussion: """
            For each BGPVPN that is nobody’s, and each VNI that ovn-bgp-agent’s keys mark, a VPN with that attachment is added; with the VNI and \
            the route target that it claims, where nobody else has them. VNIs and targets of VRFs on the gateways that are not the federation’s \
            are reserved. What clashes is named, at the head of the draft and on standard error. Nothing is applied; once it is, the same \
            command adds nothing. The draft is in the canonical form, as “fedctl export” has it.

            EXAMPLES
              fedctl import --cloud paris > draft.yaml && fedctl plan -f draft.yaml
              fedctl import --cloud paris --output draft.yaml

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """)

    @Option(help: "The cloud.", transform: reading)
    var cloud: CloudName

    @Option(help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"), completion: .file())
    var output: String?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let console = Console.current()
        let draft = try await connection.connected { coordinator in
            let applied = try await coordinator.graph()
            let graph = try applied.required()
            _ = try find(cloud, in: graph.clouds, "cloud")
            let states = try await coordinator.gateways(.init(cloud: cloud))
            guard states.contains(where: { $0.report != nil }) else {
                throw CommandError(
                    "no agent of \(cloud) has reported: what the cloud has is not known",
                    remedy: "`fedctl get agents` shows who is connected")
            }
            return ImportDraft(cloud, states: states, applied: applied, graph: graph)
        }
        if !draft.clashes.isEmpty {
            var page = Page()
            for clash in draft.clashes { page.line(StyledText("clash: \(clash)", .doubtful)) }
            console.complain(page)
        }
        guard let output else {
            console.write(draft.text)
            return
        }
        do {
            try Data(draft.text.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
        } catch {
            throw CommandError("cannot write \(output): \(error.localizedDescription)", remedy: "choose a writable path")
        }
    }
}
