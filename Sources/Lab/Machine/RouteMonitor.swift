import Glibc
import NetworkTypes

/// A change of a route as the kernel told it (rtnetlink(7)).
package struct RouteEvent: Hashable, Sendable {
    package var isAdded: Bool
    package var prefix: IPPrefix
    package var table: UInt32
    /// Who set it: 186 is FRR's bgpd.
    package var origin: UInt8
    /// The next hops. An IPv4 next hop of an IPv6 route (`::ffff:10.255.0.2`) is IPv4.
    package var gateways: Set<IPAddress>

    /// A route of a VRF that bgpd gave for a single address: one of another cloud's machines.
    package var isFederated: Bool { table >= 10000 && origin == Self.bgp && prefix.isHost }

    /// RTPROT_BGP, which zebra marks bgpd's routes with.
    package static let bgp: UInt8 = 186
}

/// Listens to route changes of a namespace: long before a poll would see them, and without a process.
package struct RouteMonitor: Sendable {
    package let namespace: NetworkNamespace

    package init(in namespace: NetworkNamespace) { self.namespace = namespace }

    /// Hands over each change with the time it was read, until `take` returns false, `stop` is set or `limit` is over.
    /// Returns whether `take` ended it.
    package func run(
        within limit: Duration, started: @escaping @Sendable () -> Void, until stop: StopSign = StopSign(),
        take: @escaping @Sendable (RouteEvent, ContinuousClock.Instant) -> Bool
    ) async throws -> Bool {
        try await namespace.perform {
            let socket = try Descriptor(socket: AF_NETLINK, Int32(SOCK_RAW.rawValue), 0)
            socket.enlargeReceiveBuffer(to: 8 << 20)
            try Self.bind(socket, groups: 0x40 | 0x400)  // RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE
            started()
            let end = ContinuousClock.now + limit
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while !stop.isSet, ContinuousClock.now < end {
                guard socket.isReadable(within: min(end - ContinuousClock.now, .milliseconds(100))) else { continue }
                // What is there already is read with one time: a reader that is late does not pull apart what came together.
                let now = ContinuousClock.now
                repeat {
                    let count = recv(socket.number, &buffer, buffer.count, 0)
                    guard count > 0 else { throw LabError("route events of \(namespace) were lost: \(errnoText)") }
                    for event in Self.events(in: Array(buffer[..<count])) where !take(event, now) { return true }
                } while socket.isReadable(within: .zero)
            }
            return false
        }
    }

    /// The routes that stand in the tables from 10000 on, where agents have their VRFs.
    package func routes() async throws -> [RouteEvent] {
        try await namespace.perform {
            var found: [RouteEvent] = []
            for family in [AF_INET, AF_INET6] {
                let socket = try Descriptor(socket: AF_NETLINK, Int32(SOCK_RAW.rawValue), 0)
                try Self.bind(socket, groups: 0)
                // nlmsghdr, RTM_GETROUTE with NLM_F_REQUEST | NLM_F_DUMP, and an rtmsg that names the family.
                var request = [UInt8](repeating: 0, count: 28)
                request.withUnsafeMutableBytes {
                    $0.storeBytes(of: 28, as: UInt32.self)
                    $0.storeBytes(of: 26, toByteOffset: 4, as: UInt16.self)
                    $0.storeBytes(of: 0x301, toByteOffset: 6, as: UInt16.self)
                    $0.storeBytes(of: UInt8(family), toByteOffset: 16, as: UInt8.self)
                }
                guard send(socket.number, request, request.count, 0) == request.count else {
                    throw LabError("cannot dump routes: \(errnoText)")
                }
                var buffer = [UInt8](repeating: 0, count: 1 << 16)
                dump: while socket.isReadable(within: .seconds(5)) {
                    let count = recv(socket.number, &buffer, buffer.count, 0)
                    guard count > 0 else { throw LabError("cannot dump routes: \(errnoText)") }
                    let message = Array(buffer[..<count])
                    found += Self.events(in: message)
                    if Self.containsDone(message) { break dump }
                }
            }
            return found.filter { $0.table >= 10000 }
        }
    }

    private static func bind(_ socket: borrowing Descriptor, groups: UInt32) throws {
        var address = [UInt8](repeating: 0, count: 12)  // sockaddr_nl (netlink(7))
        address.withUnsafeMutableBytes {
            $0.storeBytes(of: UInt16(AF_NETLINK), as: UInt16.self)
            $0.storeBytes(of: groups, toByteOffset: 8, as: UInt32.self)
        }
        let result = address.withUnsafeBytes {
            $0.withMemoryRebound(to: sockaddr.self) { Glibc.bind(socket.number, $0.baseAddress, 12) }
        }
        guard result == 0 else { throw LabError("cannot listen to routes: \(errnoText)") }
    }

    private static func containsDone(_ bytes: [UInt8]) -> Bool { messages(in: bytes).contains { $0.type == 3 } }  // NLMSG_DONE

    private static func messages(in bytes: [UInt8]) -> [(type: UInt16, body: ArraySlice<UInt8>)] {
        var found: [(UInt16, ArraySlice<UInt8>)] = []
        var offset = 0
        while offset + 16 <= bytes.count {
            let length = Int(little(bytes, offset, as: UInt32.self))
            guard length >= 16, offset + length <= bytes.count else { break }
            found.append((little(bytes, offset + 4, as: UInt16.self), bytes[(offset + 16)..<(offset + length)]))
            offset += (length + 3) & ~3
        }
        return found
    }

    static func events(in bytes: [UInt8]) -> [RouteEvent] {
        messages(in: bytes).compactMap { type, body in
            guard type == 24 || type == 25, body.count >= 12 else { return nil }  // RTM_NEWROUTE, RTM_DELROUTE
            let start = body.startIndex
            let family: AddressFamily
            switch Int32(body[start]) {
            case AF_INET: family = .ipv4
            case AF_INET6: family = .ipv6
            default: return nil
            }
            var table = UInt32(body[start + 4])
            var address = IPAddress(family: family, bits: 0)
            var gateways: Set<IPAddress> = []
            for (kind, value) in attributes(bytes[(start + 12)..<body.endIndex]) {
                switch kind {
                case 1: address = IPAddress(family: family, bits: readBigEndian(value, as: UInt128.self))  // RTA_DST
                case 5:  // RTA_GATEWAY
                    gateways.insert(IPAddress(family: family, bits: readBigEndian(value, as: UInt128.self)).withoutMapping)
                case 9: gateways.formUnion(hops(value, family))  // RTA_MULTIPATH
                case 15 where value.count == 4: table = little(bytes, value.startIndex, as: UInt32.self)  // RTA_TABLE
                default: break
                }
            }
            let length = min(Int(body[start + 1]), family.width)
            return RouteEvent(
                isAdded: type == 24, prefix: IPPrefix(containing: address, length: length), table: table, origin: body[start + 5],
                gateways: gateways)
        }
    }

    private static func attributes(_ bytes: ArraySlice<UInt8>) -> [(kind: UInt16, value: ArraySlice<UInt8>)] {
        var found: [(UInt16, ArraySlice<UInt8>)] = []
        let all = Array(bytes)
        var offset = 0
        while offset + 4 <= all.count {
            let length = Int(little(all, offset, as: UInt16.self))
            guard length >= 4, offset + length <= all.count else { break }
            let start = bytes.startIndex + offset
            found.append((little(all, offset + 2, as: UInt16.self), bytes[(start + 4)..<(start + length)]))
            offset += (length + 3) & ~3
        }
        return found
    }

    /// The gateways in a row of `struct rtnexthop`, each with attributes of its own.
    private static func hops(_ bytes: ArraySlice<UInt8>, _ family: AddressFamily) -> Set<IPAddress> {
        var found: Set<IPAddress> = []
        var rest = bytes
        while rest.count >= 8 {
            let length = Int(little(Array(rest.prefix(2)), 0, as: UInt16.self))
            guard length >= 8, length <= rest.count else { break }
            for (kind, value) in attributes(rest.prefix(length).dropFirst(8)) where kind == 5 {
                found.insert(IPAddress(family: family, bits: readBigEndian(value, as: UInt128.self)).withoutMapping)
            }
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return found
    }

    /// Netlink speaks the machine's own byte order; all machines that this runs on are little-endian.
    private static func little<T: FixedWidthInteger>(_ bytes: [UInt8], _ offset: Int, as type: T.Type) -> T {
        bytes[offset..<(offset + T.bitWidth / 8)].reversed().reduce(0) { $0 << 8 | T(truncatingIfNeeded: $1) }
    }
}
