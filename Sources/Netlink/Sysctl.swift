import Glibc
import NetworkTypes

/// A kernel parameter of the network, by its path under /proc/sys.
///
/// It is the one of the network namespace that the reading or writing thread is in. Paths and not dotted names, because names of
/// interfaces may have dots.
package struct Sysctl: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Like `net/ipv4/conf/fed1/forwarding`.
    package let path: String

    package init(path: String) { self.path = path }

    /// `net.ipv4.ip_forward`: 1 makes the host a router. Writing it resets `forwarding` of every interface.
    package static let ipv4Forwarding = Sysctl(path: "net/ipv4/ip_forward")

    /// 1 forwards packets that arrive on the interface; `all` and `default` are also valid names. IPv6 uses only `all`.
    package static func forwarding(_ family: AddressFamily, _ interface: String) -> Sysctl { conf(family, interface, "forwarding") }
    /// 0 accepts packets from any source, 1 is RFC 3704's strict mode, 2 its loose mode. The maximum of `all` and the interface applies.
    package static func reversePathFilter(_ interface: String) -> Sysctl { conf(.ipv4, interface, "rp_filter") }
    /// 0 ignores router advertisements, 1 heeds them unless forwarding, 2 always.
    package static func acceptRouterAdvertisements(_ interface: String) -> Sysctl { conf(.ipv6, interface, "accept_ra") }
    /// 1 switches IPv6 off.
    package static func disableIPv6(_ interface: String) -> Sysctl { conf(.ipv6, interface, "disable_ipv6") }
    /// 1 answers ARP only for addresses of the interface that is asked on.
    package static func arpIgnore(_ interface: String) -> Sysctl { conf(.ipv4, interface, "arp_ignore") }
    /// 0 sends no ICMP redirects. The maximum of `all` and the interface counts.
    package static func sendRedirects(_ interface: String) -> Sysctl { conf(.ipv4, interface, "send_redirects") }

    private static func conf(_ family: AddressFamily, _ interface: String, _ name: String) -> Sysctl {
        Sysctl(path: "net/\(family.rawValue)/conf/\(interface)/\(name)")
    }

    package var description: String { "/proc/sys/\(path)" }

    /// The value, without the newline.
    package func read() throws(SysctlError) -> String {
        let descriptor = try open(O_RDONLY, for: .read)
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw SysctlError(sysctl: self, operation: .read, code: errno) }
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    package func write(_ value: String) throws(SysctlError) {
        let descriptor = try open(O_WRONLY, for: .write(value))
        defer { close(descriptor) }
        let bytes = Array(value.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw SysctlError(sysctl: self, operation: .write(value), code: errno)
        }
    }

    package func write(_ value: Int) throws(SysctlError) { try write(String(value)) }

    /// Writes only a different value: some parameters have an effect when written, even with the same value.
    ///
    /// - Returns: Whether it was written.
    @discardableResult
    package func set(_ value: Int) throws(SysctlError) -> Bool {
        if try read() == String(value) { return false }
        try write(value)
        return true
    }

    private func open(_ mode: Int32, for operation: SysctlError.Operation) throws(SysctlError) -> Int32 {
        // A foreign interface name must not lead out of the tree.
        guard !path.split(separator: "/").contains("..") else { throw SysctlError(sysctl: self, operation: operation, code: EINVAL) }
        let descriptor = Glibc.open(description, mode | O_CLOEXEC)
        guard descriptor >= 0 else { throw SysctlError(sysctl: self, operation: operation, code: errno) }
        return descriptor
    }
}

/// A parameter that cannot be read or written.
package struct SysctlError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Operation: Hashable, Sendable {
        case read
        case write(String)
    }

    package let sysctl: Sysctl
    package let operation: Operation
    /// errno(3).
    package let code: Int32

    package var description: String {
        let attempt =
            switch operation {
            case .read: "read \(sysctl)"
            case .write(let value): "write “\(value)” to \(sysctl)"
            }
        return "cannot \(attempt): \(errnoName(code)) (\(errnoText(code))); \(remedy)"
    }

    private var remedy: String {
        switch code {
        case ENOENT: "check that the interface exists and the kernel has this parameter"
        case EPERM, EACCES: "run as root, with CAP_NET_ADMIN in this network namespace"
        case EROFS: "mount /proc/sys writable in this container"
        case EINVAL: "write a value in the parameter's range"
        default: "compare with sysctl(8)"
        }
    }
}
