import NetworkTypes

extension EchoRequest {
    /// An Ethernet frame with an echo request (RFC 792, RFC 4443).
    package var frame: [UInt8] {
        let isV4 = source.family == .ipv4
        let (from, to) = (source.octets, destination.octets)
        var echo: [UInt8] = [isV4 ? 8 : 128, 0, 0, 0, 0x0f, 0xed, 0, 1]
        // ICMPv6 sums what IPv6 has no sum for: addresses, length, next header (RFC 8200, section 8.1).
        let pseudo: [UInt8] = isV4 ? [] : from + to + [0, 0, 0, UInt8(echo.count), 0, 0, 0, 58]
        let sum = Self.checksum(pseudo + echo)
        (echo[2], echo[3]) = (sum[0], sum[1])
        var header: [UInt8]
        if isV4 {
            header = [0x45, 0, 0, UInt8(20 + echo.count), 0, 0, 0, 0, 64, 1, 0, 0] + from + to
            let sum = Self.checksum(header)
            (header[10], header[11]) = (sum[0], sum[1])
        } else {
            header = [0x60, 0, 0, 0, 0, UInt8(echo.count), 58, 64] + from + to
        }
        let tag: [UInt8] = vlan.map { [0x81, 0x00, UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] } ?? []
        let frame = destinationMAC.octets + sourceMAC.octets + tag + (isV4 ? [0x08, 0x00] : [0x86, 0xdd]) + header + echo
        // The shortest frame of Ethernet, without its check sequence.
        return frame + Array(repeating: 0, count: max(0, 60 - frame.count))
    }

    /// RFC 1071, of an even number of bytes.
    private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        var sum = stride(from: 0, to: bytes.count - 1, by: 2).reduce(UInt32(0)) { $0 + UInt32(bytes[$1]) << 8 + UInt32(bytes[$1 + 1]) }
        while sum >> 16 != 0 { sum = sum & 0xffff + sum >> 16 }
        return [UInt8(truncatingIfNeeded: ~sum >> 8), UInt8(truncatingIfNeeded: ~sum)]
    }
}
