import CNetlink
import Glibc
import NetworkTypes

/// A netlink message under construction, in libnl's memory.
struct Request: ~Copyable {
    let message: OpaquePointer
    /// An attribute did not fit into the page that libnl allots; the message must not be sent.
    private(set) var isTruncated = false

    /// `flags` without NLM_F_REQUEST and NLM_F_ACK: sending adds them.
    init(_ type: Int, flags: Int32 = 0) throws(Refusal) {
        guard let message = nlmsg_alloc_simple(Int32(type), flags) else { throw Refusal(code: ENOMEM) }
        self.message = message
    }

    deinit { nlmsg_free(message) }

    /// Appends a fixed header such as `ifinfomsg`.
    mutating func append<T: BitwiseCopyable>(_ header: T) {
        withUnsafeBytes(of: header) { bytes in
            let pointer = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
            if nlmsg_append(message, pointer, bytes.count, Int32(NLMSG_ALIGNTO)) < 0 { isTruncated = true }
        }
    }

    /// Puts a number in host byte order.
    mutating func put<T: FixedWidthInteger & BitwiseCopyable>(_ type: some BinaryInteger, _ value: T) {
        withUnsafeBytes(of: value) { put(type, bytes: $0) }
    }

    /// Puts a text with its NUL.
    mutating func put(_ type: some BinaryInteger, _ text: String) {
        if nla_put_string(message, Int32(type), text) < 0 { isTruncated = true }
    }

    /// Puts an address in network byte order.
    mutating func put(_ type: some BinaryInteger, _ address: IPAddress) {
        switch address {
        case .v4(let address): put(type, address.bits.bigEndian)
        case .v6(let address): put(type, address.bits.bigEndian)
        }
    }

    mutating func put(_ type: some BinaryInteger, _ mac: MACAddress) {
        mac.octets.withUnsafeBytes { put(type, bytes: $0) }
    }

    mutating func put(_ type: some BinaryInteger, bytes: UnsafeRawBufferPointer) {
        if nla_put(message, Int32(type), Int32(bytes.count), bytes.baseAddress) < 0 { isTruncated = true }
    }

    /// Puts an attribute that consists of those that `body` puts.
    mutating func nest(_ type: some BinaryInteger, _ body: (inout Request) -> Void) {
        guard let start = nla_nest_start(message, Int32(type)) else {
            isTruncated = true
            return
        }
        body(&self)
        if nla_nest_end(message, start) < 0 { isTruncated = true }
    }
}
