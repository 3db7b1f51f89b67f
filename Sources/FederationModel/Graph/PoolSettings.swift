import NetworkTypes

/// An admin's settings of the ledger's pools; nil means the default (`Pools`).
package struct PoolSettings: Hashable, Sendable, Codable {
    package var asns: ClosedRange<UInt32>?
    package var vnis: ClosedRange<UInt32>?
    /// The AS part of allocated route targets.
    package var routeTargetAdministrator: UInt16?
    package var routeTargetNumbers: ClosedRange<UInt32>?
    package var probeAddresses: IPPrefix?
    /// Milliseconds.
    package var quarantine: Int64?

    package init(
        asns: ClosedRange<UInt32>? = nil, vnis: ClosedRange<UInt32>? = nil, routeTargetAdministrator: UInt16? = nil,
        routeTargetNumbers: ClosedRange<UInt32>? = nil, probeAddresses: IPPrefix? = nil, quarantine: Int64? = nil
    ) {
        self.asns = asns
        self.vnis = vnis
        self.routeTargetAdministrator = routeTargetAdministrator
        self.routeTargetNumbers = routeTargetNumbers
        self.probeAddresses = probeAddresses
        self.quarantine = quarantine
    }
}
