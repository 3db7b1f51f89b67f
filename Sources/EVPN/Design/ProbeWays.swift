import FederationModel
import NetworkTypes

/// The ways of probes: a route to the probe address of each other gateway of a VPN, over the very tunnel entries that zebra makes for tenants'
/// routes. Where these are missing or wrong, probes are lost as tenants' packets are.
package struct ProbeWays: Sendable {
    /// The other gateways of a node's VPNs and families together that are asked; and those of one VPN that have a route and are answered.
    package static let most = 4_096
    /// Of UDP; STAMP’s own port, 862, is for privileged processes only (RFC 8762, section 4.1).
    package static let port: UInt16 = 20_862

    /// Of those asked, in one VPN.
    private let share: Int
    private let own: IPv4Address

    package init(_ intent: GatewayIntent) {
        own = intent.base.vtep
        let instances = intent.vpns.values.reduce(0) { $0 + $1.bindings.count }
        share = max(2, Self.most / max(1, instances * AddressFamily.allCases.count))
    }

    /// The gateways that are answered in a VPN, whatever other VPNs this node has: another one, with fewer, may ask. Sorted by VTEP.
    package func origins(of vpn: VPNIntent) -> [RouteOrigin] { nearest(Self.most, of: vpn) }

    /// Those of them that are asked: all where there are few VPNs.
    package func asked(of vpn: VPNIntent) -> [RouteOrigin] { nearest(share, of: vpn) }

    /// All that routes are learned from, or where these are too many, the nearest by VTEP, as many before as behind it, so that two with the
    /// same number agree.
    private func nearest(_ count: Int, of vpn: VPNIntent) -> [RouteOrigin] {
        let others = vpn.origins.filter { $0.vtep != own && $0.probeAddress != nil }
        guard others.count > count else { return others }
        let place = others.firstIndex { $0.vtep > own } ?? others.count
        let half = count / 2
        return (place - half..<place + half).map { others[($0 + others.count) % others.count] }.sorted()
    }

    /// The routes to them in one VRF of the VPN.
    func routes(of vpn: VPNIntent, _ names: LocalNames) -> [VRFRoute] {
        // Addresses that the file gives may have their last 28 bits in common: the first has the way.
        var taken: Set<IPAddress> = []
        return origins(of: vpn).flatMap { origin -> [VRFRoute] in
            guard let probe = origin.probeAddress else { return [] }
            return AddressFamily.allCases.flatMap { family in
                [Self.address(probe, family), Self.turningAddress(probe, family)].filter { taken.insert($0).inserted }.map { address in
                    VRFRoute(
                        table: names.table, prefix: IPPrefix(host: address),
                        target: .via(Self.nextHop(origin.vtep, family), link: names.bridge), metric: VRFRoute.probeMetric)
                }
            }
        }
    }

    /// The probe address of a gateway in a family. For IPv6 it is fd0f:ed00::/96 followed by the one for IPv4.
    package static func address(_ address: IPv4Address, _ family: AddressFamily) -> IPAddress {
        family == .ipv4 ? .v4(address) : .v6(IPv6Address(bits: 0xfd0f_ed00 << 96 | UInt128(address.bits)))
    }

    /// Where probes to a gateway go that its router is to turn: an address that nobody has. For IPv4 it is in 240.0.0.0/4, which nobody
    /// can use (RFC 1112, section 4), with the last 28 bits of the probe address; for IPv6 it is fd0f:ed01::/96 followed by the probe address.
    package static func turningAddress(_ address: IPv4Address, _ family: AddressFamily) -> IPAddress {
        family == .ipv4
            ? .v4(IPv4Address(bits: 0xf000_0000 | address.bits & 0x0fff_ffff))
            : .v6(IPv6Address(bits: 0xfd0f_ed01 << 96 | UInt128(address.bits)))
    }

    /// As zebra has it: for IPv6 it is the VTEP mapped (RFC 4291, section 2.5.5.2).
    private static func nextHop(_ vtep: IPv4Address, _ family: AddressFamily) -> IPAddress {
        family == .ipv4 ? .v4(vtep) : .v6(IPv6Address(bits: 0xffff << 32 | UInt128(vtep.bits)))
    }
}
