import Glibc
import NetworkTypes

/// A descriptor that is closed when it goes out of scope.
struct Descriptor: ~Copyable {
    let number: Int32

    /// Opens a socket, closed on exec.
    init(socket domain: Int32, _ kind: Int32, _ protocol: Int32) throws {
        number = socket(domain, kind, `protocol`)
        guard number >= 0 else { throw LabError("cannot create a socket of family \(domain): \(errnoText)") }
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    }

    deinit { close(number) }

    /// Waits until there is something to read; false if the time is over first.
    func isReadable(within limit: Duration) -> Bool {
        let milliseconds = limit.components.seconds * 1000 + limit.components.attoseconds / 1_000_000_000_000_000
        guard milliseconds >= 0 else { return false }
        var polled = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, Int32(clamping: milliseconds)) > 0
    }

    /// Beyond what the system allows others (socket(7)).
    /// - Parameter size: bytes.
    func enlargeReceiveBuffer(to size: Int32) {
        let force: Int32 = 33  // SO_RCVBUFFORCE
        var size = size
        setsockopt(number, SOL_SOCKET, force, &size, socklen_t(MemoryLayout<Int32>.size))
    }
}

/// The bytes of a number in network order.
func bigEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    (0..<(T.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> T(T.bitWidth - 8 - 8 * $0)) }
}

/// A number in network order out of bytes; they must be there.
func readBigEndian<T: FixedWidthInteger>(_ bytes: some Collection<UInt8>, as type: T.Type = T.self) -> T {
    bytes.reduce(0) { $0 << 8 | T(truncatingIfNeeded: $1) }
}

extension IPAddress {
    /// Calls `body` with the address as the kernel takes it, without a port.
    func withSocketAddress<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        switch self {
        case .v4(let address):
            var native = sockaddr_in()
            native.sin_family = sa_family_t(AF_INET)
            native.sin_addr.s_addr = address.bits.bigEndian
            return withUnsafePointer(to: &native) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
            }
        case .v6(let address):
            var native = sockaddr_in6()
            native.sin6_family = sa_family_t(AF_INET6)
            withUnsafeMutableBytes(of: &native.sin6_addr) { $0.copyBytes(from: bigEndian(address.bits)) }
            return withUnsafePointer(to: &native) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in6>.size)) }
            }
        }
    }
}
