import ArgumentParser
import Terminal

struct RoutesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes",
        abstract: "Shows for every prefix and gateway how far it came: advertised, received, imported, installed, steered.",
        discussion: """
            “local” prefixes are of the gateway’s own cloud, and advertised or not. All others are learned from the gateway \
            under FROM: received by bgpd, imported into the VRF, installed in the kernel with its tunnel entries, and steered \
            there by OVS. VPN “none” is a route that no VPN of that gateway imports.

            EXAMPLES
              fedctl routes --vpn blue --cloud tokyo
              fedctl routes -o wide

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """)

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let routes = try await Coordinator.with(connection) { coordinator in
            let graph = try await coordinator.graph().required()
            try selection.check(against: graph)
            let states = try await coordinator.reports(vpn: selection.vpn, cloud: selection.cloud)
            return RouteView.all(states, vteps: graph.vteps, vpn: selection.vpn)
        }
        try output.show(routes, routes.page, on: Console.current())
    }
}
