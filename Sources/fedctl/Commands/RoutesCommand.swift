import ArgumentParser
import FederationViews
import Terminal

struct RoutesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes",
        abstract: "Shows the progress of every prefix on every gateway: advertised, received, imported, installed, steered.",
        discussion: """
            “local” prefixes belong to the gateway’s own cloud and are advertised or not. All others are learned from the gateway \
            under FROM: received by bgpd, imported into the VRF, installed in the kernel with its tunnel entries, and steered \
            there by OVS. VPN “none” is a route that no VPN of that gateway imports. “INTRUDER” under IMPORTED is a route from no \
            gateway that may export to the VPN, or one that its origin does not announce (first hundred per pair of clouds).

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
        let routes = try await connection.connected { coordinator in
            let graph = try await coordinator.graph().required()
            try selection.check(against: graph)
            let states = try await coordinator.gateways(.init(vpn: selection.vpn, cloud: selection.cloud))
            let pairs = try await coordinator.verify(vpn: selection.vpn, cloud: selection.cloud).pairs
            return RouteView.all(states, vteps: graph.vteps, vpn: selection.vpn, pairs: pairs)
        }
        try output.show(routes, routes.page, on: Console.current())
    }
}
