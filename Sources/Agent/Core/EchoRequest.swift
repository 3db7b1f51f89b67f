import NetworkTypes

/// A packet that makes OVN ask for a next hop: an echo request to the router's own address in the provider network, as if from there. Its answer
/// goes to an address of which nobody has a route but the default one.
package struct EchoRequest: Hashable, Sendable, Codable {
    package var bridge: String
    /// The number of the port towards OVN.
    package var port: UInt32
    package var vlan: UInt16?
    /// Of the gateway.
    package var sourceMAC: MACAddress
    /// Of the router's gateway port.
    package var destinationMAC: MACAddress
    package var source: IPAddress
    package var destination: IPAddress

    package init(
        bridge: String, port: UInt32, vlan: UInt16?, sourceMAC: MACAddress, destinationMAC: MACAddress, source: IPAddress,
        destination: IPAddress
    ) {
        self.bridge = bridge
        self.port = port
        self.vlan = vlan
        self.sourceMAC = sourceMAC
        self.destinationMAC = destinationMAC
        self.source = source
        self.destination = destination
    }
}
