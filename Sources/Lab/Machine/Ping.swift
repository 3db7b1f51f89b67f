import Glibc
import NetworkTypes
import Synchronization

/// A row of ICMP echo requests (RFC 792, RFC 4443) from one place to one address.
package struct Ping: Sendable {
    package let namespace: NetworkNamespace
    package let target: IPAddress
    /// Marks the requests, so that captures and parallel pings tell them apart.
    package let identifier: UInt16
    /// The sender's address; nil: what the kernel takes.
    package let source: IPAddress?
    /// Bytes of the whole packet, which must not be fragmented; nil: a small one.
    package let size: Int?

    package init(
        from namespace: NetworkNamespace, to target: IPAddress, identifier: UInt16 = Self.freshIdentifier(), source: IPAddress? = nil,
        size: Int? = nil
    ) {
        self.source = source
        self.size = size
        self.namespace = namespace
        self.target = target
        self.identifier = identifier
    }

    private static let identifiers = Atomic(UInt16(getpid() & 0xffff))

    /// One that no other ping has: where several share an address behind NAT, OVS's conntrack refuses the second of two
    /// with the same identifier and target (“tuple space exhaustion”).
    package static func freshIdentifier() -> UInt16 { identifiers.wrappingAdd(1, ordering: .relaxed).newValue }

    /// What became of each request, in the order that they were sent.
    package struct Outcome: Sendable {
        package struct Request: Sendable {
            package var sentAt: ContinuousClock.Instant
            /// Nil: no answer came.
            package var answeredAfter: Duration?

            package init(sentAt: ContinuousClock.Instant, answeredAfter: Duration? = nil) {
                self.sentAt = sentAt
                self.answeredAfter = answeredAfter
            }
        }

        package var requests: [Request]

        package init(_ requests: [Request]) { self.requests = requests }

        package var sent: Int { requests.count }
        package var answered: Int { requests.count { $0.answeredAfter != nil } }
        package var lost: Int { sent - answered }
    }

    /// Sends `count` requests, one every `interval`, and waits for the last answers `patience` longer.
    package func run(count: Int, every interval: Duration, patience: Duration = .seconds(1)) async throws -> Outcome {
        try await namespace.perform { try runHere(every: interval, patience: patience) { sent in sent < count } }
    }

    /// Sends one every `interval` until `stop` is set.
    package func run(every interval: Duration, until stop: StopSign, patience: Duration = .seconds(1)) async throws -> Outcome {
        try await namespace.perform { try runHere(every: interval, patience: patience) { _ in !stop.isSet } }
    }

    private func runHere(every interval: Duration, patience: Duration, goOn: (Int) -> Bool) throws -> Outcome {
        let isV4 = target.family == .ipv4
        let socket = try Descriptor(
            socket: isV4 ? AF_INET : AF_INET6, Int32(SOCK_RAW.rawValue), Int32(isV4 ? IPPROTO_ICMP : IPPROTO_ICMPV6))
        if let source, source.withSocketAddress({ bind(socket.number, $0, $1) }) != 0 {
            throw LabError("\(source) is not an address of \(namespace): \(errnoText)")
        }
        if size != nil { Self.forbidFragments(socket, target.family) }
        // Every socket of a namespace gets what comes for all of them.
        socket.enlargeReceiveBuffer(to: 4 << 20)
        var outcome = Outcome([])
        var next = ContinuousClock.now
        while goOn(outcome.sent) {
            let packet = request(UInt16(truncatingIfNeeded: outcome.sent))
            outcome.requests.append(.init(sentAt: .now))
            // A send that fails (no route yet, ENOBUFS) is a request that is not answered: it counts as lost.
            _ = target.withSocketAddress { sendto(socket.number, packet, packet.count, 0, $0, $1) }
            // Who was kept from running goes on at the same pace: a burst to catch up would fill the socket before anything is read.
            next = max(next + interval, .now)
            receive(socket, until: next, into: &outcome) { _ in false }
        }
        receive(socket, until: ContinuousClock.now + patience, into: &outcome) { $0.lost == 0 }
        return outcome
    }

    private func receive(
        _ socket: borrowing Descriptor, until end: ContinuousClock.Instant, into outcome: inout Outcome, done: (Outcome) -> Bool
    ) {
        var buffer = [UInt8](repeating: 0, count: 2048)
        while !done(outcome), socket.isReadable(within: end - ContinuousClock.now) {
            let count = recv(socket.number, &buffer, buffer.count, 0)
            guard count > 0, let answer = Echo(icmp: buffer[..<count], family: target.family, withIPv4Header: target.family == .ipv4) else {
                continue
            }
            guard answer.isReply, answer.identifier == identifier, let index = outcome.index(of: answer.sequence) else { continue }
            outcome.requests[index].answeredAfter =
                outcome.requests[index].answeredAfter ?? ContinuousClock.now - outcome.requests[index].sentAt
        }
    }

    private func request(_ sequence: UInt16) -> [UInt8] {
        var packet: [UInt8] = [target.family == .ipv4 ? 8 : 128, 0, 0, 0] + bigEndian(identifier) + bigEndian(sequence)
        packet += Array("ovn-federation lab".utf8)
        if let size { packet += [UInt8](repeating: 0, count: max(0, size - (target.family == .ipv4 ? 20 : 40) - packet.count)) }
        // The kernel fills in the ICMPv6 checksum (RFC 3542, section 3.1), not that of ICMP.
        if target.family == .ipv4 { packet.replaceSubrange(2..<4, with: bigEndian(Self.checksum(packet))) }
        return packet
    }

    /// DF is set, and what was learned of the path before counts for nothing (ip(7), ipv6(7)).
    private static func forbidFragments(_ socket: borrowing Descriptor, _ family: AddressFamily) {
        let (discover, discover6, probe): (Int32, Int32, Int32) = (10, 23, 3)  // IP_MTU_DISCOVER, IPV6_MTU_DISCOVER, IP_PMTUDISC_PROBE
        var value = probe
        let isV4 = family == .ipv4
        setsockopt(
            socket.number, isV4 ? Int32(IPPROTO_IP) : Int32(IPPROTO_IPV6), isV4 ? discover : discover6, &value,
            socklen_t(MemoryLayout<Int32>.size))
    }

    /// The Internet checksum (RFC 1071).
    static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count, by: 2) {
            sum += UInt32(bytes[index]) << 8 | (index + 1 < bytes.count ? UInt32(bytes[index + 1]) : 0)
        }
        while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
        return ~UInt16(sum)
    }
}

extension Ping.Outcome {
    /// The newest request with this sequence number, which has 16 bits only.
    fileprivate func index(of sequence: UInt16) -> Int? {
        guard let last = requests.indices.last else { return nil }
        let index = last - Int(UInt16(truncatingIfNeeded: last) &- sequence)
        return index >= 0 ? index : nil
    }
}

/// An echo request or reply.
struct Echo: Hashable {
    var isReply: Bool
    var identifier: UInt16
    var sequence: UInt16

    /// Reads an ICMP message, after an IPv4 header where raw sockets deliver one.
    init?(icmp bytes: ArraySlice<UInt8>, family: AddressFamily, withIPv4Header: Bool) {
        var bytes = bytes
        if withIPv4Header {
            guard let first = bytes.first else { return nil }
            bytes = bytes.dropFirst(Int(first & 15) * 4)
        }
        guard bytes.count >= 8, let kind = bytes.first else { return nil }
        switch (family, kind) {
        case (.ipv4, 0), (.ipv6, 129): isReply = true
        case (.ipv4, 8), (.ipv6, 128): isReply = false
        default: return nil
        }
        identifier = readBigEndian(bytes.dropFirst(4).prefix(2))
        sequence = readBigEndian(bytes.dropFirst(6).prefix(2))
    }
}
