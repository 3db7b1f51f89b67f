import NetworkTypes

/// Values that the ledger must not allocate, because something outside of the federation has them.
package struct Reservation: Hashable, Sendable, Codable {
    /// What is reserved.
    package enum Values: Hashable, Sendable, Codable {
        case asns(ClosedRange<UInt32>)
        case vnis(ClosedRange<UInt32>)
        case routeTarget(RouteTarget)
        case routerMAC(MACAddress)
        case address(IPv4Address)
    }

    package var values: Values
    /// For people: whose they are.
    package var reason: String

    package init(values: Values, reason: String) {
        self.values = values
        self.reason = reason
    }
}

/// What an admin says of the ledger's pools; nil leaves a pool as it is by default (`Pools`).
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
