import NetworkTypes

/// One change in the kernel.
///
/// Idempotent as far as the kernel allows: creating an existing object and deleting a missing one are not errors.
/// Interfaces are named, so that a change may speak of an interface that an earlier one in the same batch makes.
package enum KernelChange: Hashable, Sendable, Codable {
    /// Creates a device, down and without automatic IPv6 addresses (addrgenmode none); for a veth pair, both ends.
    /// An existing device with this name and kind is reused; one of another kind is an error.
    case createLink(name: String, kind: LinkKind, mac: MACAddress? = nil, mtu: UInt32? = nil)
    /// Takes everything along that hangs on it: addresses, routes, neighbours, the other end of a veth pair.
    case deleteLink(name: String)
    case setLink(name: String, LinkSetting)

    /// Adds an address, or changes the flags of the one that is there.
    case putAddress(Address)
    /// The kernel drops the IPv4 routes and neighbours of an interface together with its last IPv4 address.
    case deleteAddress(Address)

    /// Adds a route and leaves one of the same table, prefix and metric that leads elsewhere alone: that is EEXIST.
    case addRoute(Route)
    /// Adds a route in the place of one of the same table, prefix and metric, whoever put it there.
    case putRoute(Route)
    /// Deletes the route of this table, prefix, metric, kind and protocol, wherever it leads.
    case deleteRoute(Route)

    case putNeighbour(Neighbour)
    case deleteNeighbour(Neighbour)

    /// Adds or replaces; entries for the MAC address 00:00:00:00:00:00 and for multicast are added to those that are there.
    case putForwarding(BridgeForwarding)
    case deleteForwarding(BridgeForwarding)
}

/// What can be changed of an interface that exists.
package enum LinkSetting: Hashable, Sendable, Codable {
    /// Adds the interface to a bridge or VRF, or removes it. Moving it makes the kernel drop its IPv6 addresses.
    case master(String?)
    case mac(MACAddress)
    /// In octets.
    case mtu(UInt32)
    case up
    case down
    case addressGeneration(AddressGeneration)
    case bridgePort(BridgePort)
    case arp(Bool)
}

/// What a change did.
package enum ChangeOutcome: Hashable, Sendable, Codable {
    /// The kernel accepted it. Whether anything changed is unknown.
    case applied
    /// It was so already, and nothing was written.
    case alreadySo
}
