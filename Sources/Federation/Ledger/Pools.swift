import FederationModel
import NetworkTypes

/// What the ledger allocates from. Values that the file gives need not lie in a pool.
package struct Pools: Hashable, Sendable, Codable {
    /// AS numbers; private ones of four bytes (RFC 6996), so that none of an operator's is met by chance.
    package var asns: ClosedRange<UInt32>
    package var vnis: ClosedRange<UInt32>
    /// The AS part of route targets: this federation's own number, the same for all its VPNs. Two federations that
    /// exchange routes must have different ones.
    package var routeTargetAdministrator: UInt16
    /// Numbers of route targets where the VNI's own is taken. Above all VNIs, so that they take none of a later VPN.
    package var routeTargetNumbers: ClosedRange<UInt32>
    /// The second half of route distinguishers (RFC 4364: 16 bits behind an IPv4 address); one per VPN.
    package var distinguishers: ClosedRange<UInt16>
    /// Router MACs, as numbers of 48 bits; locally administered.
    package var routerMACs: ClosedRange<UInt64>
    /// Probe addresses, as numbers of 32 bits; shared address space (RFC 6598) at its upper end.
    package var probeAddresses: ClosedRange<UInt32>
    /// How long a released value stays out of use, in milliseconds: an agent that was away meanwhile must not
    /// come back into a tenant's network that took over its old numbers.
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

    /// With what an admin says of them in place of these.
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
