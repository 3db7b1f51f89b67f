import Netlink
import NetworkTypes
import Testing

@Suite("Neighbours and forwarding entries", .serialized, .timeLimit(.minutes(1)))
struct NeighbourTests {
    let namespace: NetworkNamespace
    let netlink: Netlink

    init() async throws {
        namespace = try NetworkNamespace()
        netlink = try namespace.netlink()
        let tunnel = VXLAN(vni: VNI(value: 10001), local: try ip("10.255.1.1"))
        let results = await netlink.apply([
            .createLink(name: "fedbr1", kind: .bridge), .createLink(name: "fedvx1", kind: .vxlan(tunnel)),
            .setLink(name: "fedvx1", .master("fedbr1")), .setLink(name: "fedbr1", .up), .setLink(name: "fedvx1", .up),
        ])
        for result in results { _ = try result.get() }
    }

    @Test("permanent and externally learnt neighbours are read as they were put")
    func neighbours() async throws {
        let neighbours = [
            Neighbour(interface: "fedbr1", address: try ip("172.24.1.10"), mac: try mac("fa:16:3e:00:00:01"), protocolNumber: 210),
            Neighbour(interface: "fedbr1", address: try ip("fd24::10"), mac: try mac("fa:16:3e:00:00:01")),
            Neighbour(
                interface: "fedbr1", address: try ip("10.255.0.2"), mac: try mac("02:00:5e:00:00:02"), state: .noARP,
                isExternallyLearned: true, protocolNumber: 11),
        ]
        for neighbour in neighbours { #expect(try await netlink.apply(.putNeighbour(neighbour)) == .applied) }
        let read = try await netlink.snapshot(SnapshotScope(interfaces: ["fedbr1"])).neighbours
        #expect(Set(read.filter { !["ff02", "224."].contains($0.address.description.prefix(4)) }) == Set(neighbours))

        let shown = try namespace.json("neigh", "show", "dev", "fedbr1", "nud", "all")
        let router = try #require(shown.first { $0["dst"] as? String == "172.24.1.10" })
        #expect(router["lladdr"] as? String == "fa:16:3e:00:00:01")
        #expect((router["state"] as? [String]) == ["PERMANENT"])
        let remote = try #require(shown.first { $0["dst"] as? String == "10.255.0.2" })
        #expect((remote["state"] as? [String]) == ["NOARP"] && remote["extern_learn"] != nil)

        for neighbour in neighbours { #expect(try await netlink.apply(.deleteNeighbour(neighbour)) == .applied) }
        #expect(try await netlink.apply(.deleteNeighbour(neighbours[0])) == .alreadySo)
    }

    @Test("a neighbour's MAC address is replaced")
    func replace() async throws {
        var neighbour = Neighbour(interface: "fedbr1", address: try ip("172.24.1.10"), mac: try mac("fa:16:3e:00:00:01"))
        try await netlink.apply(.putNeighbour(neighbour))
        neighbour.mac = try mac("fa:16:3e:00:00:02")
        try await netlink.apply(.putNeighbour(neighbour))
        #expect(try await netlink.snapshot(SnapshotScope(interfaces: ["fedbr1"])).neighbours.contains(neighbour))
    }

    @Test("the remote VTEPs of a VXLAN device are read as they were put")
    func forwarding() async throws {
        let remote = BridgeForwarding(
            interface: "fedvx1", mac: try mac("02:00:5e:00:00:02"), destination: try ip("10.255.0.2"), isSelf: true,
            isExternallyLearned: true, lifetime: .dynamic)
        let flood = try ["10.255.0.2", "10.255.0.3"].map {
            BridgeForwarding(
                interface: "fedvx1", mac: MACAddress(bits: 0), destination: try ip($0), isSelf: true)
        }
        let port = BridgeForwarding(interface: "fedvx1", mac: try mac("02:00:5e:00:00:02"), isSelf: false, lifetime: .static)
        for entry in [remote, port] + flood { #expect(try await netlink.apply(.putForwarding(entry)) == .applied) }
        try await netlink.apply(.putForwarding(flood[0]))
        let read = try await netlink.snapshot(SnapshotScope(interfaces: ["fedvx1"])).forwarding
        for entry in [remote, port] + flood { #expect(read.contains(entry), "\(entry)") }
        #expect(read.count { $0.mac.bits == 0 } == 2)
        #expect(read.allSatisfy { $0.interface == "fedvx1" })

        let shown = try namespace.bridgeJSON("fdb", "show", "dev", "fedvx1")
        let entry = try #require(shown.first { $0["dst"] as? String == "10.255.0.2" && $0["mac"] as? String == "02:00:5e:00:00:02" })
        #expect((entry["flags"] as? [String]).map(Set.init) == ["self", "extern_learn"])
        #expect(shown.count == read.count)

        for entry in [remote, port] + flood { #expect(try await netlink.apply(.deleteForwarding(entry)) == .applied, "\(entry)") }
        #expect(try await netlink.apply(.deleteForwarding(remote)) == .alreadySo)
    }

    @Test("interfaces that do not exist are passed over")
    func absent() async throws {
        let snapshot = try await netlink.snapshot(SnapshotScope(interfaces: ["nothing"]))
        #expect(snapshot.neighbours == [] && snapshot.forwarding == [] && snapshot.isConsistent)
    }
}
