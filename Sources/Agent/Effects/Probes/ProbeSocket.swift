import EVPN
import Glibc
import NetworkTypes

/// Room for a datagram and what the kernel says of it.
final class ProbeBuffer {
    let data = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
    let control = UnsafeMutableRawBufferPointer.allocate(byteCount: 512, alignment: 16)

    deinit {
        data.deallocate()
        control.deallocate()
    }
}

/// A UDP socket in one VRF on the node's probe address of one family. What it sends is not fragmented, whatever the kernel believes of the way.
///
/// Whoever owns it, owns it alone.
final class ProbeSocket {
    static let port = ProbeWays.port
    /// Sent and asked for: a packet that was routed on the way has less (RFC 5082).
    static let hopLimit: Int32 = 255

    struct Failure: Error, CustomStringConvertible {
        let what: String
        let code: Int32
        var description: String { "\(what): \(String(cString: strerror(code)))" }
    }

    /// What came: the bytes are in the reader's buffer.
    struct Arrival {
        var count: Int
        var source: IPAddress
        var port: UInt16
        /// The number of the device by which it came; 0: not told.
        var interface: UInt32 = 0
        var hopLimit: UInt8 = 0
        /// Nanoseconds since 1970; nil: not told.
        var receivedAt: Int64?
    }

    let descriptor: Int32
    private let family: AddressFamily
    private var isSummed = true

    /// - Parameter device: the VRF's.
    init(device: String, address: IPAddress) throws(Failure) {
        family = address.family
        descriptor = socket(
            family == .ipv4 ? AF_INET : AF_INET6, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(what: "no socket", code: errno) }
        do throws(Failure) {
            try bind(to: device, address)
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    private func bind(to device: String, _ address: IPAddress) throws(Failure) {
        let name = Array(device.utf8) + [0]
        guard setsockopt(descriptor, SOL_SOCKET, Option.bindToDevice, name, socklen_t(name.count)) == 0 else {
            throw Failure(what: "cannot bind to \(device)", code: errno)
        }
        try set(SOL_SOCKET, Option.timestamps, 1)
        switch family {
        case .ipv4:
            for (option, value) in Option.ipv4 { try set(Int32(IPPROTO_IP), option, value) }
        case .ipv6:
            for (option, value) in Option.ipv6 { try set(Int32(IPPROTO_IPV6), option, value) }
            try set(Int32(IPPROTO_UDP), Option.noSumIn, 1)
        }
        let result = Self.withSocketAddress(address, Self.port) { Glibc.bind(descriptor, $0, $1) }
        guard result == 0 else { throw Failure(what: "cannot bind to \(address) on \(device)", code: errno) }
    }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) throws(Failure) {
        var value = value
        guard setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
            throw Failure(what: "cannot set option \(option) of level \(level)", code: errno)
        }
    }

    /// - Parameter isSummed: without a sum, what changes addresses on the way need not mend it. Open vSwitch in user space would change one
    ///   that the kernel has left to a device, and make it wrong.
    /// - Returns: whether the kernel took it; where it did not, it is lost like any other.
    func send(_ bytes: [UInt8], to address: IPAddress, isSummed: Bool = true) -> Bool {
        if isSummed != self.isSummed {
            let (level, option) = family == .ipv4 ? (SOL_SOCKET, Option.noSum) : (Int32(IPPROTO_UDP), Option.noSumOut)
            do { try set(level, option, isSummed ? 0 : 1) } catch { return false }
            self.isSummed = isSummed
        }
        return Self.withSocketAddress(address, Self.port) { sendto(descriptor, bytes, bytes.count, 0, $0, $1) } == bytes.count
    }

    /// The next datagram; nil: there is none now, or one that is longer than the buffer.
    func receive(into buffer: ProbeBuffer) -> Arrival? {
        let control = buffer.control
        var source = sockaddr_storage()
        var vector = iovec(iov_base: buffer.data.baseAddress, iov_len: buffer.data.count)
        return withUnsafeMutablePointer(to: &source) { source -> Arrival? in
            withUnsafeMutablePointer(to: &vector) { vector -> Arrival? in
                var header = msghdr()
                header.msg_name = UnsafeMutableRawPointer(source)
                header.msg_namelen = socklen_t(MemoryLayout<sockaddr_storage>.size)
                header.msg_iov = vector
                header.msg_iovlen = 1
                header.msg_control = control.baseAddress
                header.msg_controllen = control.count
                let count = recvmsg(descriptor, &header, 0)
                guard count >= 0, header.msg_flags & Int32(MSG_TRUNC) == 0,
                    let (address, port) = Self.read(UnsafeRawPointer(source), family)
                else { return nil }
                var arrival = Arrival(count: count, source: address, port: port)
                arrival.read(UnsafeRawBufferPointer(rebasing: control[..<min(control.count, Int(header.msg_controllen))]))
                return arrival
            }
        }
    }

    // MARK: - The kernel's forms

    private static func withSocketAddress<Result>(
        _ address: IPAddress, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        func call<Form>(_ form: Form) -> Result {
            withUnsafePointer(to: form) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<Form>.size)) }
            }
        }
        switch address {
        case .v4(let address):
            var form = sockaddr_in()
            form.sin_family = sa_family_t(AF_INET)
            form.sin_port = port.bigEndian
            form.sin_addr.s_addr = address.bits.bigEndian
            return call(form)
        case .v6(let address):
            var form = sockaddr_in6()
            form.sin6_family = sa_family_t(AF_INET6)
            form.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &form.sin6_addr) { $0.storeBytes(of: address.bits.bigEndian, as: UInt128.self) }
            return call(form)
        }
    }

    private static func read(_ pointer: UnsafeRawPointer, _ family: AddressFamily) -> (IPAddress, UInt16)? {
        switch family {
        case .ipv4:
            let form = pointer.loadUnaligned(as: sockaddr_in.self)
            guard form.sin_family == sa_family_t(AF_INET) else { return nil }
            return (.v4(IPv4Address(bits: UInt32(bigEndian: form.sin_addr.s_addr))), UInt16(bigEndian: form.sin_port))
        case .ipv6:
            var form = pointer.loadUnaligned(as: sockaddr_in6.self)
            guard form.sin6_family == sa_family_t(AF_INET6) else { return nil }
            let bits = withUnsafeBytes(of: &form.sin6_addr) { UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self)) }
            return (.v6(IPv6Address(bits: bits)), UInt16(bigEndian: form.sin6_port))
        }
    }

    /// socket.h, in.h and in6.h of the kernel's user interface; not all of them are in Swift's Glibc.
    private enum Option {
        static let bindToDevice: Int32 = 25
        static let timestamps: Int32 = 35
        /// SO_NO_CHECK; UDP_NO_CHECK6_TX, UDP_NO_CHECK6_RX.
        static let (noSum, noSumOut, noSumIn): (Int32, Int32, Int32) = (11, 101, 102)
        /// IP_PKTINFO, IP_RECVTTL, IP_TTL; IP_MTU_DISCOVER: IP_PMTUDISC_PROBE.
        static let ipv4: [(Int32, Int32)] = [(8, 1), (12, 1), (2, hopLimit), (10, 3)]
        /// IPV6_V6ONLY, IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT, IPV6_UNICAST_HOPS, IPV6_DONTFRAG; IPV6_MTU_DISCOVER: IPV6_PMTUDISC_PROBE.
        static let ipv6: [(Int32, Int32)] = [(26, 1), (49, 1), (51, 1), (16, hopLimit), (62, 1), (23, 3)]
    }
}

extension ProbeSocket.Arrival {
    /// The control messages: a length of eight octets, level and type of four each, and the value, all aligned to eight.
    fileprivate mutating func read(_ control: UnsafeRawBufferPointer) {
        var place = 0
        while control.count - place >= 16 {
            let length = control.loadUnaligned(fromByteOffset: place, as: Int.self)
            guard length >= 16, length <= control.count - place else { return }
            let level = control.loadUnaligned(fromByteOffset: place + 8, as: Int32.self)
            let type = control.loadUnaligned(fromByteOffset: place + 12, as: Int32.self)
            let value = UnsafeRawBufferPointer(rebasing: control[(place + 16)..<(place + length)])
            switch (level, type) {
            // SO_TIMESTAMPNS.
            case (SOL_SOCKET, 35) where value.count >= 16:
                let (seconds, rest) = (value.loadUnaligned(as: Int64.self), value.loadUnaligned(fromByteOffset: 8, as: Int64.self))
                receivedAt = seconds &* 1_000_000_000 &+ rest
            // IP_PKTINFO, IP_TTL.
            case (Int32(IPPROTO_IP), 8) where value.count >= 12: interface = value.loadUnaligned(as: UInt32.self)
            case (Int32(IPPROTO_IP), 2) where value.count >= 4: hopLimit = UInt8(clamping: value.loadUnaligned(as: Int32.self))
            // IPV6_PKTINFO, IPV6_HOPLIMIT.
            case (Int32(IPPROTO_IPV6), 50) where value.count >= 20:
                interface = value.loadUnaligned(fromByteOffset: 16, as: UInt32.self)
            case (Int32(IPPROTO_IPV6), 52) where value.count >= 4: hopLimit = UInt8(clamping: value.loadUnaligned(as: Int32.self))
            default: break
            }
            place += (length + 7) & ~7
        }
    }
}
