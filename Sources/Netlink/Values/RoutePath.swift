import NetworkTypes

/// How the kernel would send a packet to one address now (`ip route get`): rules, tables and what it has learned of the way included.
package struct RoutePath: Hashable, Sendable, Codable {
    package var interface: String
    /// Nil: on the link.
    package var gateway: IPAddress?
    /// In bytes: of the route, or as a router on the way said that it must be; nil: that of the device.
    package var mtu: UInt32?
    package var table: UInt32

    package init(interface: String, gateway: IPAddress? = nil, mtu: UInt32? = nil, table: UInt32 = 254) {
        self.interface = interface
        self.gateway = gateway
        self.mtu = mtu
        self.table = table
    }
}
