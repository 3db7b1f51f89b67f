import Netlink
import NetworkTypes
import Testing

/// Debian's kernels have VRFs; those of small virtual machines often not.
@Suite("VRFs", .serialized, .timeLimit(.minutes(1)), .enabled(if: KernelFeature.vrf, "this kernel has no VRF device"))
struct VRFTests {
    let namespace: NetworkNamespace
    let netlink: Netlink

    init() throws {
        namespace = try NetworkNamespace()
        netlink = try namespace.netlink()
    }

    /// The devices of one VPN, as a gateway has them.
    private func devices() throws -> [KernelChange] {
        let tunnel = VXLAN(vni: VNI(value: 10001), local: try ip("10.255.1.1"))
        return [
            .createLink(name: "fed1", kind: .vrf(table: 10001)), .setLink(name: "fed1", .up),
            .createLink(name: "fedbr1", kind: .bridge, mac: try mac("02:00:5e:00:00:01")),
            .setLink(name: "fedbr1", .master("fed1")), .setLink(name: "fedbr1", .up),
            .createLink(name: "fedvx1", kind: .vxlan(tunnel)), .setLink(name: "fedvx1", .master("fedbr1")),
            .setLink(name: "fedvx1", .bridgePort(BridgePort(learning: false, neighbourSuppression: true))),
            .setLink(name: "fedvx1", .up),
            .createLink(name: "fedin1", kind: .veth(peer: "fedov1")), .setLink(name: "fedin1", .master("fed1")),
            .setLink(name: "fedin1", .up), .setLink(name: "fedov1", .up),
            .putAddress(Address(interface: "fed1", address: try interfaceAddress("100.64.0.1/32"))),
        ]
    }

    @Test("a VRF has its table, and what is put into it is in it")
    func enslave() async throws {
        for change in try devices() { try await netlink.apply(change) }
        let snapshot = try await netlink.snapshot()
        #expect(snapshot.link("fed1")?.kind == .vrf(table: 10001))
        #expect(snapshot.link("fedbr1")?.master == "fed1")
        #expect(snapshot.link("fedin1")?.master == "fed1")
        #expect(snapshot.link("fedvx1")?.master == "fedbr1")
        #expect(snapshot.link("fedin1")?.bridgePort == nil)
        let shown = try namespace.json("-d", "link", "show", "master", "fed1").compactMap { $0["ifname"] as? String }
        #expect(Set(shown) == ["fedbr1", "fedin1"])
        for change in try devices() where change.description.hasPrefix("ip link add") {
            #expect(try await netlink.apply(change) == .alreadySo)
        }
    }

    @Test("routes by interfaces of the VRF are in its table, beside the kernel's own")
    func routes() async throws {
        for change in try devices() { try await netlink.apply(change) }
        let metric = Route.unreachableDefaultMetric
        let routes = try [
            Route(table: 10001, prefix: prefix("0.0.0.0/0"), kind: .unreachable, protocolNumber: 210, metric: metric),
            Route(table: 10001, prefix: prefix("::/0"), kind: .unreachable, protocolNumber: 210, metric: metric),
            Route(table: 10001, prefix: prefix("172.24.1.10/32"), protocolNumber: 210, nextHops: [NextHop(interface: "fedin1")]),
            Route(
                table: 10001, prefix: prefix("10.1.0.0/24"), protocolNumber: 210,
                nextHops: [NextHop(gateway: ip("172.24.1.10"), interface: "fedin1")]),
            Route(
                table: 10001, prefix: prefix("10.2.0.11/32"), protocolNumber: 186, metric: 20,
                nextHops: [NextHop(gateway: ip("10.255.0.2"), interface: "fedbr1", isOnLink: true)]),
            Route(table: 10001, prefix: prefix("fd24::10/128"), protocolNumber: 210, nextHops: [NextHop(interface: "fedin1")]),
            Route(
                table: 10001, prefix: prefix("fd10:1::/64"), protocolNumber: 210,
                nextHops: [NextHop(gateway: ip("fd24::10"), interface: "fedin1")]),
            Route(
                table: 10001, prefix: prefix("fd10:2::11/128"), protocolNumber: 186, metric: 20,
                nextHops: [NextHop(gateway: ip("::ffff:10.255.0.2"), interface: "fedbr1", isOnLink: true)]),
        ]
        for route in routes { #expect(try await netlink.apply(.addRoute(route)) == .applied, "\(route)") }
        let read = try await netlink.snapshot(SnapshotScope(tables: [10001])).routes
        #expect(Set(read.filter { $0.protocolNumber != 2 }) == Set(routes))
        #expect(read.contains { $0.kind == .local && $0.prefix.description == "100.64.0.1/32" && $0.nextHops.first?.interface == "fed1" })
        let shown = try namespace.json("route", "show", "vrf", "fed1").compactMap { $0["dst"] as? String }
        #expect(Set(shown) == ["default", "172.24.1.10", "10.1.0.0/24", "10.2.0.11"])
        for route in routes { #expect(try await netlink.apply(.addRoute(route)) == .alreadySo, "\(route)") }
    }

    @Test("deleting a VRF releases its interfaces")
    func delete() async throws {
        for change in try devices() { try await netlink.apply(change) }
        #expect(try await netlink.apply(.deleteLink(name: "fed1")) == .applied)
        let snapshot = try await netlink.snapshot()
        #expect(snapshot.link("fed1") == nil)
        #expect(snapshot.link("fedin1")?.master == nil)
    }

    @Test("a VRF of another table is not taken over")
    func otherTable() async throws {
        try await netlink.apply(.createLink(name: "fed1", kind: .vrf(table: 10001)))
        await #expect(throws: NetlinkError.self) { try await netlink.apply(.createLink(name: "fed1", kind: .vrf(table: 10002))) }
    }

    @Test("a dummy interface goes into a VRF", .enabled(if: KernelFeature.dummy))
    func dummy() async throws {
        for change: KernelChange in [
            .createLink(name: "fed1", kind: .vrf(table: 10001)), .createLink(name: "lo1", kind: .dummy),
            .setLink(name: "lo1", .master("fed1")), .setLink(name: "lo1", .up),
        ] { try await netlink.apply(change) }
        let link = try #require(try await netlink.link("lo1"))
        #expect(link.kind == .dummy && link.master == "fed1" && link.isUp)
    }

    @Test("events tell of the VRF, its members and its routes")
    func events() async throws {
        let events = try namespace.events(tables: 10000...10999, prefix: "fed")
        for change in try devices() { try await netlink.apply(change) }
        let route = Route(table: 10001, prefix: try prefix("172.24.1.10/32"), protocolNumber: 210, nextHops: [NextHop(interface: "fedin1")])
        try await netlink.apply(.addRoute(route))
        var seen = Set<KernelEvent>()
        for await batch in events {
            seen.formUnion(batch)
            if seen.contains(.changed(.route(table: 10001, prefix: route.prefix, protocolNumber: 210))) { break }
        }
        for name in ["fed1", "fedbr1", "fedvx1", "fedin1", "fedov1"] { #expect(seen.contains(.changed(.link(name: name)))) }
    }
}
