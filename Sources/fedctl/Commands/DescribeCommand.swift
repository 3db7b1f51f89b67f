import ArgumentParser
import FederationModel
import FederationViews
import Terminal

struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Shows all details of one cloud, VPN or gateway with its agent.",
        discussion: """
            EXAMPLES
              fedctl describe vpn blue
              fedctl describe gateway paris/gw1

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """,
        subcommands: [DescribeCloud.self, DescribeVPN.self, DescribeAgent.self])

    struct DescribeCloud: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cloud", abstract: "Shows all details of one cloud.",
            discussion: """
                EXAMPLES
                  fedctl describe cloud paris

                EXIT STATUS
                \(ExitStatus.manual(.ok, .error, .usage))
                """, aliases: ["clouds"])

        @Argument(transform: reading) var name: CloudName
        @OptionGroup var output: OutputOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let (cloud, verification) = try await connection.connected { coordinator in
                let applied = try await coordinator.graph()
                let cloud = try find(name, in: try applied.required().clouds, "cloud")
                let view = CloudView(name, cloud, in: applied, status: try await coordinator.status())
                return (view, try await coordinator.verify(cloud: name))
            }
            try output.show(Described(cloud, verification), cloud.description(verification: verification), on: Console.current())
        }
    }

    struct DescribeVPN: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "vpn", abstract: "Shows all details of one VPN.",
            discussion: """
                EXAMPLES
                  fedctl describe vpn blue

                EXIT STATUS
                \(ExitStatus.manual(.ok, .error, .usage))
                """, aliases: ["vpns"])

        @Argument(transform: reading) var name: VPNName
        @OptionGroup var output: OutputOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let (vpn, verification) = try await connection.connected { coordinator in
                let applied = try await coordinator.graph()
                let vpn = try find(name, in: try applied.required().vpns, "VPN")
                let view = VPNView(name, vpn, in: applied, states: try await coordinator.gateways(.init(vpn: name)))
                return (view, try await coordinator.verify(vpn: name))
            }
            try output.show(Described(vpn, verification), vpn.description(verification: verification), on: Console.current())
        }
    }

    struct DescribeAgent: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "agent", abstract: "Shows all details of one agent.",
            discussion: """
                EXAMPLES
                  fedctl describe agent paris/gw1

                EXIT STATUS
                \(ExitStatus.manual(.ok, .error, .usage))
                """, aliases: ["agents", "gateway", "gateways"])

        @Argument(help: ArgumentHelp(valueName: "cloud/node"), transform: reading) var name: GatewayID
        @OptionGroup var output: OutputOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let agents = try await connection.connected { try await $0.agents(name) }
            for agent in agents { try output.show(agent, agent.description(now: now()), on: Console.current()) }
        }
    }
}

/// A thing with how its pairs are, for programs.
private struct Described<Thing: Encodable>: Encodable {
    var object: Thing
    var verification: VerificationResult

    init(_ object: Thing, _ verification: VerificationResult) {
        self.object = object
        self.verification = verification
    }
}
