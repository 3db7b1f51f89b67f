import ArgumentParser
import FederationAPI
import FederationModel
import FederationViews
import Terminal

struct GetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Lists clouds, VPNs or agents, or prints the federation file.",
        discussion: """
            EXAMPLES
              fedctl get vpns
              fedctl get agents -o json
              fedctl get graph -o yaml > federation.yaml

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """,
        subcommands: [GetClouds.self, GetVPNs.self, GetAgents.self, GetGraph.self])
}

struct GetAgents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agents", abstract: "Lists the agents, one per gateway.",
        discussion: """
            EXAMPLES
              fedctl get agents
              fedctl get agents paris/gw1 -o json

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """, aliases: ["agent", "gateways", "gateway"])

    @Argument(help: ArgumentHelp("Only this one.", valueName: "cloud/node"), transform: reading)
    var name: GatewayID?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let agents = try await connection.connected { try await $0.agents(name) }
        try output.show(agents, agents.page(now: now()), on: Console.current())
    }
}

extension AdminClient {
    /// All agents, or the one of that name.
    func agents(_ name: GatewayID?) async throws -> [AgentView] {
        let status = try await status()
        if let name, !status.agents.contains(where: { $0.gateway == name }) {
            let names = status.agents.map(\.gateway.description).joined(separator: ", ")
            throw CommandError(
                "unknown agent “\(name)”",
                remedy: names.isEmpty ? "add its gateway to the federation file, then fedctl apply -f FILE" : "choose one of: \(names)")
        }
        let agents = AgentView.all(status, try await gateways(.init(cloud: name?.cloud)))
        return agents.filter { name == nil || $0.gateway == name }
    }
}
