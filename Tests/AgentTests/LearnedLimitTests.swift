import EVPN
import FRR
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@testable import Agent

@Suite("What a VPN learns is limited, for each origin and for all together")
struct LearnedLimitTests {
    private let blue = VPNName(unchecked: "blue")
    private let table = LocalNames(index: 1).table

    private static func intent(perOrigin: Int? = nil, total: Int? = nil) -> GatewayIntent {
        var vpn = Samples.vpn("blue")
        vpn.origins = ["paris", "tokyo", "berlin"].enumerated().map { index, cloud in
            RouteOrigin(
                vtep: IPv4Address("10.255.\(index + 1).1")!, asn: ASN("420000000\(index + 1)")!, cloud: CloudName(unchecked: cloud))
        }
        (vpn.maximumLearned, vpn.maximumLearnedPerOrigin) = (total, perOrigin)
        return Samples.intent(vpns: [vpn])
    }

    private static func prefixes(_ cloud: Int, _ hosts: ClosedRange<Int>) -> [IPPrefix] {
        hosts.map { IPPrefix("10.\(cloud).0.\($0)/32")! }
    }

    /// What clouds announce: bgpd has it, and zebra installs what the filter lets it.
    private func announce(_ announced: [Int: [IPPrefix]], in world: inout World) {
        world.offers = [
            1: announced.flatMap { cloud, prefixes in
                prefixes.map { OfferedRoute(prefix: $0, nextHops: [IPAddress("10.255.\(cloud).1")!]) }
            }
        ]
        let restrictions = world.host.routing.vrfs["fed1"]?.installed[.ipv4]?.restrictions ?? []
        world.host.kernel.tunnels[table] = [:]
        for (cloud, prefixes) in announced {
            let vtep = IPv4Address("10.255.\(cloud).1")!
            for prefix in prefixes
            where restrictions.allSatisfy({ !$0.nextHops.contains(vtep) || !$0.entries.isEmpty && $0.entries.permits(prefix) }) {
                world.host.kernel.tunnels[table]?[prefix] = TunnelRoute(prefix: prefix, nextHop: .v4(vtep), isReady: true)
            }
        }
    }

    private func steered(_ world: World) -> Set<IPPrefix> { (world.core.steered[blue] ?? [:]).values.reduce(into: []) { $0.formUnion($1) } }

    /// Time passes, and zebra does what the filter says.
    private func pass(_ milliseconds: Int64, _ announced: [Int: [IPPrefix]], _ world: inout World) {
        let end = world.now + milliseconds
        while world.now < end {
            announce(announced, in: &world)
            world.run()
            world.now += 5_000
        }
        announce(announced, in: &world)
        world.run()
    }

    private func codes(_ world: World) -> [ProblemCode?] { (world.core.problems[blue] ?? []).map(\.code) }

    @Test("one origin announces too much: what stood stays, the rest is neither steered to nor installed, and others lose nothing")
    func perOrigin() throws {
        var world = World(stored: Self.intent(perOrigin: 4))
        let others = Self.prefixes(3, 1...4)
        pass(0, [2: Self.prefixes(2, 50...52), 3: others], &world)
        #expect(codes(world) == [])
        #expect(world.host.routing.vrfs["fed1"]?.installed[.ipv4]?.restrictions == [])
        let flood = Self.prefixes(2, 1...100)
        announce([2: flood, 3: others], in: &world)
        world.run()
        // Of what is new, the first by order; never more, not even before zebra heard of the filter.
        let kept = Set(Self.prefixes(2, 50...52) + Self.prefixes(2, 1...1))
        #expect(steered(world) == kept.union(others))
        let restriction = try #require(world.host.routing.vrfs["fed1"]?.installed[.ipv4]?.restrictions.first)
        #expect(restriction.nextHops == [IPv4Address("10.255.2.1")!])
        #expect(restriction.exactPrefixes == kept)
        pass(10_000, [2: flood, 3: others], &world)
        #expect(Set(world.host.kernel.tunnels[table]?.keys.map { $0 } ?? []) == kept.union(others))
        let problem = try #require(world.core.problems[blue]?.first)
        #expect(problem.code == .learnedLimit)
        #expect(problem.message == "VPN blue: tokyo announces 100 prefixes, over the maximum of 4: 96 are not installed")
        #expect(world.core.acknowledgements[.vpn(blue)] == .applied("v1"))
        #expect(world.host.violations == [])
        let steps = world.run()
        #expect(steps == [], "a second run does nothing")
    }

    @Test("an excess that comes and goes changes the filter rarely, and all is let in when everything has fitted for a while")
    func hysteresis() {
        var world = World(stored: Self.intent(perOrigin: 4))
        pass(0, [2: Self.prefixes(2, 1...5)], &world)
        #expect(codes(world) == [.learnedLimit])
        world.steps = []
        for _ in 0..<3 {
            pass(5_000, [2: Self.prefixes(2, 1...4)], &world)
            pass(5_000, [2: Self.prefixes(2, 1...5)], &world)
        }
        #expect(world.steps.filter { $0.surface == .bgpd } == [])
        #expect(codes(world) == [.learnedLimit])
        pass(45_000, [2: Self.prefixes(2, 3...6)], &world)
        #expect(codes(world) == [])
        #expect(world.host.routing.vrfs["fed1"]?.installed[.ipv4]?.restrictions == [])
        #expect(steered(world).isSuperset(of: Self.prefixes(2, 3...6)))
    }

    @Test("while the excess lasts, what comes in place of what went is let in, though not at once")
    func replacement() {
        var world = World(stored: Self.intent(perOrigin: 4))
        pass(0, [2: Self.prefixes(2, 1...6)], &world)
        #expect(steered(world) == Set(Self.prefixes(2, 1...4)))
        pass(45_000, [2: Self.prefixes(2, 3...9)], &world)
        #expect(world.host.routing.vrfs["fed1"]?.installed[.ipv4]?.restrictions.first?.exactPrefixes == Set(Self.prefixes(2, 3...6)))
        #expect(codes(world) == [.learnedLimit])
    }

    @Test("all clouds together are limited too")
    func total() {
        var world = World(stored: Self.intent(perOrigin: 10, total: 6))
        pass(10_000, [2: Self.prefixes(2, 1...5), 3: Self.prefixes(3, 1...5)], &world)
        #expect(steered(world) == Set(Self.prefixes(2, 1...5) + Self.prefixes(3, 1...1)))
        #expect(world.host.kernel.tunnels[table]?.count == 6)
        #expect(world.core.problems[blue]?.first?.message.contains("other clouds announce 10 prefixes, over the maximum of 6: 4") == true)
    }

    @Test("an agent that restarts goes on from what bgpd’s filter lets in, and lets no flood in first")
    func restart() {
        var world = World(stored: Self.intent(perOrigin: 4))
        let flood = Self.prefixes(2, 1...100)
        pass(0, [2: Self.prefixes(2, 50...53)], &world)
        pass(10_000, [2: flood], &world)
        var restarted = World(stored: Self.intent(perOrigin: 4), indexes: world.core.indexes)
        (restarted.host, restarted.northbound, restarted.offers, restarted.now) = (world.host, world.northbound, world.offers, world.now)
        pass(0, [2: flood], &restarted)
        #expect(restarted.steps.filter { $0.surface == .bgpd } == [])
        #expect(steered(restarted) == Set(Self.prefixes(2, 50...53)))
        #expect(codes(restarted) == [.learnedLimit])
    }

    @Test("a raised maximum holds at once")
    func raised() throws {
        var world = World(stored: Self.intent(perOrigin: 4))
        pass(10_000, [2: Self.prefixes(2, 1...6)], &world)
        var raised = Self.intent(perOrigin: 8)
        raised.vpns[blue]?.version = "v2"
        try world.receive(.vpn(raised.vpns[blue]!))
        pass(0, [2: Self.prefixes(2, 1...6)], &world)
        #expect(codes(world) == [])
        pass(0, [2: Self.prefixes(2, 1...6)], &world)
        #expect(steered(world) == Set(Self.prefixes(2, 1...6)))
    }

    @Test("while bgpd does not tell what it has, nothing changes")
    func silence() {
        var world = World(stored: Self.intent(perOrigin: 4))
        pass(0, [2: Self.prefixes(2, 1...6)], &world)
        world.steps = []
        for _ in 0..<20 {
            world.offers = nil
            world.run()
            world.now += 5_000
        }
        #expect(world.steps == [])
        #expect(codes(world) == [.learnedLimit])
    }
}
