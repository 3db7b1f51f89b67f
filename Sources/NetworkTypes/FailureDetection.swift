/// How a session notices a peer that does not answer, before its hold time is over.
package enum FailureDetection: String, Hashable, Sendable, Codable, CaseIterable {
    /// Bidirectional Forwarding Detection over any number of hops (RFC 5880, 5883), with bfdd's own times: 3 packets 300 ms apart.
    case bfd
}

/// How a session knows its peer.
package enum SessionAuthentication: String, Hashable, Sendable, Codable, CaseIterable {
    /// A digest of each TCP segment with a password (RFC 2385).
    case md5
}
