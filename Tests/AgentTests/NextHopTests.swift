import Agent
import EVPN
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("The next hop of a router's default route", .timeLimit(.minutes(3)))
struct NextHopTests {
    private let blue = VPNName(unchecked: "blue")
    private let gateway = IPAddress("172.24.1.1")!

    /// Blue's router has a default route, and a destination to steer to.
    static func world(known: Set<IPAddress>?) -> World {
        var world = World()
        world.routers[0].staticRoutes = ["0.0.0.0/0 172.24.1.1"]
        world.knownNextHops = known
        let destination = IPPrefix("10.2.0.11/32")!
        world.host.kernel.tunnels[10001] = [
            destination: TunnelRoute(prefix: destination, nextHop: IPAddress("10.255.2.1")!, isReady: true)
        ]
        world.run()
        return world
    }

    private func pass(_ milliseconds: Int64, _ world: inout World) {
        for _ in 0..<(milliseconds / 1_000) {
            world.now += 1_000
            world.run()
        }
    }

    private func codes(_ world: World) -> [ProblemCode?] { world.core.problems[blue]?.map(\.code) ?? [] }

    @Test("one that OVN knows is left alone")
    func known() {
        var world = Self.world(known: [gateway])
        pass(60_000, &world)
        #expect(world.echoes == [] && !codes(world).contains(.nextHopUnanswered))
    }

    @Test("for one that it does not know OVN is made to ask, and nothing is said where that helps")
    func asked() {
        var world = Self.world(known: [])
        pass(2_000, &world)
        let echo = world.echoes.first
        #expect(echo?.bridge == "br-ex" && echo?.port == 2 && echo?.destination == IPAddress("172.24.1.11"))
        #expect(!codes(world).contains(.nextHopUnanswered))
        world.knownNextHops = [gateway]
        pass(4_000, &world)
        let sent = world.echoes.count
        pass(60_000, &world)
        #expect(world.echoes.count == sent && !codes(world).contains(.nextHopUnanswered))
    }

    @Test("one that answers nobody is a problem of the VPN within 15 s, and none any more when it answers")
    func unanswered() {
        var world = Self.world(known: [])
        pass(15_000, &world)
        let problem = world.core.problems[blue]?.first { $0.code == .nextHopUnanswered }
        #expect(problem?.message.contains("172.24.1.1,") == true)
        world.knownNextHops = [gateway]
        pass(4_000, &world)
        #expect(!codes(world).contains(.nextHopUnanswered))
    }

    @Test("the problem is of the router's networks of that family, of which others know nothing")
    func concerns() {
        var world = Self.world(known: [])
        pass(15_000, &world)
        let problem = world.core.problems[blue]?.first { $0.code == .nextHopUnanswered }
        #expect(problem?.prefixes == [IPPrefix("10.1.0.0/24")!])
    }

    @Test("OVN is made to ask less and less often, and at once again when the next hop changes")
    func pauses() {
        var world = Self.world(known: [])
        pass(60_000, &world)
        #expect(world.echoes.count <= 8)
        let sent = world.echoes.count
        pass(600_000, &world)
        #expect((10...21).contains(world.echoes.count - sent))
        world.routers[0].staticRoutes = ["0.0.0.0/0 172.24.1.3"]
        world.echoes = []
        pass(12_000, &world)
        #expect(world.echoes.count >= 1)
    }

    @Test("while Open vSwitch does not take them, no more echoes are sent")
    func stuck() {
        var world = Self.world(known: [gateway])
        world.answersEchoes = false
        world.knownNextHops = []
        pass(60_000, &world)
        #expect(world.echoes.count == 1)
        world.tell(.echoesSent)
        world.answersEchoes = true
        pass(60_000, &world)
        #expect(world.echoes.count > 1)
    }

    @Test("of many next hops, no more than 64 are asked for at once, and all in turn")
    func many() {
        var world = Self.world(known: [gateway])
        world.routers[0].staticRoutes = (20..<120).map { "0.0.0.0/0 172.24.1.\($0)" }
        world.run()
        world.answersEchoes = false
        pass(10_000, &world)
        #expect(world.echoes.count == 64)
        world.tell(.echoesSent)
        pass(10_000, &world)
        #expect(world.echoes.count == 100 || world.echoes.count == 128)
    }

    @Test("a southbound database that does not tell proves nothing")
    func silent() {
        var world = Self.world(known: nil)
        pass(60_000, &world)
        #expect(world.echoes == [] && !codes(world).contains(.nextHopUnanswered))
    }

    @Test("one that is a port of another router of the cloud needs no asking")
    func own() {
        var world = Self.world(known: [])
        world.routers[0].staticRoutes = ["0.0.0.0/0 172.24.1.12"]
        world.run()
        world.echoes = []
        pass(30_000, &world)
        #expect(world.echoes == [] && !codes(world).contains(.nextHopUnanswered))
    }

    @Test("a router without federated destinations is not asked about")
    func unused() {
        var world = World()
        world.routers[0].staticRoutes = ["0.0.0.0/0 172.24.1.1"]
        world.knownNextHops = []
        world.run()
        pass(30_000, &world)
        #expect(world.echoes == [] && !codes(world).contains(.nextHopUnanswered))
    }

    @Test("the packet that makes OVN ask is an echo request with right sums, tagged where the provider network is")
    func frame() {
        func echo(_ vlan: UInt16?, _ source: String, _ destination: String) -> [UInt8] {
            EchoRequest(
                bridge: "br-ex", port: 2, vlan: vlan, sourceMAC: MACAddress("02:fe:d0:00:00:01")!,
                destinationMAC: MACAddress("fa:16:3e:00:01:01")!, source: IPAddress(source)!, destination: IPAddress(destination)!
            ).frame
        }
        /// RFC 1071: a sum over all, the sum itself included, is -0.
        func sum(_ bytes: some Sequence<UInt8>) -> UInt32 {
            var sum = bytes.enumerated().reduce(UInt32(0)) { $0 + UInt32($1.element) << ($1.offset % 2 == 0 ? 8 : 0) }
            while sum >> 16 != 0 { sum = sum & 0xffff + sum >> 16 }
            return sum
        }
        let ethernet: [UInt8] = [0xfa, 0x16, 0x3e, 0, 1, 1, 0x02, 0xfe, 0xd0, 0, 0, 1]
        let plain = echo(nil, "100.127.0.1", "172.24.1.11")
        #expect(plain.count == 60 && Array(plain.prefix(14)) == ethernet + [0x08, 0x00])
        #expect(plain[14] == 0x45 && plain[23] == 1 && plain[34] == 8)
        #expect(Array(plain[26..<34]) == [100, 127, 0, 1, 172, 24, 1, 11])
        #expect(sum(plain[14..<34]) == 0xffff && sum(plain[34..<42]) == 0xffff)
        let tagged = echo(100, "fd0f:ed00::647f:1", "fd24:1::11")
        #expect(Array(tagged.prefix(18)) == ethernet + [0x81, 0x00, 0, 100, 0x86, 0xdd])
        #expect(tagged[24] == 58 && tagged[58] == 128)
        #expect(sum(Array(tagged[26..<58]) + [0, 0, 0, 8, 0, 0, 0, 58] + Array(tagged[58..<66])) == 0xffff)
    }
}
