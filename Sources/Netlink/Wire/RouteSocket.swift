import CNetlink
import Glibc

/// A NETLINK_ROUTE socket of libnl. It belongs to the network namespace of the thread that makes it, for good.
///
/// Not safe for use by two threads: whoever owns it, owns it alone.
struct RouteSocket: ~Copyable {
    private let socket: OpaquePointer
    /// The kernel fills datagrams of a dump up to 32 KiB, if the reader's buffer lets it.
    private let buffer: UnsafeMutableRawBufferPointer

    /// - Parameters:
    ///   - groups: the RTNLGRP_… to listen to; none for a socket that asks and is answered.
    ///   - receiveBuffer: in octets; the kernel doubles it for its own bookkeeping. Nil is the system's default.
    static func open(groups: [UInt32] = [], receiveBuffer: Int? = nil) throws(Refusal) -> RouteSocket {
        guard let handle = nl_socket_alloc() else { throw Refusal(code: ENOMEM) }
        let socket = RouteSocket(unconnected: handle)
        try socket.connect(groups: groups, receiveBuffer: receiveBuffer)
        return socket
    }

    private init(unconnected socket: OpaquePointer) {
        self.socket = socket
        buffer = .allocate(byteCount: 64 << 10, alignment: 16)
    }

    private borrowing func connect(groups: [UInt32], receiveBuffer: Int?) throws(Refusal) {
        // nl_connect is socket(2) and bind(2): the latter's number is still in errno.
        guard nl_connect(socket, NETLINK_ROUTE) == 0 else { throw Refusal(code: errno, reason: "no netlink socket") }
        // Kernels before 4.20 lack the strict checks; our own filters still hold then.
        for option in [Self.extendedAcknowledgement, Self.shortAcknowledgement, Self.strictChecking] {
            _ = set(Self.netlinkLevel, option, 1)
        }
        if let receiveBuffer { resize(to: receiveBuffer) }
        for group in groups where nl_socket_add_membership(socket, Int32(group)) < 0 { throw Refusal(code: errno) }
        if groups.isEmpty {
            var patience = timeval(tv_sec: 10, tv_usec: 0)
            _ = setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        } else if nl_socket_set_nonblocking(socket) < 0 {
            throw Refusal(code: errno)
        }
    }

    deinit {
        nl_socket_free(socket)
        buffer.deallocate()
    }

    var descriptor: Int32 { nl_socket_get_fd(socket) }

    /// The size in force, in octets. The kernel reports twice as much, half of it for its own bookkeeping (socket(7)).
    var receiveBuffer: Int {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &value, &length)
        return Int(value) / 2
    }

    /// libnl's nl_socket_set_buffer_size stays under net.core.rmem_max (208 KiB); CAP_NET_ADMIN may go beyond.
    private borrowing func resize(to octets: Int) {
        let size = Int32(clamping: octets)
        if !set(SOL_SOCKET, SO_RCVBUFFORCE, size) { _ = set(SOL_SOCKET, SO_RCVBUF, size) }
    }

    private borrowing func set(_ level: Int32, _ option: Int32, _ value: Int32) -> Bool {
        var value = value
        return setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0
    }

    /// linux/netlink.h, linux/socket.h: SOL_NETLINK is not in Swift's Glibc.
    private static let netlinkLevel: Int32 = 270
    private static let shortAcknowledgement: Int32 = 10  // NETLINK_CAP_ACK
    private static let extendedAcknowledgement: Int32 = 11  // NETLINK_EXT_ACK
    private static let strictChecking: Int32 = 12  // NETLINK_GET_STRICT_CHK

    /// Receives one datagram and hands out its messages.
    ///
    /// - Returns: False if nothing is pending (non-blocking sockets).
    /// - Throws: ENOBUFS if the kernel dropped messages because we were slow; ETIMEDOUT if there is no answer.
    borrowing func receive(_ body: (nlmsghdr, RawSpan) throws(Refusal) -> Void) throws(Refusal) -> Bool {
        var count: Int
        repeat { count = recv(descriptor, buffer.baseAddress, buffer.count, 0) } while count < 0 && errno == EINTR
        guard count >= 0 else {
            if errno == EAGAIN { return false }
            throw Refusal(code: errno)
        }
        let datagram = UnsafeRawBufferPointer(rebasing: buffer[..<count]).bytes
        var cursor = 0
        while let header = datagram.load(at: cursor, as: nlmsghdr.self), header.nlmsg_len >= 16,
            Int(header.nlmsg_len) <= count - cursor
        {
            try body(header, datagram.extracting(cursor + 16..<cursor + Int(header.nlmsg_len)))
            cursor += (Int(header.nlmsg_len) + 3) & ~3
        }
        return true
    }

    /// Sends a request, passes on the answers, and returns after the last one.
    ///
    /// - Returns: False if the kernel's tables changed during a dump, so that entries may be missing or duplicate (NLM_F_DUMP_INTR).
    @discardableResult
    borrowing func exchange(
        _ request: borrowing Request, _ body: (_ type: Int, RawSpan) -> Void = { _, _ in }
    ) throws(Refusal) -> Bool {
        guard !request.isTruncated else { throw Refusal(code: EMSGSIZE, reason: "the request is longer than a page") }
        guard nl_send_auto(socket, request.message) >= 0 else { throw Refusal(code: errno) }
        let sequence = nlmsg_hdr(request.message).pointee.nlmsg_seq
        var isDone = false
        var isConsistent = true
        while !isDone {
            let received = try receive { (header, payload) throws(Refusal) in
                // An answer to an earlier request that timed out may still be in the queue.
                guard header.nlmsg_seq == sequence else { return }
                if header.nlmsg_flags & UInt16(NLM_F_DUMP_INTR) != 0 { isConsistent = false }
                switch Int32(header.nlmsg_type) {
                case NLMSG_ERROR:
                    isDone = true
                    if let refusal = Refusal(error: payload, flags: header.nlmsg_flags) { throw refusal }
                case NLMSG_DONE:
                    isDone = true
                    if let code = payload.load(as: Int32.self), code < 0 { throw Refusal(code: -code) }
                default:
                    body(Int(header.nlmsg_type), payload)
                }
            }
            if !received { throw Refusal(code: ETIMEDOUT) }
        }
        return isConsistent
    }
}

extension Refusal {
    /// An NLMSG_ERROR; nil if it is an acknowledgement.
    fileprivate init?(error payload: RawSpan, flags: UInt16) {
        guard let code = payload.load(as: Int32.self), code != 0 else { return nil }
        self.init(code: -code)
        // After the number comes the header of our request, and unless capped its body, before the attributes.
        let isCapped = flags & 0x100 != 0  // NLM_F_CAPPED
        let hasAttributes = flags & 0x200 != 0  // NLM_F_ACK_TLVS
        guard hasAttributes, let request = payload.load(at: 4, as: nlmsghdr.self) else { return }
        var reason: String?
        payload.forEachAttribute(from: 4 + (isCapped ? 16 : (Int(request.nlmsg_len) + 3) & ~3)) { type, value in
            if type == 1 { reason = value.text }  // NLMSGERR_ATTR_MSG
        }
        self.reason = reason
    }
}
