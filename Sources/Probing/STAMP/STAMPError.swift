/// Why a datagram is no packet of STAMP.
package enum STAMPError: Error, Hashable, Sendable {
    /// So many octets; 44 are the least.
    case tooShort(Int)
    /// So many octets; no UDP datagram over IPv4 is longer than 65,507.
    case tooLong(Int)
    /// What follows the packet is no sequence of TLVs: the one that begins at this octet does not fit.
    case malformedTLV(at: Int)
    /// A sender's packet has something where zeros must be.
    case notZero(at: Int)
}
