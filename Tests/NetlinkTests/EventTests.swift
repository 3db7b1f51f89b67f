import Foundation
import Glibc
import Netlink
import NetworkTypes
import Testing

@Suite("Kernel events", .serialized, .timeLimit(.minutes(1)))
struct EventTests {
    let namespace: NetworkNamespace
    let netlink: Netlink

    init() async throws {
        namespace = try NetworkNamespace()
        netlink = try namespace.netlink()
        try await netlink.apply(.createLink(name: "fedin1", kind: .veth(peer: "fedov1")))
        for name in ["fedin1", "fedov1"] { try await netlink.apply(.setLink(name: name, .up)) }
    }

    private func route(_ index: Int, table: UInt32 = 10001) -> Route {
        Route(
            table: table, prefix: IPPrefix(host: .v4(IPv4Address(bits: 0x0a02_0000 + UInt32(index)))), protocolNumber: 210,
            nextHops: [NextHop(interface: "fedin1")])
    }

    private func object(_ route: Route) -> KernelObject {
        .route(table: route.table, prefix: route.prefix, protocolNumber: route.protocolNumber)
    }

    /// A link that was just set up tells of its operational state a little later, in the midst of anything.
    private func isOfRoute(_ event: KernelEvent) -> Bool {
        switch event {
        case .changed(.route), .removed(.route): true
        default: false
        }
    }

    /// Reads until all of `wanted` came; returns everything that came.
    private func read(_ events: KernelEvents, until wanted: Set<KernelEvent>) async -> Set<KernelEvent> {
        var seen = Set<KernelEvent>()
        for await batch in events {
            seen.formUnion(batch)
            if wanted.isSubset(of: seen) { break }
        }
        return seen
    }

    @Test("2,000 routes added and deleted are all heard of")
    func routes() async throws {
        let events = try namespace.events(tables: 10000...10999)
        let routes = (0..<2000).map { route($0) }
        let results = await netlink.apply(routes.map(KernelChange.addRoute))
        #expect(results.allSatisfy { (try? $0.get()) == .applied })
        let added = Set(routes.map { KernelEvent.changed(object($0)) })
        #expect(await read(events, until: added).isSuperset(of: added))
        _ = await netlink.apply(routes.map(KernelChange.deleteRoute))
        let removed = Set(routes.map { KernelEvent.removed(object($0)) })
        let seen = await read(events, until: removed)
        #expect(seen.filter(isOfRoute) == removed)
    }

    @Test("the kernel grants the buffer that was asked for, beyond the system's limit")
    func buffer() throws {
        #expect(try namespace.events().receiveBuffer == 4 << 20)
    }

    @Test("events of tables outside of the range are not told")
    func tables() async throws {
        let events = try namespace.events(tables: 10000...10999)
        let wanted = route(1)
        for change: KernelChange in [.addRoute(route(2, table: 254)), .addRoute(route(3, table: 11000)), .addRoute(wanted)] {
            try await netlink.apply(change)
        }
        #expect(await read(events, until: [.changed(object(wanted))]).filter(isOfRoute) == [.changed(object(wanted))])
    }

    @Test("what happens to one object while nobody reads is one event: the last")
    func merging() async throws {
        let events = try namespace.events(tables: 10000...10999)
        for _ in 0..<50 {
            try await netlink.apply(.addRoute(route(1)))
            try await netlink.apply(.deleteRoute(route(1)))
        }
        let last = route(2)
        try await netlink.apply(.addRoute(last))
        var batches: [[KernelEvent]] = []
        for await batch in events {
            batches.append(batch)
            if batch.contains(.changed(object(last))) { break }
        }
        #expect(batches.allSatisfy { Set($0).count == $0.count })
        #expect(batches.count < 50)
        #expect(batches.last?.contains(.removed(object(route(1)))) == true || batches.count > 1)
    }

    @Test("links, addresses, neighbours and forwarding entries are told by name")
    func objects() async throws {
        let events = try namespace.events(prefix: "fed")
        let address = Address(interface: "fedin1", address: try interfaceAddress("172.24.1.1/32"))
        let neighbour = Neighbour(interface: "fedin1", address: try ip("172.24.1.10"), mac: try mac("fa:16:3e:00:00:01"))
        let tunnel = VXLAN(vni: VNI(value: 1), local: try ip("10.0.0.1"))
        let entry = BridgeForwarding(
            interface: "fedvx1", mac: try mac("02:00:5e:00:00:02"), destination: try ip("10.0.0.2"), isSelf: true, lifetime: .dynamic)
        for change: KernelChange in [
            .putAddress(address), .putNeighbour(neighbour), .createLink(name: "fedvx1", kind: .vxlan(tunnel)), .putForwarding(entry),
        ] { try await netlink.apply(change) }
        try namespace.ip("nexthop", "add", "id", "40", "via", "10.255.0.2", "dev", "fedin1", "onlink")
        let wanted: Set<KernelEvent> = [
            .changed(.address(interface: "fedin1", address.address)), .changed(.neighbour(interface: "fedin1", neighbour.address)),
            .changed(.link(name: "fedvx1")), .changed(.forwarding(interface: "fedvx1", entry.mac)),
            .changed(.nextHop(id: 40, interface: "fedin1")),
        ]
        #expect(await read(events, until: wanted).isSuperset(of: wanted))

        for change: KernelChange in [
            .deleteNeighbour(neighbour), .deleteAddress(address), .deleteForwarding(entry), .deleteLink(name: "fedvx1"),
        ] { try await netlink.apply(change) }
        let gone: Set<KernelEvent> = [
            .removed(.address(interface: "fedin1", address.address)), .removed(.neighbour(interface: "fedin1", neighbour.address)),
            .removed(.link(name: "fedvx1")), .removed(.forwarding(interface: "fedvx1", entry.mac)),
        ]
        #expect(await read(events, until: gone).isSuperset(of: gone))
    }

    @Test("a port that leaves its bridge is changed, not removed; a renamed one is removed under its old name")
    func portsAndNames() async throws {
        try await netlink.apply(.createLink(name: "fedbr1", kind: .bridge))
        try await netlink.apply(.setLink(name: "fedin1", .master("fedbr1")))
        let events = try namespace.events()
        try await netlink.apply(.setLink(name: "fedin1", .master(nil)))
        try await netlink.apply(.setLink(name: "fedbr1", .down))
        try namespace.ip("link", "set", "fedbr1", "name", "other")
        let wanted: Set<KernelEvent> = [.changed(.link(name: "fedin1")), .removed(.link(name: "fedbr1")), .changed(.link(name: "other"))]
        let seen = await read(events, until: wanted)
        #expect(seen.isSuperset(of: wanted))
        #expect(!seen.contains(.removed(.link(name: "fedin1"))))
    }

    @Test("IPv4 routes that go down with their link are told by the link alone; IPv6 routes by themselves")
    func silentRemoval() async throws {
        let v4 = route(1)
        var v6 = v4
        v6.prefix = try prefix("fd10::/64")
        v6.metric = 1024
        for route in [v4, v6] { try await netlink.apply(.addRoute(route)) }
        let events = try namespace.events(tables: 10000...10999)
        try await netlink.apply(.setLink(name: "fedin1", .down))
        let wanted: Set<KernelEvent> = [.removed(object(v6)), .changed(.link(name: "fedin1"))]
        let seen = await read(events, until: wanted)
        #expect(seen.isSuperset(of: wanted))
        #expect(!seen.contains(.removed(object(v4))))
        #expect(try await netlink.snapshot(SnapshotScope(tables: [10001])).routes == [])
    }

    @Test("neighbours of other interfaces are not told")
    func neighbourPrefix() async throws {
        try await netlink.apply(.createLink(name: "tap1", kind: .veth(peer: "tap2")))
        let events = try namespace.events(prefix: "fed")
        let other = Neighbour(interface: "tap1", address: try ip("192.0.2.1"), mac: try mac("fa:16:3e:00:00:09"))
        let ours = Neighbour(interface: "fedin1", address: try ip("192.0.2.2"), mac: try mac("fa:16:3e:00:00:09"))
        try await netlink.apply(.putNeighbour(other))
        try await netlink.apply(.putNeighbour(ours))
        let seen = await read(events, until: [.changed(.neighbour(interface: "fedin1", ours.address))])
        #expect(!seen.contains(.changed(.neighbour(interface: "tap1", other.address))))
    }

    @Test("a kernel buffer that overflows is an overrun, and events go on after it")
    func kernelOverrun() async throws {
        let network: UInt128 = 0xfd10 << 112
        let routes = (0..<2000).map { index in
            Route(
                table: 10001, prefix: IPPrefix(host: .v6(IPv6Address(bits: network + UInt128(index)))), protocolNumber: 210,
                nextHops: [NextHop(interface: "fedin1")])
        }
        #expect(await netlink.apply(routes.map(KernelChange.addRoute)).allSatisfy { (try? $0.get()) == .applied })
        let events = try namespace.events(receiveBuffer: 32 << 10)
        #expect(events.receiveBuffer == 32 << 10)
        // One system call, in which the kernel tells of every IPv6 route, about 1 KiB each: no reader is that fast.
        try await netlink.apply(.deleteLink(name: "fedin1"))
        #expect(await read(events, until: [.overrun]).contains(.overrun))

        var created = ["fedbr0"]
        try await netlink.apply(.createLink(name: "fedbr0", kind: .bridge))
        for await batch in events {
            if created.contains(where: { batch.contains(.changed(.link(name: $0))) }) { break }
            // The rest of the flood may have overrun it again.
            created.append("fedbr\(created.count)")
            try await netlink.apply(.createLink(name: created[created.count - 1], kind: .bridge))
        }
        #expect(!Task.isCancelled)
    }

    @Test("more objects than the capacity are an overrun, so that memory is bounded")
    func capacityOverrun() async throws {
        let events = try namespace.events(tables: 10000...10999, capacity: 100)
        _ = await netlink.apply((0..<1000).map { .addRoute(route($0)) })
        #expect(await read(events, until: [.overrun]).contains(.overrun))
    }

    @Test("a cancelled reader ends")
    func cancelled() async throws {
        let events = try namespace.events()
        let reader = Task { for await _ in events {} }
        try await Task.sleep(for: .milliseconds(50))
        reader.cancel()
        await reader.value
    }

    @Test("stopping ends the sequence")
    func stopped() async throws {
        let events = try namespace.events()
        let reader = Task { for await _ in events {} }
        events.stop()
        await reader.value
    }
}

/// Counts the descriptors of the process, so that nothing else may run beside it that opens some.
@Suite("Descriptors", .serialized, .timeLimit(.minutes(1)))
struct DescriptorTests {
    @Test("released sockets are closed")
    func closed() async throws {
        let namespace = try NetworkNamespace()
        var sockets: [String] = []
        try await {
            let netlink = try namespace.netlink()
            let events = try namespace.events()
            sockets = try namespace.openSockets()
            #expect(sockets.count == 3)
            _ = try await netlink.snapshot()
            events.stop()
        }()
        // Dispatch cancels on its own thread.
        for _ in 0..<200 where !(try namespace.openSockets().isEmpty) { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try namespace.openSockets() == [])
    }
}

extension NetworkNamespace {
    /// The netlink sockets of route type that this process has in the namespace, by port number (proc(5), net/netlink).
    func openSockets() throws -> [String] {
        let table = try inside { try String(contentsOfFile: "/proc/thread-self/net/netlink", encoding: .utf8) }
        return table.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            return fields.count > 2 && fields[1] == "0" && fields[2] != "0" ? String(fields[2]) : nil
        }
    }
}
