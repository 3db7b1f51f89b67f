import NetworkTypes

/// The identity of a kernel object.
package enum KernelObject: Hashable, Sendable, Codable {
    case link(name: String)
    case address(interface: String, InterfaceAddress)
    case route(table: UInt32, prefix: IPPrefix, protocolNumber: UInt8)
    case neighbour(interface: String, IPAddress)
    case forwarding(interface: String, MACAddress)
    /// A next hop object changes where routes lead without any event of theirs. The interface is nil for groups.
    case nextHop(id: UInt32, interface: String?)
    case rule(AddressFamily, priority: UInt32)
}

/// Something that happened to the kernel's tables.
///
/// It tells where to look, not what is there: more may have changed by the time it is read. The kernel sends no events for
/// IPv4 routes that it drops because an interface goes down, is deleted or loses its last address: the event of the link or the
/// address is to be taken for theirs.
package enum KernelEvent: Hashable, Sendable, Codable {
    /// Added, or changed.
    case changed(KernelObject)
    case removed(KernelObject)
    /// Events were lost, of anything. Whatever was derived from earlier ones must be read anew, whole.
    case overrun
}
