import NetworkTypes

/// What stands in bgpd around our own lines. No part of a stanza's equality: it is not ours.
struct BGPSurroundings: Hashable, Sendable, Codable {
    /// There is a `router bgp AS`.
    var instanceExists = false
    /// It holds lines that are neither ours nor router id nor `no bgp default ipv4-unicast`.
    var isShared = false
    /// It has an explicit router id, whoever wrote it.
    var hasRouterID = false
    /// `bgp default ipv4-unicast` is on, as FRR has it: groups are active in IPv4 unicast unless they are taken out.
    var activatesIPv4Unicast = true
    /// The operator speaks EVPN himself: then `advertise-all-vni` is his too.
    var hasOwnEVPN = false
    /// Neighbours that are not in our groups.
    var neighbours: Set<IPAddress> = []
    /// Those of them that have no line but `remote-as`, with its AS.
    var bareNeighbours: [IPAddress: ASN] = [:]
    /// Neighbours whose `remote-as` this process wrote itself.
    var claimed: Set<IPAddress> = []

    /// The operator has a neighbour at the peer's address. A bare `remote-as` may be his whole underlay session, so it is his too, unless
    /// it is what remains of us where `peer-group` was refused after `remote-as`.
    func isTaken(_ peer: EVPNNeighbour) -> Bool {
        guard neighbours.contains(peer.address) else { return false }
        return bareNeighbours[peer.address] != peer.asn || !claimed.contains(peer.address)
    }

    static func == (a: Self, b: Self) -> Bool { true }
    func hash(into hasher: inout Hasher) {}
}
