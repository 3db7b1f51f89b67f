import EVPN
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("Probes through a router", .timeLimit(.minutes(1)))
struct RouterProbesTests {
    private static func intent() -> GatewayIntent {
        var vpn = Samples.vpn("blue")
        for place in vpn.origins.indices { vpn.origins[place].probeAddress = IPv4Address("100.127.0.\(place + 1)")! }
        return Samples.intent(vpns: [vpn])
    }

    private func design(_ intent: GatewayIntent, _ routers: [HostedRouter]) -> (VPNDesign?, SimulatedHost) {
        var host = SimulatedHost()
        _ = converge(&host, to: designer(intent, routers))
        var indexes = LocalIndexes()
        let design = Designer.design(
            .init(intent: intent, routers: routers, destinations: [:], switching: host.observed.switching), indexes: &indexes)
        return (design.vpns.values.first { $0.vpn == VPNName("blue")! }, host)
    }

    private func probing(_ design: VPNDesign?) -> [Flow] { (design?.flows ?? [:]).values.joined().filter(\.isOfProbes) }

    @Test("each other gateway of the VPN has a way in and a way out of its own, and nobody else has one")
    func flows() throws {
        let intent = Self.intent()
        let (design, host) = design(intent, [Samples.router()])
        #expect(host.violations == [])
        let flows = probing(design)
        let others = try #require(intent.vpns.values.first).origins.filter { $0.vtep != intent.base.vtep }
        let families = try #require(design?.probedRouter).families
        #expect(flows.count == others.count * families.count * 2 && !others.isEmpty)
        for flow in flows {
            let destination = try #require(flow.destination)
            #expect(destination.isHost && flow.udpPort == 20_862 && flow.inPort != nil)
            switch flow.action {
            case .turn(let from, let to, _, _):
                #expect(IPPrefix(host: from) == destination && IPPrefix(host: to) == flow.source, "it goes back to who asked")
                #expect(others.contains { ProbeWays.address($0.probeAddress!, destination.family) == to })
            case .takeBack(_, let source, _, _):
                #expect(flow.isMarked == true, "nothing else that leaves the router has the mark")
                #expect(source == ProbeWays.turningAddress(intent.base.probeAddress, destination.family))
                #expect(others.contains { ProbeWays.address($0.probeAddress!, destination.family) == destination.address })
            default: Issue.record("\(flow)")
            }
        }
    }

    @Test("no steering of tenants’ packets leads to a probe address, whatever is learned")
    func tenants() throws {
        let intent = Self.intent()
        let addresses = intent.vpns.values.flatMap(\.origins).compactMap(\.probeAddress).flatMap { probe in
            AddressFamily.allCases.flatMap { [ProbeWays.address(probe, $0), ProbeWays.turningAddress(probe, $0)] }
        }
        var host = SimulatedHost()
        let wanted = Set(addresses.map(IPPrefix.init(host:)))
        _ = converge(&host, to: designer(intent, [Samples.router()], [VPNName("blue")!: wanted]))
        let flows = host.flows.values.joined().filter { !$0.isOfProbes && $0.action != .drop }
        #expect(!flows.contains { flow in flow.sourceMAC != nil && flow.destination.map(wanted.contains) == true })
    }

    @Test("a router that another VPN shares is not asked, nor one whose gateway port is not up, nor any while the VNI changes")
    func notAsked() {
        var shared = Samples.router()
        shared.isShared = true
        var down = Samples.router()
        down.isGatewayUp = false
        for router in [shared, down] {
            let (design, _) = design(Self.intent(), [router])
            #expect(probing(design).isEmpty && design?.probedRouter == nil)
        }
        var intent = Self.intent()
        for name in intent.vpns.keys { intent.vpns[name]?.secondary = Samples.binding(10_777, 7) }
        let (design, _) = design(intent, [Samples.router()])
        #expect(design != nil && probing(design).isEmpty)
    }

    @Test("its own address there leads to the router, as tenants’ subnets do")
    func route() throws {
        let (design, _) = design(Self.intent(), [Samples.router()])
        let own = IPPrefix(host: ProbeWays.turningAddress(Self.intent().base.probeAddress, .ipv4))
        let route = try #require(design?.routes.first { $0.prefix == own })
        let subnet = try #require(design?.routes.first { $0.prefix == Samples.router().subnets.filter { $0.family == .ipv4 }.min() })
        #expect(route.target == subnet.target)
    }
}
