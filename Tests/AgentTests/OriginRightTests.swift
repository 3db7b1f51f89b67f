import EVPN
import FRR
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@testable import Agent

@Suite("What an origin has no right to announce")
struct OriginRightTests {
    private let blue = VPNName(unchecked: "blue")
    private let tokyo = IPAddress("10.255.2.1")!

    private func intent(_ rules: String...) throws -> GatewayIntent {
        var vpn = Samples.vpn("blue")
        vpn.origins = ["paris", "tokyo", "berlin"].enumerated().map { index, cloud in
            RouteOrigin(
                vtep: IPv4Address("10.255.\(index + 1).1")!, asn: ASN("420000000\(index + 1)")!, cloud: CloudName(unchecked: cloud))
        }
        if !rules.isEmpty {
            vpn.rights = [OriginRight(clouds: [CloudName(unchecked: "tokyo")], rules: try rules.map { try PrefixRule(parsing: $0) })]
        }
        return Samples.intent(vpns: [vpn])
    }

    @Test("is refused by the install filter, is not steered to even before that, and is reported with its name")
    func refused() throws {
        var world = World(stored: try intent("permit 10.2.0.0/24 le 32"))
        let table = LocalNames(index: 1).table
        func learn(_ prefix: String, by vtep: String) {
            world.host.kernel.tunnels[table, default: [:]][IPPrefix(prefix)!] = TunnelRoute(
                prefix: IPPrefix(prefix)!, nextHop: IPAddress(vtep)!, isReady: true)
        }
        learn("10.2.0.11/32", by: "10.255.2.1")
        learn("10.3.0.77/32", by: "10.255.2.1")
        learn("fd10:2::11/128", by: "10.255.2.1")
        learn("10.3.0.11/32", by: "10.255.3.1")
        world.run()
        let steered = (world.core.steered[blue] ?? [:]).values.reduce(into: Set<IPPrefix>()) { $0.formUnion($1) }
        #expect(steered == Samples.prefixes("10.2.0.11/32", "10.3.0.11/32"))
        let filters = try #require(world.host.routing.vrfs["fed1"]?.installed)
        #expect(filters[.ipv4]?.restrictions.map(\.nextHops) == [[IPv4Address("10.255.2.1")!]])
        #expect(filters[.ipv4]?.restrictions.first?.entries == [try PrefixRule(parsing: "permit 10.2.0.0/24 le 32")])
        #expect(filters[.ipv6]?.restrictions.first?.entries == [], "it has no IPv6 prefix there")
        #expect(world.host.violations == [] && world.run() == [])

        var tables = RoutingTables()
        tables.imported["fed1"] = [
            ImportedRoute(prefix: IPPrefix("10.2.0.11/32")!, nextHop: tokyo, isBest: true),
            ImportedRoute(prefix: IPPrefix("10.3.0.77/32")!, nextHop: tokyo, isBest: true),
        ]
        let vpn = try #require(world.core.keeper.intent?.vpns[blue])
        let problem = try #require(world.core.report(of: vpn, tables).problems.first { $0.code == .originNotAuthorized })
        #expect(problem.message == "VPN blue: tokyo announces 1 prefixes that it may not: they are not installed (10.3.0.77/32)")
    }

    @Test("a right that names just prefixes is not taken for a maximum that was exceeded")
    func restart() throws {
        var world = World(stored: try intent("permit 10.2.0.11/32"))
        world.run()
        var restarted = World(stored: try intent("permit 10.2.0.11/32"), indexes: world.core.indexes)
        restarted.host = world.host
        #expect(restarted.run() == [])
        #expect(restarted.core.problems[blue] == [])
    }
}
