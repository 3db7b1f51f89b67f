import EVPN
import FederationModel
import NetworkTypes
import Probing
import SimulatedGateway
import Testing

@testable import Agent

@Suite("Where an agent's probes go, and what it reports of them", .timeLimit(.minutes(1)))
struct ProbeAssignmentTests {
    private static func intent() -> GatewayIntent {
        var vpn = Samples.vpn("blue")
        for place in vpn.origins.indices { vpn.origins[place].probeAddress = IPv4Address("100.127.0.\(place + 1)")! }
        return Samples.intent(vpns: [vpn])
    }

    /// A world that has come to rest, in which tokyo is learned from.
    private func world(_ learned: [String]) -> World {
        var world = World(stored: Self.intent())
        world.run()
        world.host.kernel.tunnels[LocalNames(index: 1).table] = Dictionary(
            uniqueKeysWithValues: learned.map { text in
                let prefix = IPPrefix(text)!
                return (prefix, TunnelRoute(prefix: prefix, nextHop: IPAddress("10.255.2.1")!, isReady: true))
            })
        world.run()
        return world
    }

    @Test("a gateway is probed in the families that are learned from it, and all members are answered")
    func assignment() throws {
        let vrf = try #require(world(["10.2.0.11/32"]).core.probed?.first)
        #expect(vrf.device == "fed1" && vrf.ingress == "fedbr1" && vrf.mtu == 1450 && vrf.index == 1)
        #expect(vrf.addresses == [IPAddress("100.127.0.1")!, IPAddress("fd0f:ed00::647f:1")!])
        #expect(
            vrf.peers == [
                .init(address: IPAddress("100.127.0.2")!, isProbed: true), .init(address: IPAddress("100.127.0.3")!, isProbed: false),
                .init(address: IPAddress("244.127.0.2")!, isProbed: true, end: .router),
                .init(address: IPAddress("fd0f:ed00::647f:2")!, isProbed: false),
                .init(address: IPAddress("fd0f:ed00::647f:3")!, isProbed: false),
            ])
        let both = try #require(world(["10.2.0.11/32", "fd10:2::11/128"]).core.probed?.first)
        #expect(
            both.peers.filter { $0.isProbed && $0.end == .gateway }.map(\.address) == [
                IPAddress("100.127.0.2")!, IPAddress("fd0f:ed00::647f:2")!,
            ])
        #expect(
            both.peers.filter { $0.end == .router }.map(\.address) == [IPAddress("244.127.0.2")!, IPAddress("fd0f:ed01::647f:2")!])
    }

    @Test("with more VPNs than ways, the far ones of a VPN are not asked, and answered all the same")
    func unasked() throws {
        var intent = Self.intent()
        // A node may ask two of each at least; so the VPN itself must be large.
        let others = (0..<60).map { place in
            RouteOrigin(
                vtep: IPv4Address(bits: 0x0aff_0401 + UInt32(place)), asn: ASN("4200000003")!,
                probeAddress: IPv4Address(bits: 0x647f_0100 + UInt32(place)))
        }
        let name = try #require(intent.vpns.keys.first)
        let known = intent.vpns[name]?.origins ?? []
        intent.vpns[name]?.origins = known + others
        for number in 2..<42 {
            let vpn = Samples.vpn("v\(number)", vni: UInt32(20_000 + number), index: UInt16(number))
            intent.vpns[vpn.name] = vpn
        }
        var world = World(stored: intent)
        world.run()
        world.host.kernel.tunnels[LocalNames(index: 1).table] = Dictionary(
            uniqueKeysWithValues: others.enumerated().map { place, origin in
                let prefix = IPPrefix(host: .v4(IPv4Address(bits: 0x0a02_0000 + UInt32(place))))
                return (prefix, TunnelRoute(prefix: prefix, nextHop: .v4(origin.vtep), isReady: true))
            })
        world.run()
        let vrf = try #require(world.core.probed?.first { $0.index == 1 })
        let asked = vrf.peers.count { $0.isProbed && $0.end == .gateway }
        #expect(asked > 0 && asked <= 4096 / (41 * 2) && vrf.peers.count >= 2 * 60, "\(asked) of \(vrf.peers.count)")
    }

    @Test("nothing is probed while nothing of here can be learned: there would be no way back")
    func nothingAdvertised() throws {
        var world = World(stored: Self.intent())
        world.routers = []
        world.run()
        world.host.kernel.tunnels[LocalNames(index: 1).table] = [
            IPPrefix("10.2.0.11/32")!: TunnelRoute(prefix: IPPrefix("10.2.0.11/32")!, nextHop: IPAddress("10.255.2.1")!, isReady: true)
        ]
        world.run()
        let vrf = try #require(world.core.probed?.first)
        #expect(!vrf.peers.isEmpty && !vrf.peers.contains(where: \.isProbed))
    }

    @Test("the same is said once only")
    func once() {
        var world = world(["10.2.0.11/32"])
        var said = 0
        world.hears = { _, _, actions, _ in
            said += actions.count { if case .probe = $0 { true } else { false } }
        }
        for _ in 0..<5 {
            world.now += 3_000
            world.run()
        }
        #expect(said == 0)
    }

    @Test("a finding is reported under the other's VTEP, and not while the VPN has two VNIs")
    func report() throws {
        let world = world(["10.2.0.11/32"])
        var vpn = try #require(world.core.keeper.intent?.vpns.values.first)
        let part = ProbeFinding.Part(outcome: .lost, since: 5_000_000_000, isHeard: true)
        let findings = ProbeFindings(
            paths: [
                ProbePath(vrf: 1, peer: IPAddress("100.127.0.2")!): ProbeFinding(
                    small: part, large: part, largeSize: 1450, lossOut: 0, lossBack: 0, roundTrip: 1_234_000),
                ProbePath(vrf: 1, peer: IPAddress("244.127.0.2")!): ProbeFinding(
                    small: part, large: part, largeSize: 1450, lossOut: 0, lossBack: 15, roundTrip: nil),
            ], interval: 2_000_000_000)
        let report = world.core.report(of: vpn, RoutingTables(), probes: findings)
        let expected = ProbeReport.Part(outcome: .lost, since: 5_000, isHeard: true)
        #expect(
            report.probes == [
                ProbeReport(
                    vtep: IPv4Address("10.255.2.1")!, family: .ipv4, small: expected, large: expected, largeSize: 1450, interval: 2000,
                    roundTrip: 1234, router: .init(small: expected, large: expected, loss: 15))
            ])
        vpn.secondary = Samples.binding(10_777, 7)
        #expect(world.core.report(of: vpn, RoutingTables(), probes: findings).probes.isEmpty)
    }
}
