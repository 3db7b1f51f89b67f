import FederationModel
import NetworkTypes

/// The ledger's pools. Values from the file may be outside of them.
package struct Pools: Hashable, Sendable, Codable {
    /// AS numbers; private four-byte ones (RFC 6996), to avoid collisions with an operator's own.
    package var asns: ClosedRange<UInt32>
    package var vnis: ClosedRange<UInt32>
    /// The AS part of route targets, the same for all VPNs of this federation. Two federations that
    /// exchange routes must have different ones.
    package var routeTargetAdministrator: UInt16
    /// Numbers of route targets if the VNI's own number is taken. Above all VNIs, to avoid collisions with later VPNs.
    package var routeTargetNumbers: ClosedRange<UInt32>
    /// The second half of route distinguishers (RFC 4364: 16 bits after an IPv4 address); one per VPN.
    package var distinguishers: ClosedRange<UInt16>
    /// Router MACs as 48-bit numbers; locally administered.
    package var routerMACs: ClosedRange<UInt64>
    /// Probe addresses as 32-bit numbers; the upper end of the shared address space (RFC 6598).
    package var probeAddresses: ClosedRange<UInt32>
    /// Quarantine of a released value in milliseconds: an agent that was offline must not
    /// rejoin a tenant's network that has its old numbers now.
    package var quarantine: Int64

    package init(
        asns: ClosedRange<UInt32> = 4_200_000_000...4_294_967_294,
        vnis: ClosedRange<UInt32> = 10_000...16_777_215,
        routeTargetAdministrator: UInt16 = 64900,
        routeTargetNumbers: ClosedRange<UInt32> = 16_777_216...4_294_967_295,
        distinguishers: ClosedRange<UInt16> = 1...65535,
        routerMACs: ClosedRange<UInt64> = 0x02fe_d000_0001...0x02fe_d0ff_ffff,
        probeAddresses: ClosedRange<UInt32> = 0x647f_0001...0x647f_fffe,
        quarantine: Int64 = 24 * 60 * 60 * 1000
    ) {
        self.asns = asns
        self.vnis = vnis
        self.routeTargetAdministrator = routeTargetAdministrator
        self.routeTargetNumbers = routeTargetNumbers
        self.distinguishers = distinguishers
        self.routerMACs = routerMACs
        self.probeAddresses = probeAddresses
        self.quarantine = quarantine
    }

    /// With an admin's settings applied.
    package func with(_ settings: PoolSettings) -> Pools {
        var pools = self
        if let asns = settings.asns { pools.asns = asns }
        if let vnis = settings.vnis { pools.vnis = vnis }
        if let administrator = settings.routeTargetAdministrator { pools.routeTargetAdministrator = administrator }
        if let numbers = settings.routeTargetNumbers { pools.routeTargetNumbers = numbers }
        if let addresses = settings.probeAddresses?.gatewayAddresses { pools.probeAddresses = addresses }
        if let quarantine = settings.quarantine { pools.quarantine = quarantine }
        return pools
    }
}
