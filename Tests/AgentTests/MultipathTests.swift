import EVPN
import FederationModel
import Netlink
import NetworkTypes
import Testing

@testable import Agent

@Suite("Routes with several next hops", .timeLimit(.minutes(1)))
struct MultipathTests {
    private static let prefix = IPPrefix("10.2.0.11/32")!
    private static let hops = ["10.255.2.1", "10.255.2.2"].map { IPAddress($0)! }

    /// - Parameter known: how many of the next hops have entries.
    private func observed(known: Int) -> TunnelRoute? {
        var snapshot = KernelSnapshot()
        snapshot.links = [
            Link(index: 2, name: "fedbr1", kind: .bridge, master: "fed1"),
            Link(index: 3, name: "fedvx1", kind: .vxlan(VXLAN(vni: VNI("10001"), local: IPAddress("10.255.1.1")!)), master: "fedbr1"),
        ]
        snapshot.routes = [
            Route(
                table: 10001, prefix: Self.prefix, protocolNumber: 186, metric: 20,
                nextHops: Self.hops.map { NextHop(gateway: $0, interface: "fedbr1", isOnLink: true) })
        ]
        for (place, hop) in Self.hops.prefix(known).enumerated() {
            let mac = MACAddress("02:fe:d0:00:02:0\(place + 1)")!
            snapshot.neighbours.append(Neighbour(interface: "fedbr1", address: hop, mac: mac))
            snapshot.forwarding.append(BridgeForwarding(interface: "fedvx1", mac: mac, destination: hop, isSelf: true))
        }
        return ObservedKernel(snapshot, notForwarding: []).tunnels[10001]?[Self.prefix]
    }

    @Test("are ready where the tunnel of each of them is found: the kernel divides packets between them")
    func readiness() throws {
        #expect(observed(known: 2)?.isReady == true)
        #expect(observed(known: 1)?.isReady == false)
        #expect(observed(known: 0)?.isReady == false)
        #expect(observed(known: 2)?.further == [Self.hops[1]])
    }

    @Test("are reported with each of them")
    func report() throws {
        var world = World()
        world.run()
        world.host.kernel.tunnels[LocalNames(index: 1).table] = [
            Self.prefix: TunnelRoute(prefix: Self.prefix, nextHop: Self.hops[0], further: [Self.hops[1]], isReady: false)
        ]
        world.run()
        let vpn = try #require(world.core.keeper.intent?.vpns[VPNName(unchecked: "blue")])
        // The simulated node has mended what was missing.
        #expect(
            world.core.report(of: vpn, RoutingTables()).installed
                == Self.hops.map { InstalledRoute(prefix: Self.prefix, nextHop: $0, tunnelReady: true) })
    }
}
