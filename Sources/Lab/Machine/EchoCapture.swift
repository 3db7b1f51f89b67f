import Glibc
import NetworkTypes

/// Watches an interface for echo requests and notes who sent them: the receiver's own account of what reached it.
package struct EchoCapture: Sendable {
    package let namespace: NetworkNamespace
    package let interface: String

    package init(in namespace: NetworkNamespace, interface: String) {
        self.namespace = namespace
        self.interface = interface
    }

    /// A request as it was seen.
    package struct Sighting: Hashable, Sendable {
        package var source: IPAddress
        package var destination: IPAddress
        package var identifier: UInt16
        package var count: Int
    }

    /// Watches from the call of `started` until `stop` is set.
    package func run(until stop: StopSign, started: @escaping @Sendable () -> Void) async throws -> [Sighting] {
        try await namespace.perform {
            let everything: UInt16 = 3  // ETH_P_ALL
            let socket = try Descriptor(socket: AF_PACKET, Int32(SOCK_RAW.rawValue), Int32(everything.bigEndian))
            try bind(socket)
            started()
            var seen: [Sighting: Int] = [:]
            var buffer = [UInt8](repeating: 0, count: 2048)
            while !stop.isSet {
                guard socket.isReadable(within: .milliseconds(50)) else { continue }
                let count = try receive(socket, &buffer)
                guard count > 0, let sighting = Self.sighting(in: buffer[..<count]) else { continue }
                seen[sighting, default: 0] += 1
            }
            return seen.map { sighting, count in
                var sighting = sighting
                sighting.count = count
                return sighting
            }
        }
    }

    /// Reads a frame; its length, or 0 if the interface itself sent it (the last parameter of sockaddr_ll, packet(7)).
    private func receive(_ socket: borrowing Descriptor, _ buffer: inout [UInt8]) throws -> Int {
        var sender = [UInt8](repeating: 0, count: 20)
        var length = socklen_t(sender.count)
        let count = sender.withUnsafeMutableBytes { sender in
            sender.withMemoryRebound(to: sockaddr.self) { recvfrom(socket.number, &buffer, buffer.count, 0, $0.baseAddress, &length) }
        }
        let outgoing: UInt8 = 4  // PACKET_OUTGOING
        return sender[10] == outgoing ? 0 : count
    }

    /// Binds to the interface by a sockaddr_ll (packet(7)), laid out by hand: Swift's Glibc module has no <linux/if_packet.h>.
    private func bind(_ socket: borrowing Descriptor) throws {
        let index = if_nametoindex(interface)
        guard index > 0 else { throw LabError("\(namespace) has no interface \(interface)") }
        var address = [UInt8](repeating: 0, count: 20)
        address.withUnsafeMutableBytes {
            $0.storeBytes(of: UInt16(AF_PACKET), toByteOffset: 0, as: UInt16.self)
            $0.storeBytes(of: UInt16(3).bigEndian, toByteOffset: 2, as: UInt16.self)
            $0.storeBytes(of: index, toByteOffset: 4, as: UInt32.self)
        }
        let result = address.withUnsafeBytes {
            $0.withMemoryRebound(to: sockaddr.self) { Glibc.bind(socket.number, $0.baseAddress, 20) }
        }
        guard result == 0 else { throw LabError("cannot capture on \(interface) in \(namespace): \(errnoText)") }
    }

    /// Reads an Ethernet frame; nil if it holds no echo request.
    static func sighting(in frame: ArraySlice<UInt8>) -> Sighting? {
        guard frame.count >= 34 else { return nil }
        let type: UInt16 = readBigEndian(frame.dropFirst(12).prefix(2))
        let packet = frame.dropFirst(14)
        switch type {
        case 0x0800:
            let header = Int(packet.first! & 15) * 4
            guard packet.dropFirst(9).first == UInt8(IPPROTO_ICMP), packet.count >= header + 8,
                let echo = Echo(icmp: packet.dropFirst(header), family: .ipv4, withIPv4Header: false), !echo.isReply
            else { return nil }
            return Sighting(
                source: .v4(IPv4Address(bits: readBigEndian(packet.dropFirst(12).prefix(4)))),
                destination: .v4(IPv4Address(bits: readBigEndian(packet.dropFirst(16).prefix(4)))), identifier: echo.identifier, count: 0)
        case 0x86dd:
            guard packet.count >= 48, packet.dropFirst(6).first == UInt8(IPPROTO_ICMPV6),
                let echo = Echo(icmp: packet.dropFirst(40), family: .ipv6, withIPv4Header: false), !echo.isReply
            else { return nil }
            return Sighting(
                source: .v6(IPv6Address(bits: readBigEndian(packet.dropFirst(8).prefix(16)))),
                destination: .v6(IPv6Address(bits: readBigEndian(packet.dropFirst(24).prefix(16)))), identifier: echo.identifier, count: 0)
        default: return nil
        }
    }
}
