import Glibc
import NetworkTypes

/// The chain FORWARD of iptables' own tables (`iptables-legacy`, `ip6tables-legacy`), which nft does not show.
///
/// Asked of the kernel by getsockopt(2), as iptables does (linux/netfilter_ipv4/ip_tables.h, linux/netfilter_ipv6/ip6_tables.h), so that
/// the program need not be installed.
enum LegacyForwardChain {
    /// Nil where the kernel has no such table: to ask would make one.
    static func read(_ family: AddressFamily) -> ForwardFilter.BaseChain? {
        guard hasTable(family) else { return nil }
        let descriptor = socket(family == .ipv4 ? AF_INET : AF_INET6, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var info = [UInt8](repeating: 0, count: LegacyTable.infoSize)
        info.replaceSubrange(0..<6, with: Array("filter".utf8))
        guard ask(descriptor, family, 64, &info) else { return nil }
        let size = LegacyTable.size(info)
        guard size > 0, size <= 8 << 20 else { return nil }
        var entries = [UInt8](repeating: 0, count: LegacyTable.entriesHeader + size)
        entries.replaceSubrange(0..<6, with: Array("filter".utf8))
        withUnsafeBytes(of: UInt32(size)) { entries.replaceSubrange(32..<36, with: $0) }
        guard ask(descriptor, family, 65, &entries) else { return nil }
        return LegacyTable(family, info: info, entries: Array(entries.dropFirst(LegacyTable.entriesHeader))).forward
    }

    /// IPT_SO_GET_INFO is 64, IPT_SO_GET_ENTRIES 65, for both families.
    private static func ask(_ descriptor: Int32, _ family: AddressFamily, _ option: Int32, _ bytes: inout [UInt8]) -> Bool {
        var length = socklen_t(bytes.count)
        // IPPROTO_IP and IPPROTO_IPV6.
        let level: Int32 = family == .ipv4 ? 0 : 41
        return getsockopt(descriptor, level, option, &bytes, &length) == 0
    }

    private static func hasTable(_ family: AddressFamily) -> Bool {
        let prefix = family == .ipv4 ? "ip" : "ip6"
        if let names = text("/proc/thread-self/net/\(prefix)_tables_names") { return names.split(separator: "\n").contains("filter") }
        // Only root may read that file; all may read which modules there are.
        return text("/proc/modules")?.split(separator: "\n").contains { $0.hasPrefix("\(prefix)table_filter ") } ?? false
    }

    /// Nil where it cannot be read.
    private static func text(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count < 1 << 20 {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
