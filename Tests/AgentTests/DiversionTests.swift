import Agent
import FederationModel
import NetworkTypes
import Testing

/// What OVN does with such rows, ovn-trace tells in OVNTests.
@Suite("What a tenant's router takes before it comes to the provider network", .timeLimit(.minutes(1)))
struct DiversionTests {
    private let blue = VPNName(unchecked: "blue")

    /// Blue's router has a default route, and 10.2.0.11 to steer to.
    private func problems(_ code: ProblemCode = .routerDiverts, _ change: (inout CloudBuilder.Router) -> Void) -> [Problem] {
        var world = NextHopTests.world(known: [IPAddress("172.24.1.1")!])
        change(&world.routers[0])
        world.run()
        return (world.core.problems[blue] ?? []).filter { $0.code == code }
    }

    private func prefixes(_ texts: String...) -> [IPPrefix] { texts.map { IPPrefix($0)! } }

    @Test("nothing diverts in a router as Neutron makes it")
    func plain() { #expect(problems { _ in }.isEmpty) }

    @Test("a static route that holds a destination is named, with the destination")
    func routes() {
        let found = problems { $0.staticRoutes.append("10.2.0.0/24 10.1.0.12") }
        #expect(found.map(\.prefixes) == [prefixes("10.2.0.11/32")])
        #expect(found.first?.message.contains("route 10.2.0.0/24 via 10.1.0.12 of router") == true)
        #expect(problems { $0.staticRoutes.append("10.2.0.11/32 discard") }.map(\.prefixes) == [prefixes("10.2.0.11/32")])
        #expect(problems { $0.staticRoutes.append("10.3.0.0/24 10.1.0.12") }.isEmpty)
        // The same way as the default route: our flows wait there.
        #expect(problems { $0.staticRoutes.append("10.2.0.0/24 172.24.1.1") }.isEmpty)
    }

    @Test(
        "a policy that drops or reroutes is named, as far as it speaks of addresses",
        arguments: [
            ("2000 drop ip4.dst == 10.2.0.0/24", true), ("2000 reroute ip4 && ip4.dst == {10.9.0.0/24, 10.2.0.11}", true),
            ("2000 drop (ip4.src == 10.1.0.0/24)", true), ("2000 drop ip4.src == 10.7.0.0/24 && ip4.dst == 10.2.0.0/24", false),
            ("2000 drop ip4.dst == 10.3.0.0/24", false), ("2000 drop ip6.dst == fd10:2::/64", false),
            ("2000 drop ip4.dst == 10.2.0.0/24 && tcp.dst == 25", false), ("2000 drop ip4.dst != 10.2.0.0/24", false),
            ("2000 drop ip4.dst == $addresses", false), ("2000 allow ip4.dst == 10.2.0.0/24", false), ("1 drop 1", true),
        ])
    func policies(policy: String, isNamed: Bool) {
        #expect(problems { $0.policies = [policy] }.isEmpty != isNamed)
    }

    @Test("one that asks for more may take them, and that is said as such")
    func unread() {
        let found = problems(.routerPolicyUnread) { $0.policies = ["2000 drop ip4.dst == 10.2.0.0/24 && tcp.dst == 25"] }
        #expect(found.first?.message.contains("may take packets to 10.2.0.11/32") == true)
        #expect(problems(.routerPolicyUnread) { $0.policies = ["2000 drop ip4.dst == 10.3.0.0/24 && tcp.dst == 25"] }.isEmpty)
    }

    @Test("one that is asked before and lets the same through goes before, and a lower one does not")
    func priorities() {
        let drop = "1000 drop ip4.dst == 10.2.0.0/24"
        #expect(problems { $0.policies = [drop, "2000 allow ip4.dst == 10.2.0.0/16"] }.isEmpty)
        #expect(!problems { $0.policies = [drop, "500 allow ip4.dst == 10.2.0.0/16"] }.isEmpty)
    }

    @Test("a port of it that is disabled is named")
    func disabled() {
        let found = problems { $0.disabledPorts = ["lrp-t1"] }
        #expect(found.first?.message.contains("port lrp-t1") == true)
    }
}
