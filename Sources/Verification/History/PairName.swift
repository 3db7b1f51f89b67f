import FederationModel

/// Which pair of clouds a verdict is about.
package struct PairName: Hashable, Sendable, Comparable {
    package var vpn: VPNName
    /// Who is to be reached.
    package var origin: CloudName
    /// From where.
    package var viewer: CloudName

    package init(vpn: VPNName, origin: CloudName, viewer: CloudName) {
        self.vpn = vpn
        self.origin = origin
        self.viewer = viewer
    }

    package static func < (a: Self, b: Self) -> Bool { (a.vpn, a.origin, a.viewer) < (b.vpn, b.origin, b.viewer) }
}

extension PairVerdict {
    package var pair: PairName { PairName(vpn: vpn, origin: origin, viewer: viewer) }
}
