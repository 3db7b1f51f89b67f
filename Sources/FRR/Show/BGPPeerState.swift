import NetworkTypes

/// A neighbour's session: one value of `show bgp l2vpn evpn summary json`.
package struct BGPPeerState: Hashable, Sendable {
    /// As configured: an address, or an interface.
    package let name: String
    package var remoteASN: ASN?
    /// The session's state (RFC 4271, section 8), such as `Established` or `Active`.
    package var state: String
    /// Why it is not up, as far as bgpd says: `Policy`, `Admin`, `OK`.
    package var detail: String?
    /// Since it is up, or since it went down; in milliseconds.
    package var uptimeMilliseconds: Int64
    package var prefixesReceived: Int
    package var prefixesSent: Int
    package var connectionsDropped: Int
    package var description: String?

    package var address: IPAddress? { IPAddress(name) }
    package var isEstablished: Bool { state == "Established" }
}

/// `show bgp l2vpn evpn summary json`.
package struct BGPSummary: Hashable, Sendable {
    package var routerID: IPv4Address?
    package var asn: ASN?
    /// In the order of their names.
    package var peers: [BGPPeerState] = []

    package init() {}

    /// Reads the summary itself, or one wrapped by its address family as `show bgp summary json` does. Without any neighbour FRR prints
    /// an empty object.
    /// - Throws: `FRRDecodingError`.
    package static func decode(_ json: String) throws(FRRDecodingError) -> BGPSummary {
        var cursor = JSONCursor(json)
        var summary = BGPSummary()
        try cursor.enterObject()
        while let key = try cursor.nextKey() {
            if key.lowercased() == "l2vpnevpn" {
                guard try cursor.entersObject() else { continue }
                while let key = try cursor.nextKey() { try summary.read(key, &cursor) }
            } else {
                try summary.read(key, &cursor)
            }
        }
        try cursor.finish()
        summary.peers.sort { $0.name < $1.name }
        return summary
    }

    private mutating func read(_ key: String, _ cursor: inout JSONCursor) throws(FRRDecodingError) {
        switch key {
        case "routerId": routerID = try cursor.string().flatMap { IPv4Address($0) }
        case "as": asn = try cursor.string().flatMap { ASN($0) }
        case "peers":
            guard try cursor.entersObject() else { return }
            while let name = try cursor.nextKey() {
                guard try cursor.entersObject() else { continue }
                peers.append(try Self.decodePeer(name, &cursor))
            }
        default: try cursor.skip()
        }
    }

    private static func decodePeer(_ name: String, _ cursor: inout JSONCursor) throws(FRRDecodingError) -> BGPPeerState {
        var peer = BGPPeerState(
            name: name, state: "", uptimeMilliseconds: 0, prefixesReceived: 0, prefixesSent: 0, connectionsDropped: 0)
        func count(_ value: Int64?) -> Int { value.flatMap { Int(exactly: $0) } ?? 0 }
        while let key = try cursor.nextKey() {
            switch key {
            case "remoteAs": peer.remoteASN = try cursor.string().flatMap { ASN($0) }
            case "state": peer.state = try cursor.string() ?? ""
            case "peerState": peer.detail = try cursor.string()
            case "peerUptimeMsec": peer.uptimeMilliseconds = try cursor.integer() ?? 0
            case "pfxRcd": peer.prefixesReceived = count(try cursor.integer())
            case "pfxSnt": peer.prefixesSent = count(try cursor.integer())
            case "connectionsDropped": peer.connectionsDropped = count(try cursor.integer())
            case "desc": peer.description = try cursor.string()
            default: try cursor.skip()
            }
        }
        return peer
    }
}
