import EVPN
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("Addresses of the network itself are no tenant's destinations")
struct ReservedAddressTests {
    private let blue = VPNName(unchecked: "blue")

    private func design(_ destinations: String...) -> VPNDesign? {
        var indexes = LocalIndexes()
        let switching = ObservedSwitch(
            ports: ["fedov1": ObservedSwitchPort(bridge: "br-ex", tag: 4095, ofport: 7)], patchPorts: ["patch-provnet-1-to-br-int": 2],
            bridges: ["br-ex"])
        var vpn = Samples.vpn("blue")
        for place in vpn.origins.indices { vpn.origins[place].probeAddress = IPv4Address(bits: 0x647f_0001 + UInt32(place)) }
        return Designer.design(
            .init(
                intent: Samples.intent(vpns: [vpn]), routers: [Samples.router()],
                destinations: [blue: Set(destinations.map { IPPrefix($0)! })],
                switching: switching, localAddresses: [IPAddress("192.168.100.11")!, IPAddress("fd99::11")!]), indexes: &indexes)[blue]
    }

    private func flows(_ design: VPNDesign?, _ isWanted: (Flow) -> Bool) -> Set<IPPrefix> {
        Set((design?.flows["br-ex"] ?? []).filter { $0.sourceMAC != nil && !$0.isOfProbes && isWanted($0) }.compactMap(\.destination))
    }

    @Test(
        "a route to an address of this node or to a gateway's VTEP is not followed, nor exempted from NAT, and is named",
        arguments: [
            ("192.168.100.11/32", "is an address of this node"), ("fd99::11/128", "is an address of this node"),
            ("10.255.1.1/32", "is an address of this node"), ("100.127.0.1/32", "is an address of this node"),
            ("fd0f:ed00::647f:1/128", "is an address of this node"),
            ("100.127.0.2/32", "is the probe address of a gateway of AS 4200000002"),
            ("fd0f:ed00::647f:2/128", "is the probe address of a gateway of AS 4200000002"),
            ("244.127.0.2/32", "is for probes through the router of a gateway of AS 4200000002"),
            ("fd0f:ed01::647f:1/128", "is for probes through a router of this node"),
            ("10.255.2.1/32", "is the VTEP of a gateway of AS 4200000002"),
        ])
    func refused(destination: String, reason: String) throws {
        let found = try #require(design(destination, "10.2.0.11/32"))
        #expect(flows(found) { $0.action != .drop } == Samples.prefixes("10.2.0.11/32"))
        #expect(found.exemptions.values.map(\.self) == [Samples.prefixes("10.2.0.11/32")])
        #expect(found.problems.map(\.code) == [.destinationReserved])
        #expect(found.problems[0].message == "\(destination) of VPN blue \(reason): router blue-id cannot reach it")
        // What claims to come from there is let in no more.
        #expect(found.flows["br-ex"]?.contains { $0.sourceMAC == nil && $0.source == IPPrefix(destination) && $0.action == .drop } == true)
    }

    @Test("a wider prefix is followed, but for this node's own addresses in it")
    func holes() throws {
        let found = try #require(design("192.168.0.0/16", "10.2.0.0/16", "fd99::/64"))
        #expect(flows(found) { $0.action != .drop } == Samples.prefixes("192.168.0.0/16", "10.2.0.0/16", "fd99::/64"))
        #expect(flows(found) { $0.action == .drop } == Samples.prefixes("192.168.100.11/32", "fd99::11/128"))
        #expect(found.problems == [])
    }

    @Test("a destination in a network of the router itself is left to OVN and named; one that the router has too is nobody's trouble")
    func delivered() throws {
        let found = try #require(design("10.1.0.77/32", "10.1.0.11/32", "10.2.0.11/32"))
        #expect(flows(found) { $0.action != .drop } == Samples.prefixes("10.2.0.11/32"))
        #expect(found.problems.map(\.code) == [.destinationReserved])
        #expect(found.problems.map(\.prefixes) == [[IPPrefix("10.1.0.77/32")!]])
        #expect(
            found.problems[0].message
                == "10.1.0.77/32 of VPN blue lies in 10.1.0.0/24, a network of router blue-id itself, where OVN delivers it: "
                + "the router cannot reach it elsewhere")
        #expect(try #require(design("10.1.0.11/32")).problems == [])
    }
}
