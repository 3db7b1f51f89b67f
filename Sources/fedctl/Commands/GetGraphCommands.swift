import ArgumentParser
import FederationModel
import FederationViews
import Terminal

struct GetClouds: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clouds", abstract: "Lists the clouds.",
        discussion: """
            EXAMPLES
              fedctl get clouds -o wide

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """, aliases: ["cloud"])

    @Argument(help: ArgumentHelp("Only this one.", valueName: "name"), transform: reading)
    var name: CloudName?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let clouds = try await connection.connected { coordinator in
            let applied = try await coordinator.graph()
            let status = try await coordinator.status()
            return try choose(name, in: applied.graph?.clouds ?? [:], "cloud").map { CloudView($0, $1, in: applied, status: status) }
        }
        try output.show(clouds, clouds.page, on: Console.current())
    }
}

struct GetVPNs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vpns", abstract: "Lists the VPNs: the tenant networks that clouds share.",
        discussion: """
            EXAMPLES
              fedctl get vpns blue -o json

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """, aliases: ["vpn"])

    @Argument(help: ArgumentHelp("Only this one.", valueName: "name"), transform: reading)
    var name: VPNName?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let vpns = try await connection.connected { coordinator in
            let applied = try await coordinator.graph()
            let states = try await coordinator.gateways(.init(vpn: name))
            return try choose(name, in: applied.graph?.vpns ?? [:], "VPN").map { VPNView($0, $1, in: applied, states: states) }
        }
        try output.show(vpns, vpns.page, on: Console.current())
    }
}

struct GetGraph: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Shows the federation graph in force.",
        discussion: """
            -o yaml prints the federation file as applied, with its comments; -o json adds the revision and the \
            allocated values.

            EXAMPLES
              fedctl get graph -o yaml > federation.yaml

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let (applied, status) = try await connection.connected { (try await $0.graph(), try await $0.status()) }
        let console = Console.current()
        if output.output == .yaml {
            _ = try applied.required()
            console.write(applied.text.hasSuffix("\n") ? applied.text : applied.text + "\n")
        } else {
            try output.show(applied, applied.page(status: status), on: console)
        }
    }
}

/// All things by name, or the one of that name.
func choose<Name: FederationName, Value>(_ name: Name?, in things: [Name: Value], _ noun: String) throws(CommandError) -> [(Name, Value)] {
    if let name { return [(name, try find(name, in: things, noun))] }
    return things.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
}
