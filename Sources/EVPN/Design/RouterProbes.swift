import FederationModel
import NetworkTypes

/// Probes through a router of OVN: from another gateway through this one's VRF, hand-off and provider bridge into the router, which routes them
/// out again by its default route, and back the same way. So they meet all that tenants' packets meet here.
///
/// No tenant's packet takes these flows: what goes in has another gateway's probe address as its source, and what comes out bears a mark that
/// only what went in gets, and only while it is in the switch.
struct RouterProbes {
    let router: HostedRouter
    /// The other gateways that may ask.
    let origins: [RouteOrigin]
    let base: BaseIntent
    /// The hand-off's end in the VRF.
    let inside: String

    /// One router a VPN is asked, and it takes part in no other VPN by this: two VPNs' answers to one gateway would be one flow.
    /// - Returns: nil: the router is not asked.
    init?(_ router: HostedRouter, of vpn: VPNIntent, _ origins: [RouteOrigin], _ base: BaseIntent, by inside: String) {
        guard !router.isShared, router.isGatewayUp, vpn.secondary == nil else { return nil }
        let others = origins.filter { $0.probeAddress != nil }
        guard !others.isEmpty else { return nil }
        (self.router, self.base, self.inside) = (router, base, inside)
        self.origins = others
    }

    /// The families that the router routes.
    private var families: [AddressFamily] { AddressFamily.allCases.filter { router.nextHop($0) != nil } }

    var statement: ProbedRouter { ProbedRouter(id: router.id, families: families, subnets: router.subnets.sorted()) }

    /// From the VRF to the router.
    func routes(_ table: UInt32) -> [VRFRoute] {
        families.compactMap { family in
            router.nextHop(family).map {
                VRFRoute(
                    table: table, prefix: IPPrefix(host: ProbeWays.turningAddress(base.probeAddress, family)),
                    target: .via($0, link: inside), metric: VRFRoute.probeMetric)
            }
        }
    }

    /// Into the router, as if from an address that nobody has, to the gateway that asked.
    func into(from port: UInt32, to patch: UInt32, _ index: Int) -> [Flow] {
        ways.map { turning, asker in
            Flow(
                index: index, priority: Designer.steerPriority, inPort: port, destinationMAC: router.gatewayMAC,
                source: IPPrefix(host: asker), destination: IPPrefix(host: turning), udpPort: ProbeWays.port,
                action: .turn(source: turning, destination: asker, vlan: router.provider.vlan, port: patch))
        }
    }

    /// Out of the router, by whichever gateway port it takes, and whatever its NAT makes of the source.
    func out(by exit: FurtherGateway, _ patch: UInt32, to port: UInt32, _ index: Int) -> [Flow] {
        ways.map { turning, asker in
            Flow(
                index: index, priority: Designer.steerPriority, inPort: patch, vlan: exit.provider.vlan, sourceMAC: exit.mac,
                destination: IPPrefix(host: asker), udpPort: ProbeWays.port, isMarked: true,
                action: .takeBack(mac: base.routerMAC, source: turning, stripVLAN: exit.provider.vlan != nil, port: port))
        }
    }

    private var ways: [(turning: IPAddress, asker: IPAddress)] {
        families.flatMap { family in
            origins.compactMap { origin in
                origin.probeAddress.map {
                    (ProbeWays.turningAddress(base.probeAddress, family), ProbeWays.address($0, family))
                }
            }
        }
    }
}
