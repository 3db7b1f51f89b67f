import EVPN
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("The ways of probes", .timeLimit(.minutes(1)))
struct ProbeWaysTests {
    /// A VPN of so many gateways, of which this is the first.
    private static func intent(gateways: Int, vpns: Int = 1, own: Int = 1) -> GatewayIntent {
        var intent = Samples.intent(
            vpns: (1...vpns).map { number in
                var vpn = Samples.vpn("v\(number)", vni: UInt32(10_000 + number), index: UInt16(number))
                vpn.origins =
                    (1...gateways).map { place in
                        RouteOrigin(
                            vtep: vtep(place), asn: ASN("4200000001")!, probeAddress: IPv4Address(bits: 0x647f_0000 + UInt32(place)))
                    } + [RouteOrigin(vtep: IPv4Address("203.0.113.9")!, asn: ASN("65010")!)]
                return vpn
            })
        intent.base.vtep = vtep(own)
        return intent
    }

    private static func vtep(_ place: Int) -> IPv4Address { IPv4Address(bits: 0x0aff_0000 + UInt32(place)) }

    @Test("each other gateway has a route of both families over the tunnel’s own next hop, and another fabric has none")
    func routes() {
        var host = SimulatedHost()
        _ = converge(&host, to: designer(Self.intent(gateways: 2), []))
        #expect(host.violations == [])
        let expected: Set<VRFRoute> = [
            VRFRoute(
                table: 10001, prefix: IPPrefix("100.127.0.2/32")!, target: .via(IPAddress("10.255.0.2")!, link: "fedbr1"), metric: 1),
            VRFRoute(
                table: 10001, prefix: IPPrefix("fd0f:ed00::647f:2/128")!, target: .via(IPAddress("::ffff:10.255.0.2")!, link: "fedbr1"),
                metric: 1),
            // And to its router.
            VRFRoute(
                table: 10001, prefix: IPPrefix("244.127.0.2/32")!, target: .via(IPAddress("10.255.0.2")!, link: "fedbr1"), metric: 1),
            VRFRoute(
                table: 10001, prefix: IPPrefix("fd0f:ed01::647f:2/128")!, target: .via(IPAddress("::ffff:10.255.0.2")!, link: "fedbr1"),
                metric: 1),
        ]
        #expect(host.kernel.routes.filter { route in expected.contains { $0.prefix == route.prefix } } == expected)
        #expect(host.kernel.routes.count == expected.count + 2, "and the two unreachable defaults")
    }

    @Test("a gateway that leaves takes its routes with it, one that is taken away by hand comes back, and a VPN that goes leaves none")
    func changes() throws {
        var host = SimulatedHost()
        _ = converge(&host, to: designer(Self.intent(gateways: 3), []))
        #expect(host.kernel.routes.count == 10)
        let steps = converge(&host, to: designer(Self.intent(gateways: 2), []))
        // bgpd installs nothing of it any more either.
        #expect(host.kernel.routes.count == 6 && steps.count { if case .removeRoute = $0 { true } else { false } } == 4, "\(steps)")
        let route = try #require(host.kernel.routes.first { $0.prefix == IPPrefix("100.127.0.2/32")! })
        host.kernel.routes.remove(route)
        #expect(converge(&host, to: designer(Self.intent(gateways: 2), [])) == [.addRoute(route)])
        var empty = Self.intent(gateways: 2)
        empty.vpns = [:]
        _ = converge(&host, to: designer(empty, []))
        #expect(host.kernel.routes.isEmpty)
    }

    @Test("one that has another metric, over which a learned route would win, is replaced")
    func metric() throws {
        var host = SimulatedHost()
        _ = converge(&host, to: designer(Self.intent(gateways: 2), []))
        let whole = host.kernel.routes
        let route = try #require(whole.first { $0.prefix == IPPrefix("fd0f:ed00::647f:2/128")! })
        var worse = route
        worse.metric = 1024
        host.kernel.routes.remove(route)
        host.kernel.routes.insert(worse)
        let steps = converge(&host, to: designer(Self.intent(gateways: 2), []))
        #expect(Set(steps) == [.addRoute(route), .removeRoute(worse)] && host.kernel.routes == whole && host.violations == [])
    }

    @Test("who has few VPNs may ask who has many: each has a way to all others of a VPN and answers them")
    func unequal() throws {
        let few = Self.intent(gateways: 120), many = Self.intent(gateways: 120, vpns: 40, own: 61)
        let (asking, answering) = (try #require(few.vpns.values.first), try #require(many.vpns.values.first))
        #expect(ProbeWays(few).asked(of: asking).contains { $0.vtep == Self.vtep(61) })
        #expect(!ProbeWays(many).asked(of: answering).contains { $0.vtep == Self.vtep(1) })
        #expect(ProbeWays(many).origins(of: answering).count == 119)
        var indexes = LocalIndexes()
        let design = Designer.design(.init(intent: many, routers: [], destinations: [:], switching: nil), indexes: &indexes)
        #expect(design.vpns.values.allSatisfy { $0.routes.contains { $0.prefix == IPPrefix("100.127.0.1/32")! } })
    }

    @Test("the number of those asked is bounded, and two gateways agree on whether they probe each other")
    func bound() throws {
        let gateways = 120
        var chosen: [Set<IPv4Address>] = []
        for own in 1...gateways {
            let intent = Self.intent(gateways: gateways, vpns: 40, own: own)
            let vpn = try #require(intent.vpns.values.first)
            chosen.append(Set(ProbeWays(intent).asked(of: vpn).map(\.vtep)))
        }
        for (place, own) in chosen.enumerated() {
            #expect(own.count == 50 && !own.contains(Self.vtep(place + 1)), "4,096 in 40 VPNs and two families, an even number")
            for other in own { #expect(chosen[Int(other.bits - 0x0aff_0000) - 1].contains(Self.vtep(place + 1))) }
        }
    }
}
