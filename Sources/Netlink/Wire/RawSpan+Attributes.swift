import CNetlink
import NetworkTypes

/// Reading of netlink's format: headers of C structs, then attributes (length, type, value) aligned to four octets.
/// Nothing here reads outside of the span, whatever the lengths in it claim.
extension RawSpan {
    /// The value at `offset`, in host byte order; nil if the span is too short.
    func load<T: BitwiseCopyable>(at offset: Int = 0, as type: T.Type = T.self) -> T? {
        guard offset >= 0, byteCount - offset >= MemoryLayout<T>.size else { return nil }
        return unsafeLoadUnaligned(fromByteOffset: offset, as: type)
    }

    /// Calls `body` with the number and value of each attribute from `offset` on.
    func forEachAttribute(from offset: Int = 0, _ body: (_ type: Int, _ value: RawSpan) -> Void) {
        var cursor = offset
        while let length = load(at: cursor, as: UInt16.self).map(Int.init), let type = load(at: cursor + 2, as: UInt16.self),
            length >= 4, length <= byteCount - cursor
        {
            // The two high bits say "nested" and "network byte order"; who knows the attribute, knows that.
            body(Int(type & 0x3fff), extracting(cursor + 4..<cursor + length))
            cursor += (length + 3) & ~3
        }
    }

    /// The text up to the first NUL.
    var text: String {
        var bytes: [UInt8] = []
        for offset in 0..<byteCount {
            let byte = unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            if byte == 0 { break }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// An address of 4 or 16 octets in network byte order.
    var address: IPAddress? {
        switch byteCount {
        case 4: load(as: UInt32.self).map { .v4(IPv4Address(bits: UInt32(bigEndian: $0))) }
        case 16: load(as: UInt128.self).map { .v6(IPv6Address(bits: UInt128(bigEndian: $0))) }
        default: nil
        }
    }

    /// A hardware address of six octets.
    var mac: MACAddress? {
        guard byteCount == 6, let high = load(as: UInt32.self), let low = load(at: 4, as: UInt16.self) else { return nil }
        return MACAddress(bits: UInt64(UInt32(bigEndian: high)) << 16 | UInt64(UInt16(bigEndian: low)))
    }
}
