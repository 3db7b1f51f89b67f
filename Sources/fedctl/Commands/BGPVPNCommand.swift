import ArgumentParser
import FederationAPI
import FederationModel
import FederationViews
import Terminal

struct BGPVPNCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bgpvpn", abstract: "Shows the BGPVPNs of the clouds, and which VPN each is for.",
        discussion: """
            The cloud’s admin makes a BGPVPN for a project, its owner associates routers, networks and ports with it, and the federation \
            file says which VPN it is for. One that no attachment selects is nobody’s: the line to paste is shown.

            EXAMPLES
              fedctl bgpvpn list
              fedctl bgpvpn list --cloud paris -o wide
              fedctl bgpvpn show paris white

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """, subcommands: [ListBGPVPNs.self, ShowBGPVPN.self])
}

struct ListBGPVPNs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the BGPVPNs that agents see.",
        discussion: """
            EXAMPLES
              fedctl bgpvpn list
              fedctl bgpvpn list --cloud paris -o json

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """)

    @Option(help: "Only those of this cloud.", transform: reading)
    var cloud: CloudName?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let list = try await connection.connected { try await $0.bgpvpns(of: cloud) }
        try output.show(list, list.page, on: Console.current())
    }
}

struct ShowBGPVPN: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a BGPVPN with its associations and claims.",
        discussion: """
            EXAMPLES
              fedctl bgpvpn show paris white
              fedctl bgpvpn show paris 4a1d2f6c-6c52-4f6e-8a0e-0a5d1c1f7b11 -o yaml

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """)

    @Argument(help: "The cloud.", transform: reading)
    var cloud: CloudName

    @Argument(help: "Its id, or its name: all of that name are shown.")
    var name: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let list = try await connection.connected { try await $0.bgpvpns(of: cloud) }
        let found = list.bgpvpns.filter { $0.id == name || $0.name == name || $0.title == name }
        guard !found.isEmpty else {
            throw CommandError(
                "no agent of \(cloud) sees a BGPVPN “\(name)”",
                remedy: list.unlisted.isEmpty
                    ? "`fedctl bgpvpn list --cloud \(cloud)` shows those that are seen"
                    : "no driver lists BGPVPNs in \(cloud): one is seen when something is associated with it; `fedctl bgpvpn list --cloud \(cloud)` "
                        + "shows those that are seen")
        }
        try output.show(found, found.page, on: Console.current())
    }
}

extension AdminClient {
    /// What the agents of a cloud, or of all, tell of BGPVPNs.
    fileprivate func bgpvpns(of cloud: CloudName?) async throws -> BGPVPNList {
        let graph = try await graph().required()
        if let cloud { _ = try find(cloud, in: graph.clouds, "cloud") }
        return BGPVPNList(try await gateways(.init(cloud: cloud)), graph: graph)
    }
}
