import NetworkTypes

/// A gateway whose routes a VPN accepts: one of this federation, or a VTEP of another fabric.
package struct RouteOrigin: Hashable, Sendable, Codable, Comparable {
    /// The next hop of its routes, and the other end of their tunnels.
    package var vtep: IPv4Address
    /// The AS that originates them.
    package var asn: ASN
    /// Whether its default route is accepted too. A forged default route would attract a tenant's Internet traffic.
    package var originatesDefault: Bool
    /// Whose gateway it is; nil for other fabrics, which are told apart by their AS.
    package var cloud: CloudName?
    /// On its VRF devices, for probes; nil for other fabrics, which have none.
    package var probeAddress: IPv4Address?

    package init(
        vtep: IPv4Address, asn: ASN, originatesDefault: Bool = false, cloud: CloudName? = nil, probeAddress: IPv4Address? = nil
    ) {
        self.probeAddress = probeAddress
        self.vtep = vtep
        self.asn = asn
        self.originatesDefault = originatesDefault
        self.cloud = cloud
    }

    /// By VTEP.
    package static func < (a: Self, b: Self) -> Bool {
        (a.vtep, a.asn, a.originatesDefault ? 1 : 0, a.cloud?.text ?? "") < (
            b.vtep, b.asn, b.originatesDefault ? 1 : 0, b.cloud?.text ?? ""
        )
    }

    /// Whose routes are counted together, in words: `tokyo`, `AS 65010`.
    package var owner: String { cloud?.text ?? "AS \(asn)" }

    /// `10.255.9.1 (AS 65010)`, with `default routes too` where they are taken.
    package var text: String { "\(vtep) (AS \(asn)\(originatesDefault ? ", default routes too" : ""))" }
}
