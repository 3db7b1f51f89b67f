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
    /// What uses them, for display.
    package var reason: String

    package init(values: Values, reason: String) {
        self.values = values
        self.reason = reason
    }
}
