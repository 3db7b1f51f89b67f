import CNetlink
import NetworkTypes
import Testing

@testable import Netlink

/// No kernel here: what is written is read back from the bytes of the message.
@Suite("Messages")
struct WireTests {
    private let names: [UInt32: String] = [7: "fedin1", 8: "fedin2"]

    /// What stands behind the message's own header.
    private func payload(_ request: borrowing Request) -> [UInt8] {
        let header = nlmsg_hdr(request.message)
        return Array(UnsafeRawBufferPointer(start: nlmsg_data(header), count: Int(nlmsg_datalen(header))))
    }

    @Test("routes are read as they are written")
    func routes() throws {
        let routes = try [
            Route(table: 4_294_967_295, prefix: prefix("0.0.0.0/0"), kind: .unreachable, protocolNumber: 210, metric: 4_278_198_272),
            Route(table: 1, prefix: prefix("10.1.0.0/24"), nextHops: [NextHop(gateway: ip("192.0.2.1"), interface: "fedin1")]),
            Route(
                table: 1, prefix: prefix("10.1.0.0/24"),
                nextHops: [NextHop(gateway: ip("fe80::1"), interface: "fedin1", isOnLink: true, weight: 256), NextHop(interface: "fedin2")]),
            Route(
                table: 300, prefix: prefix("fd10::/64"), metric: 20,
                nextHops: [NextHop(gateway: ip("::ffff:10.255.0.2"), interface: "fedin1", isOnLink: true)]),
        ]
        for route in routes {
            let interfaces = route.nextHops.map { $0.interface == "fedin1" ? UInt32(7) : 8 }
            let bytes = payload(try Request.addRoute(route, interfaces: interfaces, flags: 0))
            #expect(Route(bytes.span.bytes, names: names) == route)
        }
    }

    @Test("addresses, neighbours and forwarding entries are read as they are written")
    func others() throws {
        let address = Address(
            interface: "fedin1", address: try interfaceAddress("fd24::5/64"), scope: .link, suppressesPrefixRoute: true,
            skipsDuplicateDetection: true)
        let first = payload(try Request.address(address, interface: 7, type: RTM_NEWADDR))
        #expect(Address(first.span.bytes, names: names) == address)

        let neighbour = Neighbour(
            interface: "fedin1", address: try ip("10.255.0.2"), mac: try mac("02:00:5e:00:00:02"), state: .noARP,
            isExternallyLearned: true, protocolNumber: 11)
        let second = payload(try Request.neighbour(neighbour, interface: 7, type: RTM_NEWNEIGH))
        #expect(Neighbour(second.span.bytes, names: names) == neighbour)

        let entry = BridgeForwarding(
            interface: "fedin2", mac: try mac("02:00:5e:00:00:02"), destination: try ip("fd00::2"), vlan: 200, isSelf: true,
            isExternallyLearned: true, lifetime: .dynamic)
        let third = payload(try Request.forwarding(entry, interface: 8, type: RTM_NEWNEIGH))
        #expect(BridgeForwarding(third.span.bytes, names: names) == entry)
    }

    @Test("a message that is cut off anywhere, or whose lengths lie, is read without reading beyond it")
    func damaged() throws {
        let hops = [NextHop(gateway: try ip("fe80::1"), interface: "fedin1"), NextHop(gateway: try ip("10.0.0.1"), interface: "fedin2")]
        let route = Route(table: 1, prefix: try prefix("10.1.0.0/24"), nextHops: hops)
        let tunnel = VXLAN(vni: VNI(value: 7), local: try ip("10.0.0.1"))
        let messages = [
            payload(try Request.addRoute(route, interfaces: [7, 8], flags: 0)),
            payload(try Request.newLink("fedvx1", .vxlan(tunnel), mac: mac("02:00:00:00:00:01"), mtu: 1450)),
            payload(
                try Request.neighbour(Neighbour(interface: "fedin1", address: ip("10.0.0.1"), mac: nil), interface: 7, type: RTM_NEWNEIGH)),
        ]
        var generator = SystemRandomNumberGenerator()
        for message in messages {
            for length in 0...message.count { read(Array(message.prefix(length))) }
            for _ in 0..<2000 {
                var damaged = message
                for _ in 0..<3 {
                    damaged[Int.random(in: 0..<damaged.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
                }
                read(damaged)
            }
        }
    }

    private func read(_ bytes: [UInt8]) {
        let span = bytes.span.bytes
        _ = Route(span, names: names)
        _ = LinkRecord(span)?.resolved(names)
        _ = Address(span, names: names)
        _ = Neighbour(span, names: names)
        _ = BridgeForwarding(span, names: names)
        _ = NextHopObject(span)
    }

    @Test("a message that does not fit into libnl's page is not sent")
    func truncated() throws {
        var request = try Request(RTM_NEWLINK)
        for _ in 0..<100 { request.put(IFLA_IFALIAS, String(repeating: "x", count: 100)) }
        let isTruncated = request.isTruncated
        #expect(isTruncated)
    }
}

@Suite("Pending events")
struct PendingEventTests {
    private let first = KernelObject.link(name: "a")
    private let second = KernelObject.link(name: "b")

    @Test("each object comes once, with the last that befell it, in the order of the first")
    func merged() {
        var pending = PendingEvents(capacity: 10)
        pending.changed(first)
        pending.changed(second)
        pending.removed(first)
        #expect(pending.take() == [.removed(first), .changed(second)])
        #expect(pending.isEmpty && pending.take() == [])
    }

    @Test("beyond the capacity all that is left is the overrun; after it has been taken, events count again")
    func bounded() {
        var pending = PendingEvents(capacity: 1)
        pending.changed(first)
        pending.changed(first)
        #expect(!pending.isEmpty)
        pending.changed(second)
        pending.changed(first)
        #expect(pending.take() == [.overrun])
        pending.changed(second)
        #expect(pending.take() == [.changed(second)])
    }
}
