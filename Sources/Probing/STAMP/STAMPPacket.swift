/// A packet of the Simple Two-Way Active Measurement Protocol in unauthenticated mode (RFC 8762), with a session identifier (RFC 8972, section 3).
package enum STAMPPacket: Hashable, Sendable {
    /// From a session's sender.
    case request(STAMPRequest)
    /// From a session's reflector.
    case reply(STAMPReply)

    /// Octets of either without what follows it.
    package static let length = 44
    /// Octets of payload of the longest UDP datagram over IPv4.
    package static let longest = 65_507
    /// Octets of a TLV before its value: flags, type, length (RFC 8972, section 4).
    static let tlvHeader = 4
    /// “Extra Padding” (RFC 8972, section 4.1).
    static let extraPadding: UInt8 = 1
    /// U of a TLV's flags: a sender sets it, and a reflector that knows the type clears it.
    static let unrecognized: UInt8 = 0x80

    /// Reads a datagram. A reply is told from a request by the time at which the reflector received: a sender has zeros there.
    package init(_ bytes: borrowing RawSpan) throws(STAMPError) {
        guard bytes.byteCount >= Self.length else { throw .tooShort(bytes.byteCount) }
        guard bytes.byteCount <= Self.longest else { throw .tooLong(bytes.byteCount) }
        try Self.check(bytes)
        let identifier = UInt16(truncatingIfNeeded: bytes.number(at: 14, octets: 2))
        let (sequence, time) = (UInt32(truncatingIfNeeded: bytes.number(at: 0, octets: 4)), bytes.number(at: 4, octets: 8))
        let receivedAt = bytes.number(at: 16, octets: 8)
        guard receivedAt != 0 else {
            for place in 24..<Self.length where bytes.octet(at: place) != 0 { throw .notZero(at: place) }
            self = .request(
                STAMPRequest(
                    identifier: identifier, sequence: sequence, sentAt: STAMPTimestamp(bits: time),
                    padding: bytes.byteCount - Self.length))
            return
        }
        let answered = STAMPRequest(
            identifier: identifier, sequence: UInt32(truncatingIfNeeded: bytes.number(at: 24, octets: 4)),
            sentAt: STAMPTimestamp(bits: bytes.number(at: 28, octets: 8)), padding: bytes.byteCount - Self.length)
        self = .reply(
            STAMPReply(
                answered: answered, sequence: sequence, receivedAt: STAMPTimestamp(bits: receivedAt), sentAt: STAMPTimestamp(bits: time),
                hopLimit: bytes.octet(at: 40)))
    }

    /// What follows the packet is TLVs, whatever they are.
    private static func check(_ bytes: borrowing RawSpan) throws(STAMPError) {
        var place = length
        while place < bytes.byteCount {
            guard bytes.byteCount - place >= tlvHeader else { throw .malformedTLV(at: place) }
            let end = place + tlvHeader + Int(bytes.number(at: place + 2, octets: 2))
            guard end <= bytes.byteCount else { throw .malformedTLV(at: place) }
            place = end
        }
    }
}

/// What a sender sends.
package struct STAMPRequest: Hashable, Sendable {
    /// Of the session, chosen by the sender.
    package var identifier: UInt16
    /// From 0, one more with each packet of the session.
    package var sequence: UInt32
    package var sentAt: STAMPTimestamp
    /// Octets that follow the packet, a TLV's header included: 0, or 4 to 65,463.
    package var padding: Int

    package init(identifier: UInt16, sequence: UInt32, sentAt: STAMPTimestamp, padding: Int = 0) {
        self.identifier = identifier
        self.sequence = sequence
        self.sentAt = sentAt
        self.padding = padding == 0 ? 0 : min(max(padding, STAMPPacket.tlvHeader), STAMPPacket.longest - STAMPPacket.length)
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(STAMPPacket.length + padding)
        bytes.append(sequence, octets: 4)
        bytes.append(sentAt.bits, octets: 8)
        bytes.append(STAMPReply.errorEstimate, octets: 2)
        bytes.append(identifier, octets: 2)
        bytes.append(contentsOf: repeatElement(0, count: STAMPPacket.length - 16))
        bytes.pad(padding, flags: STAMPPacket.unrecognized)
        return bytes
    }
}

/// What a reflector answers: as long as what it answers.
package struct STAMPReply: Hashable, Sendable {
    package var answered: STAMPRequest
    /// The reflector's own count of the session's packets, from 0: what is missing in it was lost on the way to it.
    package var sequence: UInt32
    package var receivedAt: STAMPTimestamp
    package var sentAt: STAMPTimestamp
    /// Of the packet that is answered, as it came.
    package var hopLimit: UInt8

    package init(answered: STAMPRequest, sequence: UInt32, receivedAt: STAMPTimestamp, sentAt: STAMPTimestamp, hopLimit: UInt8) {
        self.answered = answered
        self.sequence = sequence
        self.receivedAt = receivedAt
        self.sentAt = sentAt
        self.hopLimit = hopLimit
    }

    /// Not known to be in step with another clock; 1 s (multiplier 1, scale 32). Only differences on one clock are used.
    static let errorEstimate: UInt16 = 32 << 8 | 1

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(STAMPPacket.length + answered.padding)
        bytes.append(sequence, octets: 4)
        bytes.append(sentAt.bits, octets: 8)
        bytes.append(Self.errorEstimate, octets: 2)
        bytes.append(answered.identifier, octets: 2)
        // Zero would make it a request.
        bytes.append(max(1, receivedAt.bits), octets: 8)
        bytes.append(answered.sequence, octets: 4)
        bytes.append(answered.sentAt.bits, octets: 8)
        bytes.append(Self.errorEstimate, octets: 2)
        bytes.append(contentsOf: [0, 0, hopLimit, 0, 0, 0])
        bytes.pad(answered.padding, flags: 0)
        return bytes
    }
}

extension RawSpan {
    /// A number in network byte order. The caller has checked that it is there.
    fileprivate func number(at place: Int, octets: Int) -> UInt64 {
        var number: UInt64 = 0
        for offset in place..<place + octets { number = number << 8 | UInt64(octet(at: offset)) }
        return number
    }

    fileprivate func octet(at place: Int) -> UInt8 { unsafeLoad(fromByteOffset: place, as: UInt8.self) }
}

extension [UInt8] {
    fileprivate mutating func append(_ number: some FixedWidthInteger & UnsignedInteger, octets: Int) {
        for octet in (0..<octets).reversed() { append(UInt8(truncatingIfNeeded: UInt64(number) >> (8 * octet))) }
    }

    /// - Parameter count: with the TLV's header.
    fileprivate mutating func pad(_ count: Int, flags: UInt8) {
        guard count >= STAMPPacket.tlvHeader else { return }
        append(flags)
        append(STAMPPacket.extraPadding)
        append(UInt16(count - STAMPPacket.tlvHeader), octets: 2)
        append(contentsOf: repeatElement(0, count: count - STAMPPacket.tlvHeader))
    }
}
