import NetworkTypes

/// What the operator has in bgpd around our lines. Not part of a stanza's equality: it is not ours.
struct BGPSurroundings: Hashable, Sendable, Codable {
    /// There is a `router bgp AS`.
    var instanceExists = false
    /// It holds lines that are neither ours nor router id nor `no bgp default ipv4-unicast`.
    var isShared = false
    /// It has an explicit router id, whoever wrote it.
    var hasRouterID = false
    /// `bgp default ipv4-unicast` is on, FRR's default: groups are active in IPv4 unicast unless deactivated.
    var activatesIPv4Unicast = true
    /// The operator has EVPN sessions of his own: then `advertise-all-vni` is his too.
    var hasOwnEVPN = false
    /// Neighbours that are not in our groups.
    var neighbours: Set<IPAddress> = []
    /// Those with no line but `remote-as`, and its AS.
    var bareNeighbours: [IPAddress: ASN] = [:]
    /// Neighbours whose `remote-as` this process wrote.
    var claimed: Set<IPAddress> = []

    /// The operator has a neighbour at the peer's address. A bare `remote-as` may be his whole underlay session and counts as his, unless
    /// this process wrote it: `peer-group` may have been refused after `remote-as`.
    func isTaken(_ peer: EVPNNeighbour) -> Bool {
        guard neighbours.contains(peer.address) else { return false }
        return bareNeighbours[peer.address] != peer.asn || !claimed.contains(peer.address)
    }

    static func == (a: Self, b: Self) -> Bool { true }
    func hash(into hasher: inout Hasher) {}
}
